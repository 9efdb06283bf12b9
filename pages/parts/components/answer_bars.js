// Bars of probabilities. The elements stay from one answer to the next, so that the bars move.

export default function ({ data: [data], parentElement }) {
  const place = parentElement.querySelector(".bars");
  const { bars, pale } = data;
  while (place.children.length > 3 * bars.length) place.lastChild.remove();
  while (place.children.length < 3 * bars.length) {
    const [name, track, share] = ["name", "track", "share"].map((kind) => {
      const made = document.createElement("div");
      made.className = kind;
      return made;
    });
    const bar = document.createElement("div");
    bar.className = "bar";
    track.append(bar);
    place.append(name, track, share);
  }
  bars.forEach(({ name, share, text, best }, k) => {
    const [title, track, words] = [0, 1, 2].map((part) => place.children[3 * k + part]);
    title.textContent = title.title = name;
    title.classList.toggle("best", best && !pale);
    track.firstChild.style.width = `${100 * share}%`;
    words.textContent = text;
  });
  place.classList.toggle("pale", pale);
  place.setAttribute("aria-label", bars.map(({ name, text }) => `${name} ${text}`).join(", "));
}
