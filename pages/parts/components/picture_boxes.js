// A picture with a box around each glyph that was found in it. A box is a button: a click, a tap or Enter chooses
// its glyph, the arrow keys go from box to box. Colour, line and corners of a box say how reliable its answer is.
// Marks that were left out are buttons too; a click brings one back.

const SMALL = 100; // pixels: a picture this narrow is enlarged without blurring
const TAG = { share: 0.34, least: 9, most: 19, room: 1.5 }; // size of an answer: share of its box's height; pixels
const SHORT_TAG = 11; // pixels of an answer below which its number is left out

const watched = new WeakMap(); // the observer of each frame; Streamlit calls the function below at every rerun

function placed(element, [left, top, right, bottom], [width, height]) {
  element.style.left = `${(100 * left) / width}%`;
  element.style.top = `${(100 * top) / height}%`;
  element.style.width = `${(100 * (right - left)) / width}%`;
  element.style.height = `${(100 * (bottom - top)) / height}%`;
  const share = ((right - left) * (bottom - top)) / (width * height);
  element.style.zIndex = Math.max(1, Math.round(1000 * (1 - share))); // a small box lies on a large one
}

function filled(button, box, size, chosen) {
  placed(button, box.edges, size);
  button.className = `box ${box.doubt}`;
  button.title = box.title;
  button.setAttribute("aria-label", box.title);
  if (chosen === null) button.removeAttribute("aria-pressed");
  else button.setAttribute("aria-pressed", chosen);
  const [answer, number] = button.firstElementChild.children;
  answer.textContent = box.text;
  number.textContent = box.number;
}

function button() {
  const made = document.createElement("button");
  made.type = "button";
  const tag = document.createElement("span");
  tag.className = "tag";
  tag.append(document.createElement("b"), document.createElement("small"));
  made.append(tag);
  return made;
}

function fitTags(frame) {
  const heights = [...frame.querySelectorAll(".box")].map((box) => [box, box.clientHeight, box.offsetTop]);
  for (const [box, height, top] of heights) {
    const size = Math.max(TAG.least, Math.min(TAG.most, TAG.share * height));
    box.style.setProperty("--tag", `${size}px`);
    box.classList.toggle("short", size < SHORT_TAG);
    box.classList.toggle("inside", top < TAG.room * size);
  }
}

function next(boxes, from, key) {
  const at = boxes.indexOf(from);
  if (key === "Home") return boxes[0];
  if (key === "End") return boxes.at(-1);
  return boxes[at + (key === "ArrowLeft" || key === "ArrowUp" ? -1 : 1)];
}

export default function ({ data: [data], parentElement, setTriggerValue }) {
  const frame = parentElement.querySelector(".frame");
  const picture = frame.querySelector("img");
  const [width, height] = data.size;
  frame.style.setProperty("--ratio", width / height);
  frame.classList.toggle("coarse", width < SMALL);
  frame.classList.toggle("wide", data.wide);
  frame.setAttribute("aria-label", data.alt);
  if (picture.getAttribute("src") !== data.url) picture.src = data.url;

  const shown = [...data.boxes, ...data.marks];
  const old = [...frame.querySelectorAll("button")];
  for (const spare of old.slice(shown.length)) spare.remove();
  const boxes = shown.map((box, i) => {
    const made = old[i] ?? frame.appendChild(button());
    const isGlyph = i < data.boxes.length;
    filled(made, box, data.size, isGlyph ? i === data.chosen : null);
    made.tabIndex = i === (data.chosen ?? 0) ? 0 : -1;
    made.onclick = () => {
      if (isGlyph) setTriggerValue("chosen", { glyph: i, at: Date.now() });
      else setTriggerValue("brought", { mark: i - data.boxes.length, at: Date.now() });
    };
    return made;
  });
  frame.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!event.key.startsWith("Arrow") && event.key !== "Home" && event.key !== "End") return;
    next(boxes, event.target, event.key)?.focus();
    event.preventDefault();
  };
  fitTags(frame);
  if (!watched.has(frame)) {
    watched.set(frame, new ResizeObserver(() => fitTags(frame)));
    watched.get(frame).observe(frame);
  }
}
