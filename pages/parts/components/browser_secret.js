// Report the secrets that this browser keeps for the app. They tell the server that a visitor has come back, also
// in a frame of another site, where there are no cookies.

const NAME = "deep-image-lab visitor";
const FORM = /^[0-9a-f]{32}( [0-9a-f]{32})*$/;
const MOST = 8; // secrets; the server accepts no more

function fresh() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Return the secrets, the first of which is the visitor's own. If there are none, keep the one that is offered, by
// which the server already knows this visitor. Add it to the others if something was started under it.
function secrets({ offered, started }) {
  const before = localStorage.getItem(NAME) ?? "";
  const kept = FORM.test(before) ? before.split(" ").slice(0, MOST) : [offered || fresh()];
  if (started && !kept.includes(offered)) kept.splice(1, kept.length < MOST ? 0 : 1, offered);
  const after = kept.join(" ");
  if (after !== before) localStorage.setItem(NAME, after);
  return after;
}

export default function ({ data, setStateValue }) {
  let kept;
  try {
    kept = secrets(data);
  } catch {
    kept = "refused"; // the browser keeps nothing for this page
  }
  if (kept !== data.known) setStateValue("secrets", kept);
}
