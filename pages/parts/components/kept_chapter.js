// Keep the chapter of the tour that is open. At first, report the one of the last visit.

const NAME = "deep-image-lab chapter";
let asked = false;
let shown = null;

// Begin another chapter at its top: its button may have been at the end of the one before.
function scrollUp(open) {
  if (shown !== null && shown !== open) document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
  shown = open;
}

export default function ({ data: [data], setStateValue }) {
  scrollUp(data.open);
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
