// A chart that is updated in place: Plotly.react keeps the zoom, and the page does not jump.

let library; // plotly.js, loaded once per page: the copy inside Python's plotly package (plotly_library.py)

function plotly(path) {
  const streamlit = document.querySelector('script[type="module"][src*="static/js/"]');
  library ??= new Promise((found, failed) => {
    const script = document.createElement("script");
    script.src = new URL("../../" + path, streamlit?.src ?? new URL("static/js/", document.baseURI)).href;
    script.onload = () => found(window.Plotly);
    script.onerror = failed;
    document.head.append(script);
  });
  return library;
}

const OTHERS = ["zoom2d", "pan2d", "select2d", "lasso2d", "zoomIn2d", "zoomOut2d", "autoScale2d", "resetScale2d"];

// A bar with a button for each file format, which is shown while the pointer is over the chart.
function downloads(Plotly, { texts, file }) {
  const button = (format, icon) => ({
    name: format,
    title: texts[format],
    icon,
    click: (place) => Plotly.downloadImage(place, { format, filename: file, scale: format === "png" ? 2 : 1 }),
  });
  return {
    displayModeBar: "hover",
    displaylogo: false,
    showSendToCloud: false, // nothing is sent anywhere
    responsive: true,
    modeBarButtonsToRemove: [...OTHERS, "toImage"],
    modeBarButtonsToAdd: [button("png", Plotly.Icons.camera), button("svg", Plotly.Icons.disk)],
  };
}

// Return the same objects at each update: Plotly drops the zoom when it finds others, also within two arrays.
function configuration(Plotly, place, data) {
  const words = JSON.stringify([data.texts, data.file]);
  if (place.words !== words) Object.assign(place, { words, configuration: downloads(Plotly, data) });
  return place.configuration;
}

// A finger scrolls the page instead of zooming; the bar is always shown there, so it goes above the legend, in
// whose blank title it has room however many lines the legend takes.
function fitForFingers(layout) {
  layout.dragmode ??= false;
  const title = { text: "\u00a0", side: "top", font: { size: 16 } };
  if (layout.showlegend) layout.legend = { ...layout.legend, title, maxheight: 0.6 };
}

// Let the Tab key reach the buttons of the bar, which are links without an address.
function makeReachable(place) {
  for (const button of place.querySelectorAll(".modebar-btn[data-title]")) {
    button.tabIndex = 0;
    button.role = "button";
    button.ariaLabel = button.dataset.title;
    button.onkeydown = (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        button.click();
      }
    };
  }
}

export default function ({ data: [data], parentElement, setTriggerValue }) {
  const loaded = plotly(data.library);
  if (!data.figure) return; // this call only loads the library early
  const place = parentElement.querySelector(".chart");
  place.setAttribute("aria-label", data.alt);
  const { data: traces, layout } = JSON.parse(data.figure);
  place.style.height = `${layout.height}px`;
  if (matchMedia("(pointer: coarse)").matches) fitForFingers(layout);
  if (data.clicks) layout.clickmode = "event";
  const wanted = (place.wanted = {}); // a later call may overtake this one while the library is loading
  const drawn = loaded.then((Plotly) => {
    if (place.wanted !== wanted || !place.isConnected) return;
    return Plotly.react(place, traces, layout, configuration(Plotly, place, data)).then(() => {
      makeReachable(place);
      place.removeAllListeners("plotly_click");
      if (data.clicks) place.on("plotly_click", ({ points: [{ x, y }] }) => setTriggerValue("clicked", [x, y]));
    });
  });
  return () => {
    place.wanted = null;
    // Plotly throws if a chart is purged while it is being drawn, so wait for the drawing.
    drawn.finally(() => place.wanted || window.Plotly?.purge(place));
  };
}
