// Pictures as points on a plane. Many are drawn as dots in the colour of their class, few as small pictures
// with a frame of that colour; from the eleventh class on, dots are squares and frames are dashed. The
// pointer or the arrow keys show a picture; a click or Enter chooses it.

const shown = new WeakMap(); // the state of each map; Streamlit calls the function below at every rerun
const MARGIN = 26; // pixels around the outermost points
const FEW = 150; // pictures that are drawn as pictures
const REACH = 24; // pixels from the pointer within which a picture is found
const LARGE = 112; // pixels of the picture that the pointer shows

function place(view, k) {
  const [x, y] = view.data.points[k];
  const { width, height } = view.box;
  return [MARGIN + ((x + 1) / 2) * (width - 2 * MARGIN), MARGIN + ((1 - y) / 2) * (height - 2 * MARGIN)];
}

function colour(view, k) {
  const { colours, labels } = view.data;
  return colours[labels[k] % colours.length];
}

function dot(painter, x, y, radius, square) {
  painter.beginPath();
  if (square) painter.rect(x - radius, y - radius, 2 * radius, 2 * radius);
  else painter.arc(x, y, radius, 0, 2 * Math.PI);
}

function small(painter, view, k, x, y, size) {
  const { columns, side } = view.data.sheet;
  const left = side * (k % columns);
  const top = side * Math.floor(k / columns);
  painter.drawImage(view.sheet, left, top, side, side, x - size / 2, y - size / 2, size, size);
}

function paint(view) {
  const { canvas } = view;
  const scale = window.devicePixelRatio || 1;
  view.box = { width: canvas.clientWidth, height: canvas.clientHeight };
  if (!view.box.width) return;
  canvas.width = Math.round(view.box.width * scale);
  canvas.height = Math.round(view.box.height * scale);
  const painter = canvas.getContext("2d");
  painter.setTransform(scale, 0, 0, scale, 0, 0);
  drawAll(painter, view);
}

function drawAll(painter, view) {
  const { data } = view;
  const asPictures = data.points.length <= FEW && view.sheet.complete && view.sheet.naturalWidth > 0;
  const size = Math.max(18, Math.min(34, view.box.width / 16));
  const many = data.colours.length;
  const draw = (k, larger) => {
    const [x, y] = place(view, k);
    const faded = view.only !== null && data.labels[k] !== view.only;
    painter.globalAlpha = faded ? 0.12 : 1;
    painter.fillStyle = colour(view, k);
    if (asPictures) {
      const frame = size + (larger ? 10 : 4);
      small(painter, view, k, x, y, frame - 4);
      painter.strokeStyle = colour(view, k);
      painter.lineWidth = 2.5;
      painter.setLineDash(data.labels[k] >= many ? [4, 3] : []);
      dot(painter, x, y, frame / 2 - 1, true);
      painter.stroke();
      painter.setLineDash([]);
    } else {
      dot(painter, x, y, larger ? 8 : 4.5, data.labels[k] >= many);
      painter.fill();
    }
    if (k === data.chosen || larger) {
      painter.lineWidth = 2.5;
      painter.strokeStyle = view.ink;
      dot(painter, x, y, (asPictures ? size + (larger ? 10 : 4) : larger ? 16 : 11) / 2 + 1.5, asPictures);
      painter.stroke();
    }
    painter.globalAlpha = 1;
  };
  data.points.forEach((_, k) => k === data.chosen || draw(k, false));
  if (data.chosen !== null) draw(data.chosen, false);
  if (view.at !== null) draw(view.at, true);
}

function nearest(view, x, y) {
  let best = null;
  let least = REACH;
  view.data.points.forEach((_, k) => {
    if (view.only !== null && view.data.labels[k] !== view.only) return;
    const [left, top] = place(view, k);
    const distance = Math.hypot(left - x, top - y);
    if (distance <= least) [best, least] = [k, distance];
  });
  return best;
}

