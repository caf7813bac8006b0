import { EXPRESSIONS, type Expression, LANDMARK_VALUES, normalise } from "@emotionnet/core";
import { describe, expect, it } from "vitest";
import { type Dataset, personOf } from "../dataset/dataset.ts";
import { MULTI_PIE_SHOTS } from "./frame-name.ts";
import { type GeneratorProgress, generateFaces } from "./generate-faces.ts";
import { type FaceMeasures, measureFace } from "./geometry.ts";
import { SOURCES } from "./sensor.ts";

function rows(dataset: Dataset, keep: (index: number) => boolean): Float32Array[] {
  return Array.from({ length: dataset.count }, (_, index) => index)
    .filter(keep)
    .map((index) => dataset.landmarks.slice(index * LANDMARK_VALUES, (index + 1) * LANDMARK_VALUES));
}

const cameraOf = (name: string) => name.split("_")[3]!;

describe("generateFaces", () => {
  const wild = generateFaces({ persons: 40, samplesPerPerson: 30, seed: 7 });
  const studio = generateFaces({ persons: 60, samplesPerPerson: 90, seed: 7, protocol: "multipie" });
  const frontal = (expression: Expression) =>
    rows(
      studio,
      (index) =>
        studio.labels[index] === EXPRESSIONS.indexOf(expression) && cameraOf(studio.names[index]!) === "051",
    );
  const meanOf = (expression: Expression, measure: keyof FaceMeasures) => {
    const values = frontal(expression).map((face) => measureFace(face)[measure]);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };

  it("gives the same faces for the same seed, and others for another", () => {
    const again = generateFaces({ persons: 40, samplesPerPerson: 30, seed: 7 });
    expect(again).toEqual(wild);
    const other = generateFaces({ persons: 40, samplesPerPerson: 30, seed: 8 });
    expect(other.landmarks).not.toEqual(wild.landmarks);
  });

  it("gives a person the same faces however many persons follow", () => {
    const fewer = generateFaces({ persons: 10, samplesPerPerson: 30, seed: 7 });
    expect(fewer.landmarks).toEqual(wild.landmarks.slice(0, fewer.landmarks.length));
    expect(fewer.names).toEqual(wild.names.slice(0, fewer.count));
  });

  it("shares a total count out over persons and classes evenly", () => {
    const dataset = generateFaces({ persons: 7, count: 600, seed: 1 });
    expect(dataset.count).toBe(600);
    const perClass = EXPRESSIONS.map((_, id) => dataset.labels.filter((label) => label === id).length);
    expect(perClass).toEqual([100, 100, 100, 100, 100, 100]);
    expect(new Set(dataset.names.map(personOf)).size).toBe(7);
  });

  it("follows Multi-PIE's class shares when asked", () => {
    const dataset = generateFaces({ persons: 20, count: 6000, seed: 1, classShares: "multipie" });
    const share = (id: number) => dataset.labels.filter((label) => label === id).length / dataset.count;
    expect(share(0)).toBeCloseTo(0.4614, 1);
    expect(share(1)).toBeCloseTo(0.1905, 1);
    expect(share(2)).toBeCloseTo(0.0807, 1);
  });

  it("shows posed expressions more clearly than free ones", () => {
    const openingOf = (posedShare: number) => {
      const faces = generateFaces({
        persons: 60,
        samplesPerPerson: 90,
        seed: 7,
        protocol: "multipie",
        posedShare,
      });
      const squints = rows(
        faces,
        (index) =>
          faces.labels[index] === EXPRESSIONS.indexOf("squint") && cameraOf(faces.names[index]!) === "051",
      );
      return squints.reduce((sum, face) => sum + measureFace(face).eyeOpening, 0) / squints.length;
    };
    expect(openingOf(1)).toBeLessThan(openingOf(0) - 0.003);
  });

  it("names frames uniquely, with the session and recording of their expression", () => {
    for (const dataset of [wild, studio]) {
      expect(new Set(dataset.names).size).toBe(dataset.count);
      for (const [index, name] of dataset.names.entries()) {
        const [, session, recording] = name.split("_").map(Number) as [number, number, number];
        const expression = EXPRESSIONS[dataset.labels[index]!]!;
        expect(MULTI_PIE_SHOTS[expression]).toContainEqual({ session, recording });
      }
    }
    expect(new Set(studio.names.map(cameraOf)).size).toBe(15);
  });

  it("makes finite faces whose normalised points stay near a face", () => {
    for (const source of SOURCES) {
      const dataset = generateFaces({
        persons: 100,
        samplesPerPerson: 12,
        seed: 3,
        sources: { [source]: 1 },
      });
      for (const face of rows(dataset, () => true)) {
        expect(face.every(Number.isFinite)).toBe(true);
        expect(Math.max(...normalise(face).map(Math.abs))).toBeLessThan(6);
      }
    }
  });

  it("shows each expression by its own signs", () => {
    const order = (measure: keyof FaceMeasures, ...names: Expression[]) => {
      const values = names.map((name) => meanOf(name, measure));
      expect(values, `${measure} of ${names.join(" > ")}`).toEqual([...values].sort((a, b) => b - a));
    };
    order("mouthOpening", "scream", "surprise", "happy", "neutral");
    order("mouthOpening", "surprise", "disgust", "squint");
    order("lipCornerAngle", "happy", "neutral");
    order("mouthWidth", "happy", "neutral", "surprise");
    order("browHeight", "surprise", "neutral", "squint", "disgust");
    order("eyeOpening", "surprise", "neutral", "squint");
    order("eyeOpening", "neutral", "scream");
    order("upperLipDrop", "neutral", "disgust");
    expect(meanOf("happy", "lipCornerAngle") - meanOf("neutral", "lipCornerAngle")).toBeGreaterThan(5);
  });

  it("turns the nose with the camera: to the right of the picture at positive yaw", () => {
    const noseOffset = (camera: string) => {
      const offsets = rows(studio, (index) => cameraOf(studio.names[index]!) === camera).map((face) => {
        const eyes = (face[2 * 36]! + face[2 * 45]!) / 2;
        return (face[2 * 30]! - eyes) / measureHeight(face);
      });
      return offsets.reduce((sum, value) => sum + value, 0) / offsets.length;
    };
    const [left, front, right] = ["080", "051", "190"].map(noseOffset) as [number, number, number];
    expect(left).toBeLessThan(-0.15);
    expect(Math.abs(front)).toBeLessThan(0.05);
    expect(right).toBeGreaterThan(0.15);
  });

  it("sees the raised cameras' faces from above", () => {
    const noseDrop = (camera: string) => {
      const drops = rows(studio, (index) => cameraOf(studio.names[index]!) === camera).map(
        (face) => (face[2 * 30 + 1]! - face[2 * 27 + 1]!) / measureHeight(face),
      );
      return drops.reduce((sum, value) => sum + value, 0) / drops.length;
    };
    expect(noseDrop("081")).toBeGreaterThan(noseDrop("080") + 0.05);
    expect(noseDrop("191")).toBeGreaterThan(noseDrop("190") + 0.05);
  });

  it("marks the points that the head hides at profile, and none from the front", () => {
    const hidden = (camera: string, point: number) => {
      const flags = studio.names.flatMap((name, index) =>
        cameraOf(name) === camera ? [studio.occluded[index * 68 + point]!] : [],
      );
      return flags.reduce((sum, flag) => sum + flag, 0) / flags.length;
    };
    expect(hidden("051", 36)).toBe(0);
    expect(hidden("051", 45)).toBe(0);
    expect(hidden("051", 0)).toBe(0);
    expect(hidden("080", 0)).toBe(1);
    expect(hidden("080", 16)).toBe(0);
    expect(hidden("240", 45)).toBe(1);
    expect(hidden("240", 36)).toBe(0);
    expect(hidden("110", 36)).toBe(1);
    expect(hidden("110", 45)).toBe(0);
  });

  it("keeps a person's face over his samples", () => {
    const many = generateFaces({
      persons: 30,
      samplesPerPerson: 180,
      seed: 4,
      protocol: "multipie",
      sources: { mesh: 1 },
    });
    const faces = new Map<string, Float32Array[]>();
    for (const [index, name] of many.names.entries()) {
      if (cameraOf(name) !== "051" || many.labels[index] !== 0) continue;
      const face = normalise(many.landmarks.subarray(index * LANDMARK_VALUES, (index + 1) * LANDMARK_VALUES));
      faces.set(personOf(name), [...(faces.get(personOf(name)) ?? []), face]);
    }
    const pairs = [...faces.values()].filter((own) => own.length >= 2).map((own) => own.slice(0, 2));
    expect(pairs.length).toBeGreaterThan(20);
    const within = pairs.map(([a, b]) => distance(a!, b!));
    const between = pairs.map(([a], person) => distance(a!, pairs[(person + 1) % pairs.length]![1]!));
    expect(median(within)).toBeLessThan(0.8 * median(between));
  });

  it("tells its progress and stops when asked to", () => {
    const heard: GeneratorProgress[] = [];
    generateFaces({
      persons: 50,
      samplesPerPerson: 2,
      seed: 1,
      onProgress: (progress) => heard.push(progress),
    });
    expect(heard.at(-1)).toMatchObject({ done: 100, total: 100 });
    const controller = new AbortController();
    const stopped = () =>
      generateFaces({
        persons: 500,
        samplesPerPerson: 2,
        seed: 1,
        onProgress: () => controller.abort(),
        signal: controller.signal,
      });
    expect(stopped).toThrow(/abort/i);
  });

  it("refuses numbers that make no set", () => {
    for (const options of [
      { persons: 0, samplesPerPerson: 5, seed: 1 },
      { persons: 3, seed: 1 },
      { persons: 3, count: 2.5, seed: 1 },
      { persons: 10_000_000, samplesPerPerson: 100_000_000, seed: 1 },
      { persons: 300_000, samplesPerPerson: 60, seed: 1 },
    ]) {
      expect(() => generateFaces(options)).toThrow(expect.objectContaining({ code: "usage" }));
    }
  });
});

/** Height from the chin to the root of the nose, which a turn of the head leaves alone. */
function measureHeight(face: Float32Array): number {
  return face[2 * 8 + 1]! - face[2 * 27 + 1]!;
}

function distance(a: Float32Array, b: Float32Array): number {
  return Math.hypot(...a.map((value, index) => value - b[index]!));
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
