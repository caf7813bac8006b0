import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { MESH_TO_IBUG68 } from "@emotionnet/core";
import { describe, expect, it } from "vitest";
import { faceParameters } from "../face-parameters.ts";
import { fitParameters } from "./fit-parameters.ts";
import { principalModes } from "./principal-modes.ts";
import { alignOnto, alignToMean } from "./procrustes.ts";
import {
  centred,
  mirror,
  outerEyeDistance,
  pitchBetween,
  pitched,
  type Shape,
  scaled,
  symmetrise,
} from "./shape.ts";

const face = centred([...faceParameters().bases.ict]);

function turned(shape: Shape, angle: number): Shape {
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  return shape.map((value, index) => {
    if (index % 3 === 0) return cosine * value - sine * shape[index + 1]!;
    return index % 3 === 1 ? sine * shape[index - 1]! + cosine * value : value;
  });
}

function largestDifference(a: Shape, b: Shape): number {
  return Math.max(...a.map((value, index) => Math.abs(value - b[index]!)));
}

describe("alignment", () => {
  it("undoes a turn, a move and a change of size", () => {
    const moved = scaled(turned(face, 0.4), 3).map((value) => value + 2);
    expect(largestDifference(alignOnto(centred(moved), face), face)).toBeLessThan(1e-9);
  });

  it("finds the common shape of many views", () => {
    const views = [0, 0.3, -0.5, 1].map((angle, index) => scaled(turned(face, angle), index + 1));
    const { mean, shapes } = alignToMean(views);
    expect(outerEyeDistance(mean)).toBeCloseTo(1, 9);
    for (const shape of shapes) expect(largestDifference(shape, alignOnto(face, mean))).toBeLessThan(1e-9);
  });
});

describe("pitch", () => {
  it("is found again after a nod, and lifts the nose when positive", () => {
    const raised = pitched(face, 0.2);
    expect(pitchBetween(face, raised)).toBeCloseTo(0.2, 12);
    expect(raised[3 * 30 + 1]!).toBeGreaterThan(face[3 * 30 + 1]!);
  });
});

describe("principalModes", () => {
  it("finds the direction and the spread that were put in", () => {
    const direction = symmetrise(face.map((_, index) => (index % 3 === 1 ? Math.sin(index) : 0)));
    const length = Math.hypot(...direction);
    const differences = [-2, -1, 0, 1, 2].map((weight) => scaled(direction, weight / length));
    const { deviations, directions } = principalModes(differences, differences.length, 0.99);
    expect(deviations).toHaveLength(1);
    expect(deviations[0]).toBeCloseTo(Math.SQRT2, 9);
    expect(Math.abs(directions[0]!.reduce((sum, v, i) => sum + (v * direction[i]!) / length, 0))).toBeCloseTo(
      1,
      9,
    );
  });
});

describe("the fitted parameters", () => {
  const { bases, actions } = faceParameters();

  it("have symmetric mean faces of unit width", () => {
    for (const base of Object.values(bases)) {
      const shape = [...base];
      expect(Math.abs(outerEyeDistance(shape) - 1)).toBeLessThan(base === bases.template ? 0.05 : 1e-3);
      expect(largestDifference(shape, mirror(shape))).toBeLessThan(2e-4);
    }
  });

  it("mirror the left half of an action for its right half", () => {
    const { left, right } = actions.mouthSmile;
    expect(largestDifference(mirror([...left]), [...right])).toBe(0);
    const leftCorner = left[3 * 54 + 1]!;
    expect(leftCorner).toBeGreaterThan(5 * Math.abs(right[3 * 54 + 1]!));
  });

  it("drop the jaw straight down", () => {
    const { left } = actions.jawOpen;
    expect(left[3 * 8 + 1]!).toBeLessThan(-0.2);
    expect(Math.abs(left[3 * 8]!)).toBeLessThan(1e-3);
    expect(largestDifference([...left], mirror([...left]))).toBeLessThan(2e-4);
  });
});

describe("the committed parameter file", () => {
  const stored = readFileSync(new URL("../../../data/face-generator.json", import.meta.url), "utf8");

  it("was fitted with the mesh map that core has now", () => {
    const map = createHash("sha256").update(JSON.stringify(MESH_TO_IBUG68)).digest("hex");
    expect(JSON.parse(stored).provenance.meshMap).toBe(map);
  });

  const data = fileURLToPath(new URL("../../../../../../shared/data/", import.meta.url));
  const isPresent = existsSync(`${data}ict-face-landmarks.json`);
  it.skipIf(!isPresent)("comes out again, byte for byte (needs ../shared/data)", () => {
    const read = (name: string) => readFileSync(`${data}${name}`);
    const again = fitParameters(
      read("ict-face-landmarks.json"),
      read("london-landmarks.json"),
      read("london-templates.json"),
    );
    expect(`${JSON.stringify(again)}\n`).toBe(stored);
  });
});
