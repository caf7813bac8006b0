/**
 * The classifier against other engines on the same network, interleaved, normalisation of landmarks included, one thread each:
 * `npm run build && node dist/bench/classifier.js [compact|reference]`. Faces are simulated, so that activations are zero where those of real faces are.
 */

import { fileURLToPath } from "node:url";
import {
  EmotionNet,
  foldBatchNorm,
  LANDMARK_VALUES,
  type Model,
  normaliseInto,
  type Precision,
} from "@emotionnet/core";
import { createSession, type GraphSession } from "@emotionnet/onnx";
import {
  CLASSIFIER_INPUT,
  CLASSIFIER_OUTPUT,
  calibrate,
  classifierGraph,
  evaluateAnswers,
  generateFaces,
} from "@emotionnet/train";
import { loadOnnxRuntime } from "#packages/onnx/dist/session/engine-web.js";
import { type Contender, race, ratio, type Standing } from "./interleave.ts";
import { compactModel, layersGraph, referenceModel } from "./models.ts";
import { loadTensorFlow, peersFolder, versionOf } from "./peers.ts";

const BATCHES = [1, 8, 32, 256];

const PROFILES = ["compact", "reference"] as const;

/** Which network is raced: that of the default model, or the 512-wide one. */
export type RacedProfile = (typeof PROFILES)[number];

export interface ClassifierRace {
  readonly profile: RacedProfile;
  /** Name of the model. */
  readonly model: string;
  /** Widths from input to classes, such as 136-256-128-64-6. */
  readonly network: string;
  /** Simulated faces on which accuracy was measured. */
  readonly faces: number;
  readonly batches: readonly BatchRace[];
  /** By engine, in the order of the standings. */
  readonly accuracy: readonly { readonly name: string; readonly macroF1: number }[];
}

interface BatchRace {
  readonly batch: number;
  readonly standings: readonly Standing[];
  /** How many times as fast as onnxruntime-node on the bare layers each engine is. */
  readonly ratios: readonly number[];
}

interface Engine {
  readonly name: string;
  /** What to call again and again; `faces` gives the next batch. */
  caller(faces: () => Float32Array, batch: number): Pick<Contender, "call" | "isAsync">;
  /** (count × classes) probabilities */
  predict(faces: Float32Array, count: number): Promise<Float32Array>;
}

/** What is used of a session, whichever build of ONNX Runtime runs it. */
type Session = Pick<GraphSession, "run" | "tensor">;

