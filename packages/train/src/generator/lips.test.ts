import { describe, expect, it } from "vitest";
import { applyPerformance, type PlacingHabits } from "./expression.ts";
import { faceParameters } from "./face-parameters.ts";
import { lipPlaces, slideLips } from "./lips.ts";

const parameters = faceParameters();
const GAINS = { jaw: 1, brows: 1, eyes: 1, nose: 1, mouth: 1 };
const LOOSE = { jaw: 0, brows: 0, eyes: 0, nose: 0, mouth: 0 };
const INNER_UPPER = [61, 62, 63] as const;

function smiling(lipHold: PlacingHabits["lipHold"]): Float64Array {
  const face = Float64Array.from(parameters.bases.mesh);
  const weights = [{ action: "mouthSmile", left: 0.8, right: 0.8 } as const];
  applyPerformance(
    face,
    { weights, largestGap: Number.POSITIVE_INFINITY },
    { gains: GAINS, stiffness: LOOSE, lipHold },
    parameters,
  );
  return face;
}

function placesOf(face: Float64Array): Float64Array {
  const places = new Float64Array(68);
  lipPlaces(face, places);
  return places;
}

describe("slideLips", () => {
  const rest = placesOf(Float64Array.from(parameters.bases.mesh));

  it("holds the places between the corners that the points had at rest", () => {
    const places = placesOf(smiling(1));
    for (let point = 48; point < 68; point++) expect(places[point]).toBeCloseTo(rest[point]!, 6);
  });

  it("leaves points on the skin without holding, where a smile carries the inner ones outwards", () => {
    const places = placesOf(smiling(0));
    expect(places[61]).toBeLessThan(rest[61]! - 0.02);
    expect(places[63]).toBeGreaterThan(rest[63]! + 0.02);
  });

  it("does not move the corners and keeps points on the lip line", () => {
    const skin = smiling(0);
    const held = skin.slice();
    slideLips(held, rest, 1);
    for (const corner of [48, 54, 60, 64]) {
      expect(held.subarray(3 * corner, 3 * corner + 3)).toEqual(skin.subarray(3 * corner, 3 * corner + 3));
    }
    for (const point of INNER_UPPER) {
      const heights = [60, 61, 62, 63, 64].map((index) => skin[3 * index + 1]!);
      expect(held[3 * point + 1]).toBeGreaterThanOrEqual(Math.min(...heights));
      expect(held[3 * point + 1]).toBeLessThanOrEqual(Math.max(...heights));
    }
  });
});
