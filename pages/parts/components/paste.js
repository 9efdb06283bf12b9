// Paste pictures: by a button where the browser lets pages read the clipboard, and by the paste event everywhere.
// Pictures larger than the app needs are reduced here, so that less has to be uploaded.

const PIXELS = 4_000_000;
const listeners = new WeakMap(); // one for each element; Streamlit calls the function below at every rerun

function asUrl(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

async function reduced(blob) {
  let picture;
  try {
    picture = await createImageBitmap(blob);
  } catch {
    return blob; // not a picture that the browser knows; the app explains what is wrong with it
  }
  const scale = Math.sqrt(PIXELS / (picture.width * picture.height));
  if (scale >= 1) return blob;
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob((small) => resolve(small ?? blob), "image/png"));
}

export default function ({ data: [data], parentElement, setTriggerValue }) {
  const { texts } = data;
  const button = parentElement.querySelector("button");
  button.textContent = texts.paste;
  parentElement.querySelector("p").textContent = texts.keys;
  const status = parentElement.querySelector('[role="status"]');
  const send = async (blob) => {
    status.textContent = texts.reading;
    setTriggerValue("picture", await asUrl(await reduced(blob)));
    status.textContent = texts.pasted;
  };
  const nothing = () => {
    status.textContent = texts.empty;
  };

  button.onclick = async () => {
    try {
      const items = await navigator.clipboard.read();
      for (const item of items) {
        const type = item.types.find((name) => name.startsWith("image/"));
        if (type) return await send(await item.getType(type));
      }
      nothing();
    } catch {
      status.textContent = texts.blocked;
    }
  };
  const pasted = (event) => {
    const file = [...(event.clipboardData?.files ?? [])][0];
    if (file) {
      event.preventDefault();
      send(file);
    } else if (!event.target?.closest?.("input, textarea")) {
      nothing();
    }
  };
  const before = listeners.get(parentElement);
  if (before) document.removeEventListener("paste", before);
  document.addEventListener("paste", pasted);
  listeners.set(parentElement, pasted);
  return () => document.removeEventListener("paste", pasted);
}
