// Asks for the next frame when this one has been shown, so that a slow browser is never sent more than it can draw.

const LOST = 5000; // milliseconds after which what was asked for has been lost, as by a broken connection
const places = new WeakMap(); // the timer and last question of each; Streamlit calls the function below at every rerun

export default function ({ data, parentElement, setTriggerValue }) {
  const place = places.get(parentElement) ?? {};
  places.set(parentElement, place);
  const wait = (milliseconds) => {
    clearTimeout(place.timer);
    place.timer = setTimeout(ask, milliseconds);
  };
  const ask = () => {
    if (!parentElement.isConnected) return;
    place.asked = performance.now();
    setTriggerValue("shown", data.frame);
    wait(LOST);
  };
  const took = place.asked ? performance.now() - place.asked : 0;
  place.asked = undefined; // this is the answer, or what another click brought
  wait(Math.max(data.milliseconds - took, took / 3)); // a third: time for clicks, however slow the browser
  return () => clearTimeout(place.timer);
}
