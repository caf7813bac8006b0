import { describe, expect, it } from "vitest";
import { EXPRESSIONS } from "../expressions.ts";
import { MEAN_SHAPE } from "../landmarks/mean-shape.ts";
import { normalise } from "../landmarks/normalise.ts";
import type { Classification } from "../results.ts";
import { randomSource } from "../testing/random-model.ts";
import { ExpressionTrack } from "./expression-track.ts";
import { NeutralBaseline } from "./neutral-baseline.ts";

/** Moves of points (index → x, y) as 136 differences in the normalised frame. */
function moves(points: Record<number, [number, number]>): number[] {
  const differences = new Array<number>(136).fill(0);
  for (const [point, [x, y]] of Object.entries(points)) {
    differences[2 * Number(point)] = x;
    differences[2 * Number(point) + 1] = y;
  }
  return differences;
}

const SMILE = moves({
  48: [-0.2, -0.15],
  54: [0.2, -0.15],
  60: [-0.18, -0.13],
  64: [0.18, -0.13],
  57: [0, 0.08],
});
const LOWERED_BROWS = moves(
  Object.fromEntries(
    Array.from({ length: 10 }, (_, index) => [17 + index, [index < 5 ? 0.03 : -0.03, 0.12]]),
  ),
);

/** The mean face with parts of moves, somewhere in a picture, turned and 90 pixels to the unit, as a camera would see it. */
function face(...parts: [moved: number[], amount: number][]): Float32Array {
  const shape = MEAN_SHAPE.map((value, index) =>
    parts.reduce((sum, [moved, amount]) => sum + amount * moved[index]!, value),
  );
  const picture = new Float32Array(136);
  const [cosine, sine] = [90 * Math.cos(0.3), 90 * Math.sin(0.3)];
  for (let x = 0; x < 136; x += 2) {
    picture[x] = 640 + cosine * shape[x]! - sine * shape[x + 1]!;
    picture[x + 1] = 360 + sine * shape[x]! + cosine * shape[x + 1]!;
  }
  return picture;
}

/** A real, simple classifier: how much of a smile, and of lowered brows, is in the points, against the mean face. */
function classify(points: Float32Array): Classification {
  const shape = normalise(points);
  const amount = (moved: number[]) => {
    // What the move looks like after normalisation, which takes its shift of the whole face away.
    const seen = normalise(MEAN_SHAPE.map((value, index) => value + moved[index]!));
    let [dot, length] = [0, 0];
    seen.forEach((value, index) => {
      const change = value - MEAN_SHAPE[index]!;
      dot += change * (shape[index]! - MEAN_SHAPE[index]!);
      length += change * change;
    });
    return dot / length;
  };
  const logits = [0, 8 * amount(SMILE) - 4, -4, 8 * amount(LOWERED_BROWS) - 4, -4, -4];
  const powers = logits.map((logit) => Math.exp(logit));
  const total = powers.reduce((sum, value) => sum + value, 0);
  const probabilities = Object.fromEntries(EXPRESSIONS.map((name, index) => [name, powers[index]! / total]));
  const confidence = Math.max(...powers) / total;
  return {
    expression: EXPRESSIONS[powers.indexOf(Math.max(...powers))]!,
    confidence,
    probabilities,
    quality: 1,
  };
}

/** Follows `faceAt` for so many seconds, from the track's last time on. */
function watch(track: ExpressionTrack, seconds: number, faceAt: (time: number) => Float32Array): string[] {
  const start = track.summary().to ?? 0;
  return Array.from({ length: Math.round(30 * seconds) }, (_, index) => {
    const points = faceAt(index / 30);
    return track.push(start + (index + 1) / 30, classify(track.correct(points)), points).label;
  });
}

const shake = (points: Float32Array, random: () => number) =>
  points.map((value) => value + 3 * (random() - 0.5));

