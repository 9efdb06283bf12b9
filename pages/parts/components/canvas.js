// A drawing canvas for mouse, pen and touch, with pen width, undo and clear.
// Python gets the drawing after every stroke.
// A stroke is {width, points}. Its lengths are shares of the canvas's side, so strokes survive resizing.

const SIDE = 280; // pixels of the PNG that Python gets: ten times the size of a network's image
const MARGIN = 10; // white pixels on each side, so that a digit that fills the board has a margin

const boards = new Map(); // the strokes of each canvas by name; they outlive the element, as does the value that Python has
const ready = new WeakSet(); // elements that are set up; Streamlit calls the function below at every rerun

function paint(context, side, strokes) {
  context.fillStyle = "#fff";
  context.fillRect(0, 0, side, side);
  context.strokeStyle = context.fillStyle = "#000";
  context.lineCap = context.lineJoin = "round";
  for (const { width, points } of strokes) {
    context.lineWidth = width * side;
    context.beginPath();
    context.moveTo(points[0][0] * side, points[0][1] * side);
    for (const [x, y] of points) context.lineTo(x * side, y * side);
    context.stroke();
  }
}

function png(strokes) {
  const sheet = document.createElement("canvas");
  sheet.width = sheet.height = SIDE;
  const context = sheet.getContext("2d");
  paint(context, SIDE, []);
  const side = SIDE - 2 * MARGIN;
  context.translate(MARGIN, MARGIN);
  context.beginPath();
  context.rect(0, 0, side, side);
  context.clip(); // strokes end at the board's edge, as on the screen
  paint(context, side, strokes);
  return sheet.toDataURL("image/png");
}

function kept(name) {
  try {
    return JSON.parse(sessionStorage.getItem(`drawing ${name}`)) ?? [];
  } catch {
    return []; // the browser keeps nothing for this page
  }
}

function keep(name, strokes) {
  const rounded = strokes.map(({ width, points }) => ({ width, points: points.map((at) => at.map((x) => +x.toFixed(4))) }));
  try {
    sessionStorage.setItem(`drawing ${name}`, JSON.stringify(rounded));
  } catch {
    // as above, or it is full
  }
}

export default function ({ data: [data], parentElement, setStateValue }) {
  const canvas = parentElement.querySelector("canvas");
  const pen = parentElement.querySelector("input");
  const [undo, clear] = parentElement.querySelectorAll("button");
  const example = parentElement.querySelector(".example");
  const spoken = parentElement.querySelector("[aria-live]");
  const { texts } = data;
  canvas.setAttribute("aria-label", texts.area);
  pen.setAttribute("aria-label", texts.width);
  parentElement.querySelector("label span").textContent = texts.pen;
  undo.textContent = texts.undo;
  clear.textContent = texts.clear;
  const board = boards.get(data.name) ?? { strokes: data.lasting ? kept(data.name) : [], cleared: null, current: null };
  boards.set(data.name, board);

  const redraw = () => {
    paint(canvas.getContext("2d"), canvas.width, board.strokes);
    example.hidden = !data.example || board.strokes.length > 0;
    undo.disabled = !board.strokes.length && !board.cleared;
    clear.disabled = !board.strokes.length;
  };
  const send = (words) => {
    redraw();
    spoken.textContent = words;
    if (data.lasting) keep(data.name, board.strokes);
    setStateValue("png", board.strokes.length ? png(board.strokes) : "");
  };
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  };

  canvas.onpointerdown = (event) => {
    if (event.button || board.current) return;
    canvas.setPointerCapture(event.pointerId);
    board.current = { id: event.pointerId, stroke: { width: pen.value / 100, points: [place(event)] } };
    board.strokes.push(board.current.stroke);
    board.cleared = null;
    redraw();
  };
  canvas.onpointermove = (event) => {
    if (board.current?.id !== event.pointerId) return;
    const moves = event.getCoalescedEvents?.() ?? [];
    for (const move of moves.length ? moves : [event]) board.current.stroke.points.push(place(move));
    redraw();
  };
  canvas.onpointerup = canvas.onpointercancel = (event) => {
    if (board.current?.id !== event.pointerId) return;
    board.current = null;
    send(texts.strokes.replace("{count}", board.strokes.length));
  };
  undo.onclick = () => {
    if (board.cleared) [board.strokes, board.cleared] = [board.cleared, null];
    else if (!board.strokes.pop()) return;
    send(texts.undone);
  };
  clear.onclick = () => {
    if (!board.strokes.length) return;
    [board.cleared, board.strokes] = [board.strokes, []];
    send(texts.cleared);
  };
  canvas.onkeydown = (event) => {
    if (event.key === "Delete" || event.key === "Backspace") clear.onclick();
    else if (event.key === "z" && (event.ctrlKey || event.metaKey)) undo.onclick();
    else return;
    event.preventDefault();
  };
  if (data.example) example.style.backgroundImage = `url("${data.example}")`;
  redraw();
  if (!ready.has(parentElement)) {
    ready.add(parentElement);
    board.current = null; // the stroke that was being drawn ended with its canvas
    // On a phone the answer appears below the board, so the board moves to the top to keep it in view.
    if (data.scrolls && matchMedia("(max-width: 640px)").matches) canvas.closest(".board").scrollIntoView({ block: "start" });
    if (board.strokes.length) setStateValue("png", png(board.strokes));
  }
}
