// A photograph of one thing to an image like those of Fashion-MNIST: the steps of
// skfashion.preprocessing.prepare_photo, whose documentation gives the reasons.

const SIDE = 28;
// As far as a colour may be from the background's and still be part of it.
const CLOSE = 0.05 * 255;
// Corners farther apart than this are not one background, unevenly lit.
const UNEVEN = 0.3 * 255;
const GREY = [0.299, 0.587, 0.114];
// Photographs are first averaged down to at least this many pixels on the longest edge.
const AMPLE = 140;

const greyOf = (colour) => GREY[0] * colour[0] + GREY[1] * colour[1] + GREY[2] * colour[2];
const range = (n) => Array.from({ length: n }, (_, i) => i);

/** Round as Python does: a half to the even number. */
export const round = (value) =>
  Math.abs(value % 1) === 0.5 ? 2 * Math.round(value / 2) : Math.round(value);

function median(values) {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Average squares of pixels; a picture as {width, height, rgb}. */
export function reduce({ width, height, data }) {
  const side = Math.max(1, Math.floor(Math.max(width, height) / AMPLE));
  const wide = Math.ceil(width / side);
  const high = Math.ceil(height / side);
  const rgb = new Float64Array(3 * wide * high);
  for (let y = 0; y < high; y++) {
    const bottom = Math.min(height, (y + 1) * side);
    for (let x = 0; x < wide; x++) {
      const right = Math.min(width, (x + 1) * side);
      const n = (bottom - y * side) * (right - x * side);
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let i = y * side; i < bottom; i++) {
          for (let j = x * side; j < right; j++) sum += data[4 * (i * width + j) + c];
        }
        rgb[3 * (y * wide + x) + c] = Math.floor(sum / n + 0.5);
      }
    }
  }
  return { width: wide, height: high, rgb };
}

/** Bring a picture to 28 by 28 bytes; null if nothing stands out in it. */
export function preparePhoto({ width, height, rgb }) {
  let corners = cornersOf(rgb, width, height);
  if (median(corners.map(greyOf)) > 127) {
    // Negated first, so that all that follows sees a dark background.
    rgb = rgb.map((value) => 255 - value);
    corners = corners.map((corner) => corner.map((value) => 255 - value));
  }
  const backgroundAt = backgroundOf(corners, width, height);
  const grey = new Float64Array(width * height);
  const ink = new Float64Array(width * height);
  const apart = new Array(width * height).fill(false);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const colour = rgb.subarray(3 * i, 3 * i + 3);
      const background = backgroundAt(y, x);
      const above = colour.map((value, c) => Math.max(0, value - background[c]) ** 2);
      const level = greyOf(background);
      grey[i] = greyOf(colour);
      ink[i] = Math.max(0, grey[i] - level) * (255 / (255 - level));
      apart[i] = (above[0] + above[1] + above[2]) / 3 > CLOSE ** 2 && ink[i] > 0;
    }
  }
  if (!apart.includes(true)) return null;
  const prepared = width === SIDE && height === SIDE;
  return Uint8ClampedArray.from(prepared ? grey : fit(ink, apart, width, height));
}

/** The median colour of each corner, for its noise: above, then below. */
function cornersOf(rgb, width, height) {
  const size = Math.max(1, Math.floor(Math.min(width, height) / 100));
  const corner = (top, left) =>
    range(3).map((c) =>
      median(
        range(size * size).map((i) => {
          const [y, x] = [top + Math.floor(i / size), left + (i % size)];
          return rgb[3 * (y * width + x) + c];
        }),
      ),
    );
  const [bottom, right] = [height - size, width - size];
  return [corner(0, 0), corner(0, right), corner(bottom, 0), corner(bottom, right)];
}

/** A function of a place: the colour behind the image there. */
function backgroundOf(corners, width, height) {
  const channels = range(3).map((c) => corners.map((corner) => corner[c]));
  const apart = (values) => Math.max(...values) - Math.min(...values);
  const twist = ([a, b, c, d]) => Math.abs(a + d - b - c);
  const uneven = Math.max(...channels.map(apart)) > UNEVEN;
  if (uneven || Math.max(...channels.map(twist)) > CLOSE) {
    const colour = channels.map(median);
    return () => colour;
  }
  return (y, x) => {
    const down = height > 1 ? y / (height - 1) : 0;
    const right = width > 1 ? x / (width - 1) : 0;
    return channels.map(
      ([a, b, c, d]) =>
        (1 - down) * ((1 - right) * a + right * b) + down * ((1 - right) * c + right * d),
    );
  };
}

/** Trim grey on 0 to where it is apart, and bring that to 28 by 28 pixels. */
function fit(ink, apart, width, height) {
  const rows = range(height).filter((y) => range(width).some((x) => apart[y * width + x]));
  const columns = range(width).filter((x) => rows.some((y) => apart[y * width + x]));
  const [top, left] = [rows[0], columns[0]];
  const [high, wide] = [rows.at(-1) + 1 - top, columns.at(-1) + 1 - left];
  let noise = 0;
  ink.forEach((value, i) => {
    const [y, x] = [Math.floor(i / width) - top, (i % width) - left];
    if (y < 0 || y >= high || x < 0 || x >= wide) noise = Math.max(noise, value);
  });
  const longest = Math.max(high, wide);
  const sides = [high, wide].map((n) => Math.max(1, round((SIDE * n) / longest)));
  const [down, right] = [averages(high, sides[0]), averages(wide, sides[1])];
  let small = down.map((rowWeights) =>
    right.map((columnWeights) => {
      let sum = 0;
      for (const [y, weight] of rowWeights) {
        for (const [x, share] of columnWeights) {
          sum += weight * share * ink[(y + top) * width + x + left];
        }
      }
      return sum <= noise ? 0 : sum;
    }),
  );
  if (longest > SIDE) small = sharpen(small);
  const image = new Float64Array(SIDE * SIDE);
  // Where the spare is odd, the data set has the larger half above or at the left.
  const [above, before] = sides.map((side) => Math.ceil((SIDE - side) / 2));
  small.forEach((row, y) =>
    row.forEach((value, x) => {
      image[(y + above) * SIDE + x + before] = value;
    }),
  );
  return image;
}

/** For each of m equal stretches of n pixels, the pixels and their weights. */
function averages(n, m) {
  return range(m).map((i) => {
    const [start, end] = [(i * n) / m, ((i + 1) * n) / m];
    return range(n)
      .map((pixel) => {
        const shared = Math.min(end, pixel + 1) - Math.max(start, pixel);
        return [pixel, (Math.max(0, shared) * m) / n];
      })
      .filter(([, weight]) => weight > 0);
  });
}

/** Convolve with the negative of a Gaussian around a centre of twice its sum. */
function sharpen(image) {
  const row = [Math.exp(-0.5), 1, Math.exp(-0.5)];
  const kernel = row.map((a) => row.map((b) => -a * b));
  const all = () => kernel.flat().reduce((a, b) => a + b, 0);
  kernel[1][1] = -2 * all();
  const sum = all();
  const at = (y, x) => {
    const line = image[Math.min(Math.max(y, 0), image.length - 1)];
    return line[Math.min(Math.max(x, 0), line.length - 1)];
  };
  return image.map((line, y) =>
    line.map((_, x) => {
      let value = 0;
      kernel.forEach((weights, i) =>
        weights.forEach((weight, j) => {
          value += (weight / sum) * at(y + i - 1, x + j - 1);
        }),
      );
      return value;
    }),
  );
}
