// Asks for the next frame when this one has been shown, so that a slow browser is never sent more than it can draw.

const LOST = 5000; // milliseconds after which what was asked for has been lost, as by a broken connection
const waiting = new WeakMap(); // the timer of each place; Streamlit calls the function below at every rerun

export default function ({ data, parentElement, setTriggerValue }) {
  const wait = (milliseconds) => {
    clearTimeout(waiting.get(parentElement));
    waiting.set(parentElement, setTimeout(ask, milliseconds));
  };
  const ask = () => {
    if (!parentElement.isConnected) return;
    setTriggerValue("shown", data.frame);
    wait(LOST);
  };
  wait(data.milliseconds);
  return () => clearTimeout(waiting.get(parentElement));
}
