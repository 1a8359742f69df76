// Pictures to pixels of a size, in grey or in colour, as skfashion's read_image does.
import { preparePhoto, reduce, round } from "./photo.js";

// Of a canvas, in the browsers of phones.
const MOST_PIXELS = 16e6;

/** Something about a picture that its owner should be told. */
export class PictureError extends Error {}

/** Decode a file, upright; its pixels as red, green, blue and 255, on white. */
export async function decode(file) {
  let bitmap;
  try {
    const options = { colorSpaceConversion: "none", imageOrientation: "from-image" };
    bitmap = await createImageBitmap(file, options);
  } catch {
    throw new PictureError(
      "This browser cannot read that file as a picture; give a PNG, JPEG, GIF, WebP or " +
        "BMP file.",
    );
  }
  const scale = Math.min(1, Math.sqrt(MOST_PIXELS / (bitmap.width * bitmap.height)));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.floor(bitmap.width * scale));
  canvas.height = Math.max(1, Math.floor(bitmap.height * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.imageSmoothingQuality = "high";
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** Bring a decoded picture to shape [height, width, channels], of bytes. */
export function prepare(picture, shape, way) {
  if (way === "photo") {
    const image = preparePhoto(reduce(picture));
    if (!image) {
      throw new PictureError(
        "Nothing in that photograph stands out from its background; give one of a " +
          "single thing on a plain background of another colour, or choose another way " +
          "to bring it to size.",
      );
    }
    return image;
  }
  const [height, width, channels] = shape;
  const image = planes(picture, channels);
  if (way === "stretch") return interleave(resize(image, width, height), width, height);
  if (way === "crop") {
    const box = centre(image.width, image.height, width / height);
    return interleave(resize(image, width, height, box), width, height);
  }
  const scale = Math.min(height / image.height, width / image.width);
  const wide = Math.max(1, round(image.width * scale));
  const high = Math.max(1, round(image.height * scale));
  const left = Math.floor((width - wide) / 2);
  const top = Math.floor((height - high) / 2);
  return interleave(resize(image, wide, high), width, height, wide, high, left, top);
}

/** The largest box of some proportions in the centre: left, top, width, height. */
function centre(width, height, ratio) {
  const wide = width / height >= ratio ? ratio * height : width;
  const high = width / height >= ratio ? height : width / ratio;
  return [(width - wide) / 2, (height - high) / 2, wide, high];
}

/** One plane of grey, or three of colour. */
function planes({ width, height, data }, channels) {
  const n = width * height;
  const made = Array.from({ length: channels }, () => new Uint8ClampedArray(n));
  for (let i = 0; i < n; i++) {
    const [red, green, blue] = [data[4 * i], data[4 * i + 1], data[4 * i + 2]];
    if (channels === 3) {
      made[0][i] = red;
      made[1][i] = green;
      made[2][i] = blue;
    } else {
      // In the whole numbers of Pillow.
      made[0][i] = (19595 * red + 38470 * green + 7471 * blue + 32768) >> 16;
    }
  }
  return { width, height, planes: made };
}

/** Average the pixels that a smaller image covers; interpolate between them else. */
function resize(image, width, height, box = [0, 0, image.width, image.height]) {
  const [left, top, wide, high] = box;
  const columns = triangles(image.width, width, left, wide);
  const rows = triangles(image.height, height, top, high);
  return image.planes.map((plane) => {
    const narrow = new Uint8ClampedArray(width * image.height);
    for (let y = 0; y < image.height; y++) {
      columns.forEach(([first, weights], x) => {
        let sum = 0;
        for (let i = 0; i < weights.length; i++) {
          sum += weights[i] * plane[y * image.width + first + i];
        }
        narrow[y * width + x] = sum;
      });
    }
    const small = new Uint8ClampedArray(width * height);
    rows.forEach(([first, weights], y) => {
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (let i = 0; i < weights.length; i++) {
          sum += weights[i] * narrow[(first + i) * width + x];
        }
        small[y * width + x] = sum;
      }
    });
    return small;
  });
}

/** For each of m pixels, the first of the n that it is made of, and their weights. */
function triangles(n, m, start, length) {
  const scale = length / m;
  const reach = Math.max(scale, 1);
  return Array.from({ length: m }, (_, i) => {
    const middle = start + (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(middle - reach + 0.5));
    const end = Math.min(n, Math.trunc(middle + reach + 0.5));
    const weights = Array.from({ length: end - first }, (_, j) =>
      Math.max(0, 1 - Math.abs(first + j + 0.5 - middle) / reach),
    );
    const sum = weights.reduce((a, b) => a + b, 0);
    return [first, weights.map((weight) => weight / sum)];
  });
}

/** Put planes into an image of white, with the channels of a pixel side by side. */
function interleave(planes, width, height, wide = width, high = height, left = 0, top = 0) {
  const image = new Uint8ClampedArray(width * height * planes.length).fill(255);
  planes.forEach((plane, channel) => {
    for (let y = 0; y < high; y++) {
      for (let x = 0; x < wide; x++) {
        const pixel = (y + top) * width + x + left;
        image[pixel * planes.length + channel] = plane[y * wide + x];
      }
    }
  });
  return image;
}
