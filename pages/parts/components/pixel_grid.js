// Small pictures made of cells: a click, a touch or an arrow key chooses a cell and sends it to Python.
// Outlines are drawn over the picture in units of cells. The outline moves at once, before Python has answered.

const SVG = "http://www.w3.org/2000/svg";
const shown = new WeakMap(); // the panels of each element; Streamlit calls the function below at every rerun

function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function outline(svg, kind, top, left, bottom, right) {
  for (const layer of ["halo", kind]) {
    const rect = document.createElementNS(SVG, "rect");
    rect.setAttribute("class", layer);
    for (const [name, value] of Object.entries({ x: left, y: top, width: right - left, height: bottom - top }))
      rect.setAttribute(name, value);
    svg.append(rect);
  }
}

function paint(panel) {
  const { data, svg, frame, cell } = panel;
  svg.replaceChildren();
  for (const { kind, top, left, bottom, right } of data.boxes) outline(svg, kind, top, left, bottom, right);
  if (cell?.[0] >= 0) outline(svg, "cell", cell[0], cell[1], cell[0] + 1, cell[1] + 1);
  const text = data.tiles ? panel.texts.keys : cell?.[0] >= 0 ? panel.texts.cell : "{alt}";
  const values = { alt: data.alt, row: cell?.[0] + 1, column: cell?.[1] + 1 };
  frame.setAttribute("aria-label", text.replace(/\{(\w+)\}/g, (_, name) => values[name]));
}

function create(id, send) {
  const panel = { figure: element("figure", "panel"), cell: null, picks: 0 };
  const frame = (panel.frame = element("div", "frame"));
  const picture = (panel.picture = element("img", "picture"));
  panel.title = element("div", "title");
  panel.note = element("figcaption", "note");
  panel.svg = document.createElementNS(SVG, "svg");
  panel.svg.setAttribute("preserveAspectRatio", "none");
  frame.append(picture, panel.svg);
  panel.figure.append(panel.title, frame, panel.note);

  const choose = (row, column) => {
    const { rows, columns, count } = panel.data;
    if (row < 0 || column < 0 || row >= rows || column >= columns) return;
    if (row * columns + column >= count) return; // the last row of a mosaic may not be full
    if (panel.cell[0] === row && panel.cell[1] === column) return;
    panel.cell = [row, column];
    paint(panel);
    panel.picks += 1;
    send({ panel: id, row, column, pick: panel.picks, narrow: window.matchMedia("(max-width: 640px)").matches });
  };
  frame.onclick = (event) => {
    if (!panel.cell) return;
    const box = frame.getBoundingClientRect();
    const row = Math.floor(((event.clientY - box.top) / box.height) * panel.data.rows);
    choose(row, Math.floor(((event.clientX - box.left) / box.width) * panel.data.columns));
  };
  frame.onkeydown = (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step || !panel.cell || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const [row, column] = panel.cell; // both -1 while nothing is chosen
    if (row < 0) choose(0, 0);
    else choose(row + step[0], column + step[1]);
  };
  return panel;
}

function update(panel, data) {
  const { figure, frame, picture, svg } = panel;
  panel.data = data;
  // An answer to an earlier click must not undo a later choice.
  if (data.pick === null || data.pick >= panel.picks) [panel.cell, panel.picks] = [data.cell, data.pick ?? panel.picks];
  figure.style.width = `${data.width}px`;
  figure.classList.toggle("choice", Boolean(data.cell));
  panel.title.textContent = data.title;
  panel.note.textContent = data.note;
  if (picture.src !== data.image) picture.src = data.image;
  picture.alt = data.alt;
  frame.style.aspectRatio = `${data.ratio}`;
  frame.tabIndex = data.cell ? 0 : -1;
  frame.setAttribute("role", data.cell ? "application" : "img");
  svg.setAttribute("viewBox", `0 0 ${data.columns} ${data.rows}`);
  paint(panel);
}

export default function ({ data: [data], parentElement, setTriggerValue }) {
  const place = parentElement.querySelector(".panels");
  place.classList.toggle("strip", data.strip);
  const panels = shown.get(place) ?? new Map();
  shown.set(place, panels);
  for (const entry of data.panels) {
    if (!panels.has(entry.id)) panels.set(entry.id, create(entry.id, (pick) => panels.send(pick)));
    panels.get(entry.id).texts = data.texts;
    update(panels.get(entry.id), entry);
  }
  panels.send = (pick) => setTriggerValue("pick", pick);
  const figures = data.panels.map(({ id }) => panels.get(id).figure);
  if (figures.length !== place.children.length || figures.some((figure, i) => figure !== place.children[i]))
    place.replaceChildren(...figures); // only if needed, because elements that move lose the keyboard focus
  const chosen = data.panels.find(({ cell }) => cell?.[0] >= 0)?.id;
  if (data.strip && chosen !== panels.chosen) {
    const { offsetLeft, offsetWidth } = panels.get(chosen).figure;
    const [left, right] = [offsetLeft - place.offsetLeft, offsetLeft - place.offsetLeft + offsetWidth];
    if (left < place.scrollLeft || right > place.scrollLeft + place.clientWidth) place.scrollLeft = left;
    panels.chosen = chosen;
  }
}
