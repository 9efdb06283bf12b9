// Bars of probabilities. The elements stay from one answer to the next, so that the bars move.

const ROW = 26; // pixels of a row, in what is saved
const SHARE = 66; // of a percentage there
const LETTER = 9; // of a letter of a name, about; a Chinese one takes two

// Return what is shown, to be drawn with a painter.
function picture(place, { bars, pale }) {
  const { background, track, write } = pageStyle(place);
  const names = Math.max(...bars.map(({ name }) => name.replace(/[^\x00-\xff]/g, "  ").length)) * LETTER + 8;
  const width = Math.max(names + SHARE + 120, Math.round(place.clientWidth));
  const whole = width - names - SHARE - 8;
  const draw = (painter) =>
    bars.forEach(({ name, share, text, best }, row) => {
      const y = ROW * row;
      write(painter, name, 8, y + 18, best && !pale ? "600 15px" : "15px");
      painter.fillStyle = track;
      painter.fillRect(names, y + 4, whole, ROW - 8);
      painter.fillStyle = getComputedStyle(place.querySelector(".bar")).backgroundColor;
      painter.globalAlpha = best && !pale ? 1 : 0.45;
      painter.fillRect(names, y + 4, whole * share, ROW - 8);
      painter.globalAlpha = 1;
      write(painter, text, width - 8, y + 18, "15px", "end");
    });
  return { width, height: ROW * bars.length, background, draw };
}

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
  offerSaving(parentElement.querySelector(".saving"), data.saving, () => picture(place, data));
}
