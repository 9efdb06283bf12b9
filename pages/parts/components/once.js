// Press a button or scroll to an element, once for each id.

const done = new Set();
const PATIENCE = 3000; // milliseconds in which the element must appear

const ACTIONS = {
  press: (element) => element.querySelector("button")?.click(),
  scroll: (element) => {
    const { top } = element.getBoundingClientRect();
    element.style.scrollMarginTop = "4.5rem"; // below the header
    if (top < 0 || top > 0.6 * innerHeight) element.scrollIntoView({ block: "start" });
  },
};

export default function ({ data: [{ id, action, key }] }) {
  if (done.has(id)) return;
  done.add(id);
  const began = performance.now();
  const attempt = () => {
    const element = document.querySelector(`.${key}`);
    if (element) ACTIONS[action](element);
    else if (performance.now() - began < PATIENCE) requestAnimationFrame(attempt);
  };
  requestAnimationFrame(attempt);
}
