// Bars of several networks' probabilities. The elements stay from one answer to the next, so that the bars move.

function made(kind, tag = "div") {
  const element = document.createElement(tag);
  element.className = kind;
  return element;
}

// Lay out a row of titles and a row for each class; each network has a bar and a percentage.
function layOut(place, classes, networks) {
  place.style.gridTemplateColumns = `auto ${"1fr auto ".repeat(networks)}`;
  place.replaceChildren(made("corner"));
  for (let k = 0; k < networks; k++) {
    const title = made("title");
    title.style.gridColumn = "span 2";
    title.append(made("network", "span"), made("answer", "b"));
    place.append(title);
  }
  for (let row = 0; row < classes; row++) {
    place.append(made("class"));
    for (let k = 0; k < networks; k++) {
      const track = made("track");
      track.append(made("bar"));
      place.append(track, made("share"));
    }
  }
}

const NAMES = 40; // pixels of the names of the classes, in what is saved
const ROW = 22; // pixels of a row there
const TOP = 64; // of the titles
const SHARE = 66; // of a percentage

// Return what is shown, to be drawn with a painter.
function picture(place, { classes, networks }) {
  const { background, track, write } = pageStyle(place);
  const width = Math.max(320, Math.round(place.clientWidth));
  const column = (width - NAMES) / networks.length;
  const draw = (painter) => {
    classes.forEach((name, row) => write(painter, name, NAMES - 8, TOP + ROW * row + 15, "600 14px", "end"));
    networks.forEach(({ title, answer, colour, bars }, k) => {
      const left = NAMES + k * column;
      const whole = column - SHARE - 8;
      write(painter, title, left, 20, "14px");
      write(painter, answer, left, 54, "700 30px");
      bars.forEach(({ share, text, best }, row) => {
        const y = TOP + ROW * row;
        painter.fillStyle = track;
        painter.fillRect(left, y + 2, whole, ROW - 4);
        painter.fillStyle = colour;
        painter.globalAlpha = best ? 1 : 0.5;
        painter.fillRect(left, y + 2, whole * share, ROW - 4);
        painter.globalAlpha = 1;
        write(painter, text, left + whole + SHARE, y + 15, "14px", "end");
      });
    });
  };
  return { width, height: TOP + ROW * classes.length + 8, background, draw };
}

export default function ({ data: [data], parentElement }) {
  const place = parentElement.querySelector(".networks");
  const { classes, networks } = data;
  const size = `${classes.length} ${networks.length}`;
  if (place.dataset.size !== size) layOut(place, classes.length, networks.length);
  place.dataset.size = size;
  const all = (kind) => [...place.querySelectorAll(`.${kind}`)];
  all("class").forEach((element, row) => (element.textContent = classes[row]));
  networks.forEach(({ title, answer, colour, bars }, k) => {
    const mine = (kind) => all(kind).filter((_, index) => index % networks.length === k);
    all("network")[k].textContent = title;
    all("answer")[k].textContent = answer;
    mine("track").forEach((track, row) => {
      track.classList.toggle("best", bars[row].best);
      track.firstChild.style.width = `${100 * bars[row].share}%`;
      track.firstChild.style.background = colour;
    });
    mine("share").forEach((share, row) => (share.textContent = bars[row].text));
  });
  const spoken = networks.map(({ title, answer, bars }) => {
    const best = bars.find((bar) => bar.best);
    return `${title}: ${answer} (${best.text})`;
  });
  place.setAttribute("aria-label", spoken.join(", "));
  offerSaving(parentElement.querySelector(".saving"), data.saving, () => picture(place, data));
}
