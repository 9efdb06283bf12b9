// Catch pictures that are pasted or dropped anywhere on the page, and hand them to Streamlit's uploader, so that they
// are treated like any upload. Two buttons do the same: one reads the clipboard, one opens the photographs of a phone.

const UPLOADER = '[class*="st-key-pictures"] input[type="file"]';
const WAIT = 100; // milliseconds between two looks for the uploader,
const LOOKS = 100; // and how many, while the page switches to it

let waiting = []; // files that no uploader has got yet
let current = null; // what listens on the page; Streamlit calls the function below at every rerun

function handOver(looks = LOOKS) {
  const uploader = document.querySelector(UPLOADER);
  if (!waiting.length || !looks) return;
  if (!uploader || uploader.disabled) {
    setTimeout(() => handOver(looks - 1), WAIT);
    return;
  }
  const files = new DataTransfer();
  for (const file of uploader.multiple ? waiting : waiting.slice(-1)) files.items.add(file);
  waiting = [];
  uploader.files = files.files;
  uploader.dispatchEvent(new Event("input", { bubbles: true }));
  uploader.dispatchEvent(new Event("change", { bubbles: true }));
}

function named(file) {
  return file.name && file.name !== "image.png" ? file : new File([file], "pasted.png", { type: file.type });
}

function listen(view) {
  let entered = 0; // elements that the pointer is over while it drags
  const isOurs = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files") && !event.target?.closest?.('[class*="st-key-pictures"]');
  const show = (on) => {
    view.veil.hidden = !on;
  };
  const on = {
    paste: (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length) {
        event.preventDefault();
        view.take(files.map(named));
      } else if (!event.target?.closest?.("input, textarea, [contenteditable]")) view.say(view.texts.empty);
    },
    dragenter: (event) => {
      entered += 1;
      if (isOurs(event)) show(true);
    },
    dragleave: () => {
      entered -= 1;
      if (entered <= 0) show(false);
    },
    dragover: (event) => {
      if (isOurs(event)) event.preventDefault();
    },
    drop: (event) => {
      entered = 0;
      show(false);
      if (!isOurs(event)) return;
      event.preventDefault();
      view.take([...event.dataTransfer.files]);
    },
  };
  for (const [name, act] of Object.entries(on)) document.addEventListener(name, act);
  return () => {
    for (const [name, act] of Object.entries(on)) document.removeEventListener(name, act);
  };
}

export default function ({ data: [data], parentElement, setTriggerValue }) {
  const { texts, buttons } = data;
  const [paste, photographs] = parentElement.querySelectorAll("button");
  const chooser = parentElement.querySelector("input");
  const status = parentElement.querySelector('[role="status"]');
  parentElement.querySelector(".tools").hidden = !buttons;
  parentElement.querySelector(".veil").textContent = texts.drop;
  parentElement.querySelector(".hint").textContent = texts.anywhere;
  paste.textContent = texts.paste;
  photographs.textContent = texts.photographs;

  current?.stop();
  const view = {
    texts,
    veil: parentElement.querySelector(".veil"),
    say: (words) => {
      status.textContent = words;
    },
    take: (files) => {
      view.say("");
      waiting = [...waiting, ...files];
      if (!document.querySelector(UPLOADER)) setTriggerValue("wanted", Date.now());
      handOver();
    },
  };
  view.stop = listen(view);
  current = view;

  paste.onclick = async () => {
    try {
      for (const item of await navigator.clipboard.read()) {
        const type = item.types.find((name) => name.startsWith("image/"));
        if (type) return view.take([new File([await item.getType(type)], "pasted.png", { type })]);
      }
      view.say(texts.empty);
    } catch {
      view.say(texts.blocked);
    }
  };
  photographs.onclick = () => chooser.click();
  chooser.onchange = () => {
    view.take([...chooser.files]);
    chooser.value = "";
  };
  return () => {
    view.stop();
    if (current === view) current = null;
  };
}