function next(view, key) {
  // The nearest picture that lies rather in the direction of the arrow than beside it.
  const [x, y] = view.at === null ? [view.box.width / 2, view.box.height / 2] : place(view, view.at);
  const [dx, dy] = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[key];
  let best = view.at ?? 0;
  let least = Infinity;
  view.data.points.forEach((_, k) => {
    if (k === view.at || (view.only !== null && view.data.labels[k] !== view.only)) return;
    const [left, top] = place(view, k);
    const along = (left - x) * dx + (top - y) * dy;
    const across = Math.abs((left - x) * dy) + Math.abs((top - y) * dx);
    if (along > 0.5 && across <= 2 * along && along + 2 * across < least) [best, least] = [k, along + 2 * across];
  });
  return best;
}

function point(view, k) {
  view.at = k;
  paint(view);
  const { card, data } = view;
  card.hidden = k === null;
  if (k === null) return;
  const { columns, side, url } = data.sheet;
  const enlarged = LARGE / side;
  const picture = card.querySelector(".picture");
  picture.style.backgroundImage = `url("${url}")`;
  picture.style.backgroundSize = `${columns * LARGE}px auto`;
  picture.style.backgroundPosition = `-${(k % columns) * side * enlarged}px -${Math.floor(k / columns) * side * enlarged}px`;
  picture.style.borderColor = colour(view, k);
  card.querySelector(".class").textContent = data.names[data.labels[k]];
  card.querySelector(".file").textContent = data.files[k];
  const [x, y] = place(view, k);
  const box = card.getBoundingClientRect();
  const { width, height } = view.box;
  card.style.left = `${Math.max(0, Math.min(width - box.width, x + (x > width / 2 ? -box.width - 22 : 22)))}px`;
  card.style.top = `${Math.max(0, Math.min(height - box.height, y - box.height / 2))}px`;
}

function legend(view) {
  const { data, bar } = view;
  bar.replaceChildren();
  data.names.forEach((name, label) => {
    const button = document.createElement("button");
    const mark = document.createElement("i");
    mark.style.color = data.colours[label % data.colours.length];
    const again = label >= data.colours.length; // the colours are used a second time
    mark.className = data.points.length <= FEW ? (again ? "dashed" : "square") : again ? "square" : "";
    button.append(mark, document.createTextNode(name));
    button.title = data.texts.only;
    button.setAttribute("aria-pressed", view.only === label);
    button.onclick = () => {
      view.only = view.only === label ? null : label;
      point(view, null);
      legend(view);
    };
    bar.append(button);
  });
}

function create(parent, canvas) {
  const view = { canvas, at: null, only: null, box: { width: 0, height: 0 }, sheet: new Image() };
  view.card = parent.querySelector(".card");
  view.bar = parent.querySelector(".legend");
  const choose = () => view.at !== null && view.send(view.at);
  canvas.onpointermove = (event) => point(view, nearest(view, event.offsetX, event.offsetY));
  canvas.onpointerleave = () => point(view, null);
  canvas.onclick = (event) => {
    point(view, nearest(view, event.offsetX, event.offsetY));
    choose();
  };
  canvas.onblur = () => point(view, null);
  canvas.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.startsWith("Arrow")) point(view, next(view, event.key));
    else if (event.key === "Enter" || event.key === " ") choose();
    else return;
    event.preventDefault();
  };
  view.sheet.onload = () => paint(view);
  new ResizeObserver(() => paint(view)).observe(canvas);
  return view;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const canvas = parentElement.querySelector("canvas");
  const view = shown.get(canvas) ?? create(parentElement, canvas);
  shown.set(canvas, view);
  view.data = data;
  view.ink = getComputedStyle(canvas).color;
  view.send = (picture) => setTriggerValue("chosen", { picture, at: Date.now() });
  if (view.at !== null && view.at >= data.points.length) view.at = null;
  if (view.only !== null && view.only >= data.names.length) view.only = null;
  if (view.sheet.src !== data.sheet.url) view.sheet.src = data.sheet.url;
  canvas.setAttribute("aria-label", data.alt);
  legend(view);
  paint(view);
  offerSaving(parentElement.querySelector(".saving"), data.saving, () => {
    const background = getComputedStyle(canvas).backgroundColor;
    return { ...view.box, background, draw: (painter) => drawAll(painter, view) };
  });
}
