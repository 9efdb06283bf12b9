// A chart that is redrawn in place: Plotly.react keeps the lines, the zoom and the page where they are.

let library; // plotly.js, once a page: the copy that Python's plotly brings, served by Streamlit

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

export default function ({ data, parentElement }) {
  const loaded = plotly(data.library);
  if (!data.figure) return; // the library was all that was wanted
  const place = parentElement.querySelector(".chart");
  place.setAttribute("aria-label", data.alt);
  const { data: traces, layout } = JSON.parse(data.figure);
  place.style.height = `${layout.height}px`;
  const wanted = (place.wanted = {}); // a later call may overtake this one while the library loads
  const drawn = loaded.then((Plotly) => {
    if (place.wanted === wanted && place.isConnected)
      return Plotly.react(place, traces, layout, { displayModeBar: false, responsive: true });
  });
  return () => {
    place.wanted = null;
    // What is purged in the middle of being drawn throws.
    drawn.finally(() => place.wanted || window.Plotly?.purge(place));
  };
}
