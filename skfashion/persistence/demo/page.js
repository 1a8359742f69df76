// The page: takes pictures and examples, and shows what the model says of them.
import { drawBytes, showAnswer } from "./answer.js";
import { load, version } from "./model.js";
import { decode, PictureError, prepare } from "./pictures.js";

const at = (id) => document.getElementById(id);

function complain(text) {
  at("problem").textContent = text;
  at("problem").hidden = !text;
  if (text) at("problem").scrollIntoView({ block: "nearest" });
}

/** Scroll to the answer where it is below what is seen, as on a phone. */
function bringIntoView(element) {
  if (element.getBoundingClientRect().bottom <= innerHeight) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ behavior: still ? "auto" : "smooth", block: "start" });
}

/** Decode a base64 text of the pixels of one example. */
function pixelsOf(text, dtype) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return dtype === "uint8" ? bytes : new Float32Array(bytes.buffer);
}

function showOriginal(file) {
  const figure = at("original");
  let image = figure.querySelector("img");
  if (image) {
    URL.revokeObjectURL(image.src);
  } else {
    image = new Image();
    image.alt = "The photograph as it was given";
    figure.prepend(image);
  }
  image.src = URL.createObjectURL(file);
  figure.hidden = false;
}

async function begin() {
  const answer = await fetch("page.json");
  if (!answer.ok) throw new Error(`page.json: ${answer.status} ${answer.statusText}`);
  const about = await answer.json();
  const { shape, dtype, black, white } = about.pixels;
  const [height, width, channels] = shape;
  // What is shown: a picture, decoded, or nothing where it is an example.
  let picture = null;
  let way = about.prepare;
  let model = null;
  let count = 0;

  const toValues = (image) =>
    Array.from(image, (byte) => {
      const value = black + ((white - black) * byte) / 255;
      return dtype === "uint8" ? Math.round(value) : value;
    });
  const toBytes = (values) =>
    Uint8ClampedArray.from(values, (value) => (255 * (value - black)) / (white - black));

  async function ask(values, bytes, note) {
    const number = ++count;
    const { probabilities, milliseconds } = await model(values);
    // Another was asked for meanwhile.
    if (number !== count) return;
    complain("");
    const found = { classes: about.classes, probabilities, milliseconds, note };
    showAnswer(found, bytes, about.pixels);
    document.body.dataset.answered = number;
  }

  function choose(button) {
    for (const other of at("examples").children) {
      other.setAttribute("aria-pressed", String(other === button));
    }
  }

  async function askPicture() {
    choose(null);
    const image = prepare(picture, shape, way);
    await ask(toValues(image), image, `It was ${about.ways[way]}.`);
  }

  async function take(file) {
    if (!file) {
      throw new PictureError("That is no file; give one of a picture.");
    }
    const number = ++count;
    const decoded = await decode(file);
    if (number !== count) return;
    picture = decoded;
    showOriginal(file);
    await askPicture();
  }

  /** Do something that may fail, and tell of it. */
  async function attempt(action) {
    try {
      await action();
    } catch (error) {
      if (!(error instanceof PictureError)) console.error(error);
      choose(null);
      at("result").hidden = true;
      at("answer").textContent = "No answer.";
      complain(error.message);
      return;
    }
    bringIntoView(at("answer"));
  }

  function askExample(button, example) {
    picture = null;
    at("original").hidden = true;
    choose(button);
    const values = pixelsOf(example.pixels, dtype);
    const told = example.label === null ? "" : ` Its label is “${example.label}”.`;
    return ask(values, toBytes(values), `An example, as it is, pixel by pixel.${told}`);
  }

  at("size").textContent = `${width} × ${height} ${channels === 1 ? "grey" : "colour"} pixels`;
  for (const [name, said] of Object.entries(about.ways)) {
    const label = document.createElement("label");
    const input = document.createElement("input");
    Object.assign(input, { type: "radio", name: "way", value: name, checked: name === way });
    input.addEventListener("change", () => {
      way = name;
      at("way").textContent = `${said}.`;
      if (picture) attempt(askPicture);
    });
    const word = document.createElement("span");
    word.textContent = name;
    label.append(input, word);
    at("ways").append(label);
  }

  at("way").textContent = `${about.ways[way]}.`;

  const buttons = about.examples.map((example, number) => {
    const button = document.createElement("button");
    const canvas = document.createElement("canvas");
    const word = document.createElement("span");
    drawBytes(canvas, toBytes(pixelsOf(example.pixels, dtype)), about.pixels);
    word.textContent = example.label ?? `${number + 1}`;
    Object.assign(button, { type: "button", disabled: true });
    button.setAttribute("aria-pressed", "false");
    button.append(canvas, word);
    button.addEventListener("click", () => attempt(() => askExample(button, example)));
    at("examples").append(button);
    return button;
  });
  at("examples-part").hidden = at("or-example").hidden = !buttons.length;

  model = await load(about.pixels);
  at("runtime").textContent = `ONNX Runtime Web ${version}`;
  at("answer").textContent = "The model is ready.";
  at("slow").hidden = true;
  for (const button of buttons) button.disabled = false;

  const input = at("file");
  input.disabled = false;
  input.addEventListener("change", () => {
    const [file] = input.files;
    // So that the same file can be chosen again.
    input.value = "";
    if (file) attempt(() => take(file));
  });
  addEventListener("dragover", (event) => {
    event.preventDefault();
    at("drop").classList.add("over");
  });
  addEventListener("dragleave", () => at("drop").classList.remove("over"));
  addEventListener("drop", (event) => {
    event.preventDefault();
    at("drop").classList.remove("over");
    attempt(() => take(event.dataTransfer.files[0]));
  });
  addEventListener("paste", (event) => {
    const [file] = event.clipboardData.files;
    if (file) attempt(() => take(file));
  });
  if (buttons.length) await askExample(buttons[0], about.examples[0]);
  document.body.dataset.ready = "";
}

begin().catch((error) => {
  console.error(error);
  at("answer").textContent = "";
  at("slow").hidden = true;
  complain(`The model could not be loaded (${error.message}); is the page's folder whole?`);
});
