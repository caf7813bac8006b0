/**
 * Faces per second of the classifier on one core, for each profile and kernel: `npm run build && node bench/kernel.mjs`.
 * `one face` is one classifyBatch call a face, with normalisation and softmax; the best of several rounds is printed.
 */

import { EmotionNet, networkSpec, PROFILES } from "../packages/core/dist/index.js";
import { randomModel, randomSource } from "../packages/core/dist/testing/random-model.js";

const ROUNDS = 5;
const SECONDS_A_ROUND = 0.4;
const BATCH = 256;
const VALUES = 136;

const random = randomSource(1);
const faces = Float32Array.from({ length: BATCH * VALUES }, () => 100 * random());

/** Calls a second of `action`, the best of all rounds. */
function rate(action) {
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    let calls = 0;
    while (performance.now() - start < SECONDS_A_ROUND * 1000) {
      for (let repeat = 0; repeat < 50; repeat++) action(calls++);
    }
    best = Math.max(best, (calls * 1000) / (performance.now() - start));
  }
  return best;
}

const shown = (value) => Math.round(value).toLocaleString("en").padStart(12);

console.log(
  `${"profile".padEnd(12)}${"kernel".padEnd(8)}${"one face".padStart(12)}${`batch ${BATCH}`.padStart(12)}  faces/s`,
);
for (const [profile, hidden] of Object.entries(PROFILES)) {
  const model = randomModel(1, networkSpec(hidden));
  for (const kernel of ["simd", "scalar"]) {
    const net = await EmotionNet.load(model, { kernel });
    const singles = Array.from({ length: BATCH }, (_, face) =>
      faces.subarray(face * VALUES, (face + 1) * VALUES),
    );
    const one = new Float32Array(net.classes.length);
    const many = new Float32Array(BATCH * net.classes.length);
    const single = rate((call) => net.classifyBatch(singles[call % BATCH], 1, one));
    const batch = kernel === "simd" ? rate(() => net.classifyBatch(faces, BATCH, many)) * BATCH : Number.NaN;
    console.log(
      `${profile.padEnd(12)}${kernel.padEnd(8)}${shown(single)}${Number.isNaN(batch) ? "–".padStart(12) : shown(batch)}`,
    );
  }
}
