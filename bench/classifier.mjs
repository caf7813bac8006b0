/**
 * The classifier against other engines on the same network, interleaved, normalisation of landmarks included, one thread each:
 * `npm run build && node bench/classifier.mjs [compact|reference]`. Faces are simulated, so that activations are zero where those of real faces are.
 */

import { fileURLToPath } from "node:url";
import { EmotionNet, foldBatchNorm, LANDMARK_VALUES, normaliseInto } from "../packages/core/dist/index.js";
import { createSession } from "../packages/onnx/dist/index.js";
import { loadEngine as loadWebEngine } from "../packages/onnx/dist/session/engine-web.js";
import {
  CLASSIFIER_INPUT,
  CLASSIFIER_OUTPUT,
  calibrate,
  classifierGraph,
  evaluateAnswers,
  generateFaces,
} from "../packages/train/dist/index.js";
import { race, ratio } from "./interleave.mjs";
import { compactModel, layersGraph, referenceModel } from "./models.mjs";
import { loadTensorFlow, peersFolder, versionOf } from "./peers.mjs";

const BATCHES = [1, 8, 32, 256];

/** @returns every engine: its name, a maker of calls, and its answers to all faces */
async function enginesFor(model, calibration) {
  const int8 = classifierGraph(model, {
    dataType: "int8",
    ranges: await calibrate(model, { landmarks: calibration }),
  });
  const node = `onnxruntime-node ${versionOf("onnxruntime-node")}`;
  return [
    await coreEngine(model, "f32"),
    await coreEngine(model, "int16"),
    layersEngine(node, await createSession(layersGraph(model), { threads: 1 })),
    onnxEngine(`${node} exported fp32`, await createSession(classifierGraph(model), { threads: 1 }), model),
    onnxEngine(`${node} exported int8`, await createSession(int8, { threads: 1 }), model),
    layersEngine(`onnxruntime-web ${versionOf("onnxruntime-web")}`, await webSession(model)),
    await tensorFlowEngine(model),
  ];
}

async function coreEngine(model, precision) {
  const net = await EmotionNet.load(model, { kernel: "simd", precision });
  return {
    name: `core kernel ${precision}`,
    caller: (faces, batch) => {
      const target = new Float32Array(batch * net.classes.length);
      return { call: () => net.classifyBatch(faces(), batch, target) };
    },
    predict: async (faces, count) => net.classifyBatch(faces, count),
  };
}

async function webSession(model) {
  const engine = await loadWebEngine();
  const session = await engine.createSession(layersGraph(model), 1);
  return {
    run: (feeds) => session.run(feeds),
    tensor: (type, dims, data) => new engine.Tensor(type, data, dims),
  };
}

/** ONNX Runtime on the bare layers; landmarks are normalised by core, as for TensorFlow.js. */
function layersEngine(name, session) {
  const run = (faces, count) =>
    session.run({ x: session.tensor("float32", [count, LANDMARK_VALUES], normalisedFaces(faces, count)) });
  return {
    name,
    caller: (faces, batch) => ({ call: () => run(faces(), batch), isAsync: true }),
    predict: async (faces, count) => (await run(faces, count)).y.data,
  };
}

function normalisedFaces(faces, count) {
  const normalised = new Float32Array(count * LANDMARK_VALUES);
  for (let at = 0; at < normalised.length; at += LANDMARK_VALUES) normaliseInto(normalised, at, faces, at);
  return normalised;
}

function onnxEngine(name, session, model) {
  const width = model.metadata.spec.classes.length;
  const feedsOf = (faces, count) => ({
    [CLASSIFIER_INPUT]: session.tensor("float32", [count, 1, LANDMARK_VALUES, 1], faces),
  });
  return {
    name,
    caller: (faces, batch) => {
      const target = session.tensor("float32", [batch, width], new Float32Array(batch * width));
      const outputs = { [CLASSIFIER_OUTPUT]: target };
      return { call: () => session.run(feedsOf(faces(), batch), outputs), isAsync: true };
    },
    predict: async (faces, count) => (await session.run(feedsOf(faces, count)))[CLASSIFIER_OUTPUT].data,
  };
}

async function tensorFlowEngine(model) {
  const tf = await loadTensorFlow();
  const layers = foldBatchNorm(model.layers).map(({ inputs, outputs, kernel, bias }) => ({
    kernel: tf.tensor2d(kernel, [inputs, outputs]),
    bias: tf.tensor1d(bias),
  }));
  const { temperature } = model.metadata;
  const answer = (faces, count) =>
    tf.tidy(() => {
      let values = tf.tensor2d(normalisedFaces(faces, count), [count, LANDMARK_VALUES]);
      for (const [index, { kernel, bias }] of layers.entries()) {
        values = tf.add(tf.matMul(values, kernel), bias);
        if (index < layers.length - 1) values = tf.relu(values);
      }
      return tf.softmax(tf.div(values, temperature)).dataSync();
    });
  return {
    name: `TensorFlow.js ${versionOf("@tensorflow/tfjs-core", peersFolder)} wasm`,
    caller: (faces, batch) => ({ call: () => answer(faces(), batch) }),
    predict: async (faces, count) => answer(faces, count),
  };
}

/** A function that gives the next `batch` faces at each call. */
function supply(landmarks, batch) {
  const length = batch * LANDMARK_VALUES;
  const parts = Array.from({ length: Math.floor(landmarks.length / length) }, (_, part) =>
    landmarks.subarray(part * length, (part + 1) * length),
  );
  let turn = 0;
  return () => parts[turn++ % parts.length];
}

/** Races all engines on one network. */
export async function raceClassifier(profile, log = () => {}) {
  const model = profile === "compact" ? compactModel() : await referenceModel(log);
  const { landmarks: calibration } = generateFaces({ persons: 32, samplesPerPerson: 16, seed: 990_002 });
  const faces = generateFaces({ persons: 128, samplesPerPerson: 32, seed: 990_001 });
  const engines = await enginesFor(model, calibration);
  const batches = [];
  for (const batch of BATCHES) {
    log(`${profile}, batch ${batch}`);
    const contenders = engines.map(({ name, caller }) => ({
      name,
      samples: batch,
      ...caller(supply(faces.landmarks, batch), batch),
    }));
    const standings = await race(contenders);
    const peer = standings[2];
    batches.push({ batch, standings, ratios: standings.map((one) => ratio(one, peer)) });
  }
  const accuracy = [];
  for (const { name, predict } of engines) {
    const answers = await predict(faces.landmarks, faces.labels.length);
    accuracy.push({ name, macroF1: evaluateAnswers(answers, faces.labels, faces.classes).average.f1 });
  }
  const { spec, name } = model.metadata;
  const network = [spec.inputs, ...spec.hidden, spec.classes.length].join("-");
  return { profile, model: name, network, faces: faces.labels.length, batches, accuracy };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const result = await raceClassifier(process.argv[2] ?? "compact", (line) => console.error(line));
  console.log(`${result.model} ${result.network}, faces/s, median of rounds (best), times onnxruntime-node`);
  for (const { batch, standings, ratios } of result.batches) {
    console.log(`batch ${batch}`);
    for (const [index, { name, median, best }] of standings.entries()) {
      const shown = [median, best].map((value) => Math.round(value).toLocaleString("en").padStart(10));
      console.log(`  ${name.padEnd(32)}${shown[0]} (${shown[1]})  × ${ratios[index].toFixed(2)}`);
    }
  }
  for (const { name, macroF1 } of result.accuracy)
    console.log(`  ${name.padEnd(32)} macro F1 ${macroF1.toFixed(4)}`);
}
