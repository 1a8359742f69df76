// What the model says, as it is shown. Names are text, whatever they hold.

const at = (id) => document.getElementById(id);
const percent = (part) => `${(100 * part).toFixed(1)}%`;

/** Draw an image of bytes, grey or in colour, pixel by pixel. */
export function drawBytes(canvas, bytes, { shape: [height, width, channels] }) {
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) {
      image.data[4 * i + c] = bytes[channels === 1 ? i : 3 * i + c];
    }
    image.data[4 * i + 3] = 255;
  }
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d").putImageData(image, 0, 0);
}

function row(name, probability) {
  const item = document.createElement("li");
  const word = document.createElement("span");
  const track = document.createElement("span");
  const bar = document.createElement("span");
  const number = document.createElement("data");
  word.className = "name";
  word.textContent = name;
  track.className = "track";
  bar.style.width = `${100 * probability}%`;
  number.value = probability;
  number.textContent = percent(probability);
  track.append(bar);
  item.append(word, track, number);
  return item;
}

/** Show what was found about an image, beside the image. */
export function showAnswer(found, bytes, pixels) {
  const { classes, probabilities, milliseconds, note } = found;
  const order = probabilities.map((_, i) => i);
  order.sort((a, b) => probabilities[b] - probabilities[a]);
  const [best] = order;
  const strong = document.createElement("strong");
  strong.textContent = classes[best];
  at("answer").replaceChildren(strong, ` ${percent(probabilities[best])}`);
  at("note").textContent = note;
  at("time").textContent = `The model took ${milliseconds.toFixed(1)} ms.`;
  at("classes").replaceChildren(...order.map((i) => row(classes[i], probabilities[i])));
  const [height, width] = pixels.shape;
  const seen = at("seen");
  drawBytes(seen, bytes, pixels);
  seen.setAttribute("aria-label", `The picture as the model saw it, ${width} by ${height} pixels`);
  at("result").hidden = false;
}