async function enginesFor(model: Model, calibration: Float32Array): Promise<Engine[]> {
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

async function coreEngine(model: Model, precision: Precision): Promise<Engine> {
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

async function webSession(model: Model): Promise<Session> {
  const engine = await loadOnnxRuntime();
  const session = await engine.createSession(layersGraph(model), 1);
  return {
    run: (feeds) => session.run(feeds),
    tensor: (type, dims, data) => new engine.Tensor(type, data, dims),
  };
}

/** ONNX Runtime on the bare layers; landmarks are normalised by core, as for TensorFlow.js. */
function layersEngine(name: string, session: Session): Engine {
  const run = (faces: Float32Array, count: number) =>
    session.run({ x: session.tensor("float32", [count, LANDMARK_VALUES], normalisedFaces(faces, count)) });
  return {
    name,
    caller: (faces, batch) => ({ call: () => run(faces(), batch), isAsync: true }),
    predict: async (faces, count) => (await run(faces, count)).y!.data as Float32Array,
  };
}

function normalisedFaces(faces: Float32Array, count: number): Float32Array {
  const normalised = new Float32Array(count * LANDMARK_VALUES);
  for (let at = 0; at < normalised.length; at += LANDMARK_VALUES) normaliseInto(normalised, at, faces, at);
  return normalised;
}

function onnxEngine(name: string, session: Session, model: Model): Engine {
  const width = model.metadata.spec.classes.length;
  const feedsOf = (faces: Float32Array, count: number) => ({
    [CLASSIFIER_INPUT]: session.tensor("float32", [count, 1, LANDMARK_VALUES, 1], faces),
  });
  return {
    name,
    caller: (faces, batch) => {
      const target = session.tensor("float32", [batch, width], new Float32Array(batch * width));
      const outputs = { [CLASSIFIER_OUTPUT]: target };
      return { call: () => session.run(feedsOf(faces(), batch), outputs), isAsync: true };
    },
    predict: async (faces, count) =>
      (await session.run(feedsOf(faces, count)))[CLASSIFIER_OUTPUT]!.data as Float32Array,
  };
}

async function tensorFlowEngine(model: Model): Promise<Engine> {
  const tf = await loadTensorFlow();
  const layers = foldBatchNorm(model.layers).map(({ inputs, outputs, kernel, bias }) => ({
    kernel: tf.tensor2d(kernel, [inputs, outputs]),
    bias: tf.tensor1d(bias),
  }));
  const { temperature } = model.metadata;
  const answer = (faces: Float32Array, count: number) =>
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
function supply(landmarks: Float32Array, batch: number): () => Float32Array {
  const length = batch * LANDMARK_VALUES;
  const parts = Array.from({ length: Math.floor(landmarks.length / length) }, (_, part) =>
    landmarks.subarray(part * length, (part + 1) * length),
  );
  let turn = 0;
  return () => parts[turn++ % parts.length]!;
}

/** Races all engines on one network. */
export async function raceClassifier(
  profile: RacedProfile,
  log: (line: string) => void,
): Promise<ClassifierRace> {
  const model = profile === "compact" ? compactModel() : await referenceModel(log);
  const { landmarks: calibration } = generateFaces({ persons: 32, samplesPerPerson: 16, seed: 990_002 });
  const faces = generateFaces({ persons: 128, samplesPerPerson: 32, seed: 990_001 });
  const engines = await enginesFor(model, calibration);
  const batches: BatchRace[] = [];
  for (const batch of BATCHES) {
    log(`${profile}, batch ${batch}`);
    const contenders = engines.map(({ name, caller }) => ({
      name,
      samples: batch,
      ...caller(supply(faces.landmarks, batch), batch),
    }));
    const standings = await race(contenders);
    const peer = standings[2]!;
    batches.push({ batch, standings, ratios: standings.map((one) => ratio(one, peer)) });
  }
  const accuracy: { name: string; macroF1: number }[] = [];
  for (const { name, predict } of engines) {
    const answers = await predict(faces.landmarks, faces.labels.length);
    accuracy.push({ name, macroF1: evaluateAnswers(answers, faces.labels, faces.classes).average.f1 });
  }
  const { spec, name } = model.metadata;
  const network = [spec.inputs, ...spec.hidden, spec.classes.length].join("-");
  return { profile, model: name, network, faces: faces.labels.length, batches, accuracy };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = process.argv[2] ?? "compact";
  const profile = PROFILES.find((name) => name === wanted);
  if (!profile) throw new Error(`No profile ${wanted}: give ${PROFILES.join(" or ")}.`);
  const result = await raceClassifier(profile, (line) => console.error(line));
  console.log(`${result.model} ${result.network}, faces/s, median of rounds (best), times onnxruntime-node`);
  for (const { batch, standings, ratios } of result.batches) {
    console.log(`batch ${batch}`);
    for (const [index, { name, median, best }] of standings.entries()) {
      const shown = [median, best].map((value) => Math.round(value).toLocaleString("en").padStart(10));
      console.log(`  ${name.padEnd(32)}${shown.join(" (")})  × ${ratios[index]!.toFixed(2)}`);
    }
  }
  for (const { name, macroF1 } of result.accuracy)
    console.log(`  ${name.padEnd(32)} macro F1 ${macroF1.toFixed(4)}`);
}
