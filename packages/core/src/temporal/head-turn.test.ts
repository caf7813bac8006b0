import { describe, expect, it } from "vitest";
import { MEAN_SHAPE } from "../landmarks/mean-shape.ts";
import { headTurn } from "./head-turn.ts";

/** The mean face with its nose tip in front of the rest (as wide as 1.35 half eye widths), turned about the upright axis. */
function turned(yaw: number): number[] {
  const angle = (yaw * Math.PI) / 180;
  return MEAN_SHAPE.map((value, index) => {
    if (index % 2 === 1) return value;
    const depth = index === 60 ? 1.35 * 0.998 : 0;
    return value * Math.cos(angle) + depth * Math.sin(angle);
  });
}

describe("headTurn", () => {
  it("is level for the mean face, at any place, size and roll", () => {
    const [cosine, sine] = [Math.cos(0.5), Math.sin(0.5)];
    const moved = MEAN_SHAPE.map((value, index) => {
      const [x, y] = index % 2 === 0 ? [value, MEAN_SHAPE[index + 1]!] : [MEAN_SHAPE[index - 1]!, value];
      return 300 + 80 * (index % 2 === 0 ? cosine * x - sine * y : sine * x + cosine * y);
    });
    for (const face of [MEAN_SHAPE, moved]) {
      expect(headTurn(face).yaw).toBeCloseTo(0, 6);
      expect(Math.abs(headTurn(face).pitch)).toBeLessThan(0.1);
    }
  });

  it.each([-40, -15, 10, 30])("reads a yaw of %d degrees, positive to the face's own left", (yaw) => {
    expect(headTurn(turned(yaw)).yaw).toBeCloseTo(yaw, 6);
  });

  it("reads a nose tip that rises as looking up", () => {
    const up = MEAN_SHAPE.map((value, index) => (index === 61 ? value - 0.15 : value));
    expect(headTurn(up).pitch).toBeGreaterThan(10);
  });
});
