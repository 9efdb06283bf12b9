// Look at files before Streamlit's uploaders of pictures get them: too many at once, or a film, are answered by a
// sentence below the uploader. Streamlit draws its list again for every file, so thousands make the page stand still.

const ZONE = '[data-testid="stFileUploader"]';
const FILMS = /\.(mp4|m4v|mov|avi|mkv|webm|wmv|mpe?g|3gp)$/i;

const WAIT = 300; // milliseconds between two looks whether the sentence is still shown,
const LOOKS = 200; // and how many: Teach draws another uploader once pictures were added

const isForPictures = (zone) => zone.querySelector("input")?.accept.includes(".png");

let told = null; // the paragraph with the last sentence

function tell(zone, sentence) {
  told?.remove();
  told = null;
  if (!sentence) return;
  told = document.createElement("p");
  told.className = "upload-told";
  told.setAttribute("role", "alert");
  told.textContent = sentence;
  zone.append(told);
  stay(told, location.pathname, LOOKS);
}

function stay(paragraph, path, looks) {
  if (paragraph !== told || path !== location.pathname || !looks) return;
  if (!paragraph.isConnected) [...document.querySelectorAll(ZONE)].find(isForPictures)?.append(paragraph);
  setTimeout(() => stay(paragraph, path, looks - 1), WAIT);
}

// Return the files that Streamlit may have, and the sentence about the others.
function examined(files, { most, texts }) {
  const films = files.filter((file) => FILMS.test(file.name) || file.type.startsWith("video/"));
  const kept = files.filter((file) => !films.includes(file));
  if (kept.length > most) return [[], texts.many.replace("{count}", kept.length.toLocaleString())];
  return [kept, films.length ? texts.film.replace("{name}", () => films[0].name) : ""];
}

function carrying(files) {
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  return transfer;
}

// Listen in place of an earlier call; the page's own listeners hear the files that are left.
function guardUploads(limits) {
  const guard = (files, target, pass) => {
    const zone = target.closest?.(ZONE);
    if (!zone || !files.length || !isForPictures(zone)) return false;
    const [kept, sentence] = examined(files, limits);
    if (kept.length < files.length) pass(carrying(kept)); // before the sentence, which good files take away
    tell(zone, sentence);
    return kept.length < files.length;
  };
  const listeners = {
    change: (event) => {
      if (event.target.type !== "file") return;
      const again = (transfer) => {
        event.target.files = transfer.files;
        if (transfer.files.length) event.target.dispatchEvent(new Event("change", { bubbles: true }));
      };
      if (guard([...event.target.files], event.target, again)) event.stopImmediatePropagation();
    },
    drop: (event) => {
      const again = (dataTransfer) =>
        event.target.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer }));
      if (!guard([...(event.dataTransfer?.files ?? [])], event.target, again)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
  };
  window.uploadGuard?.abort();
  window.uploadGuard = new AbortController();
  for (const [name, listener] of Object.entries(listeners))
    document.addEventListener(name, listener, { capture: true, signal: window.uploadGuard.signal });
}
