// Ask for the next frame once this one is shown, so that a slow browser never gets more frames than it can draw.

const LOST = 5000; // milliseconds after which a request counts as lost, for example when the connection broke
const places = new WeakMap(); // timer and last request of each; Streamlit calls the function below at every rerun

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
  place.asked = undefined; // this call is the answer, or the result of a click
  wait(Math.max(data.milliseconds - took, took / 3)); // at least a third, which leaves time for clicks
  return () => clearTimeout(place.timer);
}
