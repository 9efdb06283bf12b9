// Buttons that save what a component draws, as PNG and as SVG. Both come from the same function, which draws with a
// canvas's painter or with one that writes down its calls as SVG. Components put this code before their own.

const XMLNS = "http://www.w3.org/2000/svg";
const ENLARGED = 2; // pixels of the PNG for one on the screen

// Return a colour as attributes of an SVG element: programs for documents take rgba(…) for black.
function inkOf(kind, colour) {
  const [, numbers, opacity] = /^rgba\((.*),\s*([\d.]+)\)$/.exec(colour) ?? [];
  return numbers ? { [kind]: `rgb(${numbers})`, [`${kind}-opacity`]: opacity } : { [kind]: colour };
}

// Take the calls of a painter that this app's components use; toString returns the picture.
function svgPainter(width, height) {
  const elements = [];
  let path = "";
  let dash = "";
  const attributes = (values) =>
    Object.entries(values)
      .map(([name, value]) => ` ${name}="${String(value).replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;")}"`)
      .join("");
  const add = (name, values, text = "") => {
    const opacity = painter.globalAlpha === 1 ? {} : { opacity: painter.globalAlpha };
    const content = text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
    elements.push(`<${name}${attributes({ ...values, ...opacity })}>${content}</${name}>`);
  };
  const at = (...numbers) => numbers.map((number) => Number(number.toFixed(2))).join(" ");
  const painter = {
    globalAlpha: 1,
    lineWidth: 1,
    font: "14px sans-serif",
    textAlign: "start",
    beginPath: () => (path = ""),
    moveTo: (x, y) => (path += `M${at(x, y)}`),
    lineTo: (x, y) => (path += `L${at(x, y)}`),
    rect: (x, y, w, h) => (path += `M${at(x, y)}h${at(w)}v${at(h)}h${at(-w)}z`),
    // Whole circles only.
    arc: (x, y, r) => (path += `M${at(x + r, y)}A${at(r, r)} 0 1 1 ${at(x - r, y)}A${at(r, r)} 0 1 1 ${at(x + r, y)}`),
    setLineDash: (lengths) => (dash = lengths.join(" ")),
    fill: () => add("path", { d: path, ...inkOf("fill", painter.fillStyle) }),
    stroke: () => {
      const dashed = dash ? { "stroke-dasharray": dash } : {};
      const ink = inkOf("stroke", painter.strokeStyle);
      add("path", { d: path, fill: "none", ...ink, "stroke-width": painter.lineWidth, ...dashed });
    },
    fillRect: (x, y, w, h) => add("rect", { x, y, width: w, height: h, ...inkOf("fill", painter.fillStyle) }),
    fillText: (text, x, y) => {
      const anchor = { start: "start", center: "middle", end: "end" }[painter.textAlign];
      add("text", { x, y, ...inkOf("fill", painter.fillStyle), style: `font: ${painter.font}`, "text-anchor": anchor }, text);
    },
    drawImage: (source, ...numbers) => {
      const [x, y, w, h] = numbers.slice(-4);
      const [left, top, sw, sh] = numbers.length === 8 ? numbers : [0, 0, source.width, source.height];
      const copy = Object.assign(document.createElement("canvas"), { width: sw, height: sh });
      copy.getContext("2d").drawImage(source, left, top, sw, sh, 0, 0, sw, sh);
      add("image", { x, y, width: w, height: h, href: copy.toDataURL("image/png"), preserveAspectRatio: "none" });
    },
    toString: () => `<svg xmlns="${XMLNS}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${elements.join("")}</svg>`,
  };
  return painter;
}

function save(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// Return the page's background and the colour of empty bars, as an element has them, and a function that writes with a
// painter in its colour and font.
function pageStyle(element) {
  const styles = getComputedStyle(element);
  const { color, fontFamily } = styles;
  const [background, track] = ["", "secondary-"].map((kind) => styles.getPropertyValue(`--st-${kind}background-color`));
  const write = (painter, text, x, y, font, align = "start") => {
    Object.assign(painter, { fillStyle: color, font: `${font} ${fontFamily}`, textAlign: align });
    painter.fillText(text, x, y);
  };
  return { background, track, write };
}

const FORMATS = {
  png: ({ width, height, background, draw }, name) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: ENLARGED * width, height: ENLARGED * height });
    const painter = canvas.getContext("2d");
    painter.scale(ENLARGED, ENLARGED);
    painter.fillStyle = background;
    painter.fillRect(0, 0, width, height);
    draw(painter);
    canvas.toBlob((blob) => save(blob, name));
  },
  svg: ({ width, height, background, draw }, name) => {
    const painter = svgPainter(width, height);
    painter.fillStyle = background;
    painter.fillRect(0, 0, width, height);
    draw(painter);
    save(new Blob([painter.toString()], { type: "image/svg+xml" }), name);
  },
};

// Show a button for each format in the place. ``picture`` returns the width, height and background of what is drawn
// now, and ``draw``, which draws it with a painter.
function offerSaving(place, { texts, file }, picture) {
  place.replaceChildren(
    ...Object.entries(FORMATS).map(([format, write]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = format.toUpperCase();
      button.title = button.ariaLabel = texts[format];
      button.onclick = () => write(picture(), `${file}.${format}`);
      return button;
    }),
  );
}
