// The model of the page, in ONNX Runtime Web; one image at a time.
import * as ort from "./runtime/ort.wasm.bundle.min.mjs";

export const version = ort.env.versions.web;

const ARRAYS = { uint8: Uint8Array, float32: Float32Array };

async function bytes(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${answer.statusText}`);
  return new Uint8Array(await answer.arrayBuffer());
}

/** Load the model that takes these pixels; give a function of an image's pixels. */
export async function load({ shape, dtype }) {
  ort.env.logLevel = "error";
  ort.env.wasm.numThreads = 1;
  const [model, wasm] = await Promise.all([
    bytes("model.onnx"),
    bytes("runtime/ort-wasm-simd-threaded.wasm"),
  ]);
  ort.env.wasm.wasmBinary = wasm;
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ["wasm"],
  });

  async function run(values) {
    const pixels = new ort.Tensor(dtype, ARRAYS[dtype].from(values), [1, ...shape]);
    const begun = performance.now();
    const { probabilities } = await session.run({ pixels }, ["probabilities"]);
    const milliseconds = performance.now() - begun;
    return { probabilities: Array.from(probabilities.data), milliseconds };
  }

  // The first takes longer than all others.
  let last = run(new Array(shape.reduce((a, b) => a * b)).fill(0));
  await last;
  // A session runs once at a time.
  return (values) => (last = last.catch(() => {}).then(() => run(values)));
}
