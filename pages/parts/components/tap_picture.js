// A picture that a tap changes.

export default function ({ data: [data], parentElement, setTriggerValue }) {
  const button = parentElement.querySelector("button");
  const picture = button.firstElementChild;
  if (picture.src !== data.url) picture.src = data.url;
  picture.alt = data.alt;
  button.title = data.hint;
  button.onclick = () => setTriggerValue("tapped", true);
}
