// Points in the plane, animated from frame to frame: the discriminator's field, the generator's bent grid,
// real points, fakes, and an arrow for the direction in which each fake is pushed. Moving parts are interpolated.

const shown = new WeakMap(); // the state of each canvas; Streamlit calls the function below at every rerun
const REAL = "99, 102, 241";
const FAKE = "5, 150, 105";
const SCALE = 0.08; // length of an arrow for a slope of 1, in units of the plane
const LONGEST = 0.3; // length of the longest arrow, in the same units
const still = window.matchMedia("(prefers-reduced-motion: reduce)");

const between = (from, to, share) =>
  from?.length === to.length ? to.map(([x, y], i) => [from[i][0] + share * (x - from[i][0]), from[i][1] + share * (y - from[i][1])]) : to;

function field(painter, { cells, side }, size) {
  const bytes = Uint8Array.from(atob(cells), (character) => character.charCodeAt(0));
  const small = new OffscreenCanvas(side, side);
  const image = new ImageData(side, side);
  bytes.forEach((output, i) => {
    const row = side - 1 - Math.floor(i / side); // the first row of the field is the lowest
    const colour = (output >= 128 ? REAL : FAKE).split(", ").map(Number);
    image.data.set([...colour, Math.round(Math.abs(output - 127.5) * 0.9)], 4 * (row * side + (i % side)));
  });
  small.getContext("2d").putImageData(image, 0, 0);
  painter.imageSmoothingEnabled = true;
  painter.drawImage(small, 0, 0, size, size);
}

function grid(painter, points, lines, place) {
  painter.strokeStyle = `rgba(${FAKE}, 0.55)`;
  painter.lineWidth = 1;
  painter.beginPath();
  const line = (indices) => indices.forEach((at, i) => painter[i ? "lineTo" : "moveTo"](...place(points[at])));
  const every = [...Array(lines).keys()];
  for (const i of every) {
    line(every.map((j) => i * lines + j));
    line(every.map((j) => j * lines + i));
  }
  painter.stroke();
}

function dots(painter, points, place, colour, radius, square) {
  painter.fillStyle = `rgba(${colour}, 0.85)`;
  painter.beginPath(); // one path for all points, because hundreds of paths would slow down the animation
  for (const [x, y] of points.map(place)) {
    painter.moveTo(x + radius, y);
    if (square) painter.rect(x - radius, y - radius, 2 * radius, 2 * radius);
    else painter.arc(x, y, radius, 0, 2 * Math.PI);
  }
  painter.fill();
}

function arrows(painter, points, directions, place, ink) {
  painter.strokeStyle = ink;
  painter.lineWidth = 1.25;
  painter.beginPath();
  directions.forEach(([x, y], i) => {
    const share = Math.min(SCALE, LONGEST / Math.hypot(x, y)); // so that a vanishing slope is visible
    const from = place(points[i]);
    const to = place([points[i][0] + share * x, points[i][1] + share * y]);
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const length = Math.hypot(dx, dy);
    if (length < 2) return;
    const head = Math.min(5, length / 2) / length;
    painter.moveTo(...from);
    painter.lineTo(...to);
    painter.lineTo(to[0] - head * (dx + dy / 2), to[1] - head * (dy - dx / 2));
    painter.moveTo(...to);
    painter.lineTo(to[0] - head * (dx - dy / 2), to[1] - head * (dy + dx / 2));
  });
  painter.stroke();
}

// Draw what lies between the last frame and this one into a square of ``size`` pixels.
function draw(painter, { data, before }, share, size, ink) {
  const place = ([x, y]) => [((x / data.reach + 1) / 2) * size, ((1 - y / data.reach) / 2) * size];
  const fake = between(before?.fake, data.fake, share);
  if (data.show.field) field(painter, data.field, size);
  if (data.show.grid) grid(painter, between(before?.grid, data.grid, share), data.lines, place);
  const radius = Math.max(1.3, size / 190);
  dots(painter, data.real, place, REAL, radius, false);
  dots(painter, fake, place, FAKE, radius, true);
  if (data.show.arrows) arrows(painter, fake, between(before?.arrows, data.arrows, share), place, ink);
  return fake;
}

function paint(canvas, view, share) {
  const width = Math.round(canvas.clientWidth * (window.devicePixelRatio || 1));
  if (!width) return;
  if (canvas.width !== width) canvas.width = canvas.height = width;
  const painter = canvas.getContext("2d");
  const scale = width / canvas.clientWidth;
  const size = canvas.clientWidth;
  painter.setTransform(scale, 0, 0, scale, 0, 0);
  painter.clearRect(0, 0, size, size);
  const fake = draw(painter, view, share, size, getComputedStyle(canvas).color);
  view.now = { fake, grid: view.data.grid, arrows: view.data.arrows };
}

function move(canvas, view, milliseconds) {
  cancelAnimationFrame(view.request);
  const start = performance.now();
  const tick = (now) => {
    const share = milliseconds && !still.matches ? Math.min(1, (now - start) / milliseconds) : 1;
    paint(canvas, view, share);
    if (share < 1 && canvas.isConnected) view.request = requestAnimationFrame(tick);
  };
  tick(start);
}

export default function ({ data: [data], parentElement }) {
  const canvas = parentElement.querySelector("canvas");
  let view = shown.get(canvas);
  if (!view) {
    view = {};
    shown.set(canvas, view);
    new ResizeObserver(() => paint(canvas, view, 1)).observe(canvas);
  }
  canvas.setAttribute("aria-label", data.alt);
  canvas.dataset.frame = data.frame; // for tests and benchmarks, which count frames
  if (view.data?.frame === data.frame) view.before = null;
  else view.before = view.now;
  view.data = data;
  move(canvas, view, view.before ? data.milliseconds : 0);
  offerSaving(parentElement.querySelector(".saving"), data.saving, () => {
    const [size, styles] = [canvas.clientWidth, getComputedStyle(canvas)];
    const background = styles.getPropertyValue("--st-background-color");
    return { width: size, height: size, background, draw: (painter) => draw(painter, view, 1, size, styles.color) };
  });
}
