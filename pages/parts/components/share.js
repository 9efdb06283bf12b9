// Share the page's address: by the share sheet of a phone, with the picture if it takes files, else as text that is
// copied. Nothing leaves the browser before the button is pressed.

async function asFile(url, name) {
  const blob = await (await fetch(url)).blob();
  return new File([blob], name, { type: blob.type });
}

async function shared({ text, picture, name }) {
  const whole = { text, url: window.location.href };
  if (picture) {
    const files = [await asFile(picture, name)];
    if (navigator.canShare?.({ ...whole, files })) whole.files = files;
  }
  await navigator.share(whole);
}

export default function ({ data: [data], parentElement }) {
  const { texts, text } = data;
  const button = parentElement.querySelector("button");
  const status = parentElement.querySelector('[role="status"]');
  button.textContent = texts.share;
  status.textContent = "";
  button.onclick = async () => {
    try {
      if (navigator.share) {
        await shared(data);
        return;
      }
    } catch (error) {
      if (error.name === "AbortError") return; // the visitor has closed the share sheet
    }
    try {
      await navigator.clipboard.writeText(text ? `${text} ${window.location.href}` : window.location.href);
      status.textContent = texts.copied;
    } catch {
      status.textContent = texts.blocked;
    }
  };
}
