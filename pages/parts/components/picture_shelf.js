// Thumbnails that can be selected; what was selected is then moved to another class or removed.

const selections = new WeakMap(); // ids of the selected pictures of each element; Streamlit calls the function below at every rerun

export default function ({ data: [data], parentElement, setTriggerValue }) {
  const { pictures, others, editable, texts } = data;
  const grid = parentElement.querySelector(".pictures");
  const tools = parentElement.querySelector(".tools");
  const known = new Set(pictures.map((picture) => picture.id));
  const selected = new Set([...(selections.get(parentElement) ?? [])].filter((id) => known.has(id)));
  selections.set(parentElement, selected);

  const button = (label, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = label;
    made.onclick = act;
    return made;
  };
  const send = (to) => {
    const ids = [...selected];
    selected.clear();
    showTools();
    setTriggerValue("act", { pictures: ids, to });
  };
  const showTools = () => {
    for (const place of grid.children) place.setAttribute("aria-pressed", selected.has(place.dataset.id));
    const words = document.createElement("span");
    words.setAttribute("role", "status");
    words.textContent = selected.size ? texts.selected.replace("{count}", selected.size) : editable ? texts.hint : texts.count;
    tools.replaceChildren(words);
    if (!selected.size) return;
    if (others.length) {
      const choice = document.createElement("select");
      choice.setAttribute("aria-label", texts.move);
      choice.append(new Option(texts.move, ""), ...others.map(([number, name]) => new Option(name, number)));
      choice.onchange = () => send(Number(choice.value));
      tools.append(choice);
    }
    tools.append(
      button(texts.remove, () => send(null)),
      button(texts.cancel, () => {
        selected.clear();
        showTools();
      }),
    );
  };

  const before = new Map([...grid.children].map((place) => [place.dataset.id, place]));
  const places = pictures.map(({ id, url, name, mark, mild }) => {
    let place = before.get(id);
    if (!place || (place.tagName === "BUTTON") !== editable) {
      place = document.createElement(editable ? "button" : "div");
      place.className = "picture";
      place.dataset.id = id;
      const image = document.createElement("img");
      image.src = url;
      place.append(image);
    }
    place.querySelector("img").alt = name;
    place.title = mark ? `${name}: ${mark}` : name;
    place.querySelector(".mark")?.remove();
    if (mark) {
      const sign = document.createElement("span");
      sign.className = mild ? "mark mild" : "mark";
      sign.textContent = mild ? "≈" : "!";
      place.append(sign);
    }
    if (editable) {
      place.type = "button";
      place.onclick = () => {
        if (!selected.delete(id)) selected.add(id);
        showTools();
      };
    }
    return place;
  });
  grid.replaceChildren(...places);
  showTools();
}
