// Keep the chapter of the tour that is open. At first, report the one of the last visit.

const NAME = "deep-image-lab chapter";
let asked = false;

export default function ({ data: [data], setStateValue }) {
  let last = null;
  try {
    last = localStorage.getItem(NAME);
    if (asked || new URL(location.href).searchParams.has("chapter")) localStorage.setItem(NAME, data.open);
  } catch {
    return; // the browser keeps nothing for this page
  }
  const first = !asked;
  asked = true;
  if (first && last && last !== data.open && !new URL(location.href).searchParams.has("chapter"))
    setStateValue("last", last);
}
