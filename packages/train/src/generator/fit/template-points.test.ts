import { describe, expect, it } from "vitest";
import { type Template, templatePoints } from "./template-points.ts";

const TEMPLATE_POINTS = 189;
const OUTLINE = [109, 110, 111, 125, 126, 127, 128, 129, 130, 131, 132, 133, 114, 113, 112];

/** The outline on a line of uneven steps; every other point at its own number. */
const template: Template = Array.from({ length: TEMPLATE_POINTS }, (_, point) => {
  const place = OUTLINE.indexOf(point);
  return place < 0 ? [point, -point] : [(place * (place + 1)) / 2, 0];
});

describe("templatePoints", () => {
  const points = templatePoints(template);

  it("takes eyes, lips and brows from their template points", () => {
    expect(points[36]).toEqual([18, -18]);
    expect(points[45]).toEqual([27, -27]);
    expect(points[54]).toEqual([93, -93]);
    expect(points[57]).toEqual([106, -106]);
    expect(points[21]).toEqual([75.5, -75.5]);
  });

  it("spaces the jaw evenly on each side of the chin", () => {
    const jaw = points.slice(0, 17).map((point) => point![0]);
    expect(jaw[0]).toBe(0);
    expect(jaw[8]).toBe(28);
    expect(jaw[16]).toBe(105);
    for (let step = 1; step <= 16; step++)
      expect(jaw[step]! - jaw[step - 1]!).toBeCloseTo(step <= 8 ? 3.5 : 77 / 8, 9);
  });

  it("leaves out what templates do not mark", () => {
    const missing = points.flatMap((point, index) => (point ? [] : [index]));
    expect(missing).toEqual([27, 28, 29, 30, 31, 32, 34, 35, 60, 64]);
  });
});
