// Press a button or scroll to an element, once for each id.

const done = new Set();
const PATIENCE = 10_000; // milliseconds in which the element must appear; Streamlit loads the code of some first

const ACTIONS = {
  press: { within: "button", act: (button) => button.click() },
  scroll: { within: "", act: bringIntoView },
  "scroll on phones": { within: "", act: (element) => matchMedia("(max-width: 640px)").matches && bringIntoView(element) },
};

function bringIntoView(element) {
  const { top } = element.getBoundingClientRect();
  element.style.scrollMarginTop = "4.5rem"; // below the header
  if (top < 0 || top > 0.6 * innerHeight) element.scrollIntoView({ block: "start" });
}

export default function ({ data: [{ id, action, key }] }) {
  if (done.has(id)) return;
  done.add(id);
  const { within, act } = ACTIONS[action];
  const began = performance.now();
  const attempt = () => {
    const element = document.querySelector(`.${key} ${within}`);
    if (element) act(element);
    else if (performance.now() - began < PATIENCE) setTimeout(attempt, 50);
  };
  setTimeout(attempt);
}