describe("the neutral baseline on a track", () => {
  it("makes an unusual resting face neutral within seconds and keeps a real smile", () => {
    const random = randomSource(7);
    const track = new ExpressionTrack(EXPRESSIONS, { neutralBaseline: "on" });
    const rest = () => shake(face([LOWERED_BROWS, 0.6]), random);
    const early = watch(track, 8, rest);
    expect(early[0]).toBe("squint");
    expect(early.slice(150).every((label) => label === "neutral")).toBe(true);
    const smiling = watch(track, 5, () => shake(face([LOWERED_BROWS, 0.6], [SMILE, 1]), random));
    expect(smiling.slice(15).every((label) => label === "happy")).toBe(true);
    const again = watch(track, 2, rest);
    expect(again.slice(15).every((label) => label === "neutral")).toBe(true);
  });

  it("leaves the same face alone when it is off", () => {
    const track = new ExpressionTrack(EXPRESSIONS);
    const points = face([LOWERED_BROWS, 0.6]);
    expect(track.correct(points)).toEqual(points);
    expect(watch(track, 8, () => points).at(-1)).toBe("squint");
    expect(track.baselineSeconds).toBe(0);
  });

  it("does not learn a smile, however long it is held", () => {
    const track = new ExpressionTrack(EXPRESSIONS, { neutralBaseline: "on" });
    watch(track, 3, () => face());
    const labels = watch(track, 60, () => face([SMILE, 1]));
    expect(labels.slice(15).every((label) => label === "happy")).toBe(true);
    expect(track.baselineSeconds).toBeLessThan(3.2);
  });

  it("shows lowered brows of a person whose brows rest high, which the average face would hide", () => {
    const track = new ExpressionTrack(EXPRESSIONS, { neutralBaseline: "on" });
    watch(track, 10, () => face([LOWERED_BROWS, -0.6]));
    expect(watch(track, 1, () => face([LOWERED_BROWS, 0.4])).at(-1)).toBe("squint");
    expect(classify(face([LOWERED_BROWS, 0.4])).expression).toBe("neutral");
  });
});

describe("NeutralBaseline", () => {
  const learned = (points: Float32Array, neutral: number, seconds: number) => {
    const baseline = new NeutralBaseline();
    for (let frame = 0; frame < 30 * seconds; frame++) baseline.learn(normalise(points), neutral, 1 / 30);
    return baseline;
  };
  /** Between two pictures of a face, whatever its place, size and roll. */
  const distance = (one: Float32Array, other: Float32Array) => {
    const shape = normalise(other);
    return Math.sqrt(
      normalise(one).reduce((sum, value, index) => sum + (value - shape[index]!) ** 2, 0) / 68,
    );
  };

  it("takes the resting difference away, and leaves the face where it was in the picture", () => {
    const rest = face([LOWERED_BROWS, 0.5]);
    const baseline = learned(rest, 1, 60);
    const corrected = baseline.correct(rest);
    expect(distance(corrected, face())).toBeLessThan(0.05 * distance(rest, face()));
    corrected.forEach((value, index) => {
      expect(Math.abs(value - rest[index]!)).toBeLessThan(0.1 * 90);
    });
  });

  it("corrects nothing before it has learned, and in place when asked to", () => {
    const points = face([SMILE, 1]);
    const copy = points.slice();
    expect(new NeutralBaseline().correct(points, points)).toBe(points);
    expect(points).toEqual(copy);
  });

  it("is hardly moved by odd frames", () => {
    const rest = face([LOWERED_BROWS, 0.5]);
    const baseline = learned(rest, 1, 10);
    for (let frame = 0; frame < 30; frame++) {
      baseline.learn(normalise(face([LOWERED_BROWS, 0.5], [SMILE, 3])), 0.7, 1 / 30);
    }
    expect(distance(baseline.correct(rest), face())).toBeLessThan(0.2 * distance(rest, face()));
  });

  it("learns nothing from a turned head, from a face that is not neutral, or from points that are no face", () => {
    const turned = face([moves({ 30: [0.8, 0] }), 1]);
    expect(learned(turned, 1, 5).seconds).toBe(0);
    expect(learned(face(), 0.1, 5).seconds).toBe(0);
    expect(learned(face(), Number.NaN, 5).seconds).toBe(0);
    const noEyes = face();
    noEyes.copyWithin(90, 72, 74);
    expect(learned(noEyes, 1, 5).seconds).toBe(0);
    expect(new NeutralBaseline().correct(noEyes).every(Number.isFinite)).toBe(true);
  });

  it("never corrects by more than faces differ", () => {
    const baseline = learned(face([SMILE, 10]), 1, 60);
    const moved = distance(baseline.correct(face()), face());
    expect(moved).toBeLessThan(0.15);
    expect(moved).toBeGreaterThan(0.05);
  });
});
