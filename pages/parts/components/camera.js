// The visitor's camera: pictures while a button is held, or, live, one picture after another, each sent when Python
// has answered the one before.

const cameras = new WeakMap(); // the camera of each element; Streamlit calls the function below at every rerun
const JPEG_QUALITY = 0.92;
const PATIENCE = 5000; // milliseconds after which a picture without an answer counts as lost

class Camera {
  constructor(root) {
    this.root = root;
    this.video = root.querySelector("video");
    this.count = root.querySelector(".count");
    this.shoot = root.querySelector(".shoot");
    this.turn = root.querySelector(".turn");
    this.status = root.querySelector('[role="status"]');
    this.facing = "environment";
    this.pictures = null; // those of the recording that is under way
    this.sent = 0; // number of the last picture that was sent live
    this.closed = false;
  }

  async open() {
    const { texts } = this.data;
    this.stop();
    this.shoot.disabled = true;
    this.tell(texts.opening);
    if (!navigator.mediaDevices?.getUserMedia) return this.tell(texts.insecure);
    try {
      const wanted = { facingMode: this.facing, width: { ideal: 640 }, height: { ideal: 480 } };
      const stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
      if (this.closed) return stream.getTracks().forEach((track) => track.stop());
      this.stream = stream;
      this.video.srcObject = stream;
      await this.video.play();
    } catch (error) {
      const words = { NotAllowedError: texts.refused, SecurityError: texts.refused, NotFoundError: texts.none };
      return this.tell(words[error.name] ?? texts.busy);
    }
    this.shoot.disabled = false;
    this.tell(this.data.live ? "" : texts.hint);
    const devices = await navigator.mediaDevices.enumerateDevices();
    this.turn.hidden = devices.filter((device) => device.kind === "videoinput").length < 2;
    if (this.data.live) this.look();
  }

  stop() {
    clearTimeout(this.timer);
    clearInterval(this.recording);
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
  }

  close() {
    this.closed = true;
    this.stop();
  }

  tell(words) {
    this.status.textContent = words;
  }

  picture() {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!width || !height) return null;
    const scale = Math.min(1, this.data.side / Math.min(width, height));
    const sheet = document.createElement("canvas");
    sheet.width = Math.round(width * scale);
    sheet.height = Math.round(height * scale);
    sheet.getContext("2d").drawImage(this.video, 0, 0, sheet.width, sheet.height);
    return sheet.toDataURL("image/jpeg", JPEG_QUALITY);
  }

  begin() {
    if (this.pictures || !this.stream) return;
    this.pictures = [];
    this.shoot.classList.add("on");
    this.take();
    this.recording = setInterval(() => this.take(), this.data.interval);
  }

  take() {
    const taken = this.picture();
    if (taken) this.pictures.push(taken);
    this.count.textContent = this.pictures.length;
    this.count.hidden = false;
    if (this.pictures.length >= this.data.most) this.end();
  }

  end() {
    if (!this.pictures) return;
    clearInterval(this.recording);
    const { pictures } = this;
    const { texts, most } = this.data;
    this.pictures = null;
    this.shoot.classList.remove("on");
    this.count.hidden = true;
    if (!pictures.length) return;
    this.tell((pictures.length < most ? texts.taken : texts.full).replace("{count}", pictures.length));
    this.send("pictures", pictures);
  }

  // Send the next live picture, unless one waits for its answer.
  look() {
    clearTimeout(this.timer);
    if (!this.stream || this.closed) return;
    const waits = this.sent > this.data.answered;
    this.timer = setTimeout(
      () => {
        const picture = document.hidden ? null : this.picture();
        if (picture) {
          this.sent = Math.max(this.sent, this.data.answered) + 1;
          this.keep("frame", { number: this.sent, picture });
        }
        this.look();
      },
      waits ? PATIENCE : this.data.pause,
    );
  }
}

export default function ({ data: [data], parentElement, setStateValue, setTriggerValue }) {
  let camera = cameras.get(parentElement);
  const isNew = !camera || camera.closed;
  if (isNew) cameras.set(parentElement, (camera = new Camera(parentElement)));
  camera.data = data;
  camera.send = setTriggerValue;
  camera.keep = setStateValue;
  const { shoot, turn } = camera;
  shoot.textContent = data.texts.hold;
  shoot.hidden = data.live;
  turn.textContent = data.texts.turn;

  shoot.onpointerdown = (event) => {
    if (event.button) return;
    shoot.setPointerCapture(event.pointerId);
    camera.begin();
  };
  shoot.onpointerup = shoot.onpointercancel = shoot.onblur = () => camera.end();
  shoot.oncontextmenu = (event) => event.preventDefault(); // a long touch would open a menu
  shoot.onkeydown = (event) => {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    camera.begin();
  };
  shoot.onkeyup = () => camera.end();
  turn.onclick = () => {
    camera.facing = camera.facing === "user" ? "environment" : "user";
    camera.open();
  };
  if (isNew) camera.open();
  else if (data.live) camera.look();
  return () => setTimeout(() => parentElement.isConnected || camera.close());
}
