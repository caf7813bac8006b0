import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { measureFace } from "../geometry.ts";
import { COMPARED, pointStatistics, realFaces, statistics, syntheticFaces } from "./faces.ts";

const data = fileURLToPath(new URL("../../../../../../shared/data", import.meta.url));
const isPresent = existsSync(`${data}/london-landmarks.json`);

describe.skipIf(!isPresent)(
  "synthetic beside real faces (needs ../shared/data/london-landmarks.json)",
  () => {
    const real = isPresent ? realFaces(data) : { neutral: [], happy: [] };
    const synthetic = syntheticFaces();

    /** Allowed distance of the means, in standard deviations of the real faces. */
    const LARGEST_SHIFT = 0.5;

    it.each([
      ["mouthWidth"],
      ["lipHeight"],
      ["lipCornerAngle"],
      ["eyeOpening"],
      ["browHeight"],
      ["innerBrowHeight"],
      ["upperLipDrop"],
      ["noseLength"],
      ["asymmetry"],
    ] as const)("%s has nearly the real mean and spread", (measure) => {
      for (const name of COMPARED) {
        const [a, b] = [real, synthetic].map((set) =>
          statistics(set[name].map((face) => measureFace(face)[measure])),
        ) as [ReturnType<typeof statistics>, ReturnType<typeof statistics>];
        expect(Math.abs(a.mean - b.mean) / a.deviation, name).toBeLessThan(LARGEST_SHIFT);
        expect(b.deviation / a.deviation, name).toBeGreaterThan(0.75);
        expect(b.deviation / a.deviation, name).toBeLessThan(2);
      }
    });

    it("places the mean of every inner point within 5 % of the eye distance", () => {
      for (const name of COMPARED) {
        for (let point = 17; point < 68; point++) {
          const [a, b] = [real, synthetic].map((set) => pointStatistics(set[name], point)) as [
            ReturnType<typeof pointStatistics>,
            ReturnType<typeof pointStatistics>,
          ];
          expect(Math.hypot(a.x.mean - b.x.mean, a.y.mean - b.y.mean) / 2, `point ${point}`).toBeLessThan(
            0.05,
          );
        }
      }
    });
  },
);
