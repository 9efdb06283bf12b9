// Links to the pages in one line that scrolls sideways; the link of the page that is shown stays in sight.

export default function ({ data: [data], parentElement, setTriggerValue }) {
  document.documentElement.lang = data.language;
  document.documentElement.style.setProperty("--upload", JSON.stringify(data.upload));
  document.documentElement.style.setProperty("--upload-limit", JSON.stringify(data.uploadLimit));
  document.documentElement.style.setProperty("--camera", JSON.stringify(data.camera));
  guardUploads(data.uploads);
  const place = parentElement.querySelector(".page-links");
  place.ariaLabel = data.label;
  const wanted = JSON.stringify([data.links, data.current]);
  if (place.dataset.links === wanted) return;
  place.dataset.links = wanted;
  place.replaceChildren(
    ...data.links.map(([path, title, symbol]) => {
      const link = document.createElement("a");
      const icon = document.createElement("span");
      icon.textContent = symbol;
      icon.ariaHidden = "true";
      icon.translate = false;
      link.append(icon, title);
      link.href = path || "./";
      if (path === data.current) link.ariaCurrent = "page";
      link.onclick = (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a new tab or window
        event.preventDefault();
        setTriggerValue("page", path);
      };
      return link;
    }),
  );
  const current = place.querySelector("[aria-current]");
  if (current) place.scrollLeft = current.offsetLeft - (place.clientWidth - current.offsetWidth) / 2;
}
