// A picture that a tap changes. Where it has few pixels, they are shown as squares.

const FEW = 32; // pixels in a row

export default function ({ data: [data], parentElement, setTriggerValue }) {
  const button = parentElement.querySelector("button");
  const picture = button.firstElementChild;
  picture.onload = () => picture.classList.toggle("few", picture.naturalWidth <= FEW);
  if (picture.src !== data.url) picture.src = data.url;
  picture.alt = data.alt;
  button.title = data.hint;
  button.onclick = () => setTriggerValue("tapped", true);
}
