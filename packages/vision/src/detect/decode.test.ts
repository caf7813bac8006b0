import { expect, test } from "vitest";
import { decodeCandidates } from "./decode.ts";
import { CANDIDATE_COUNT, CANDIDATE_VALUES } from "./detector-model.ts";

const certain = 5;
const impossible = -50;

function outputs(faces: { index: number; logit: number; values: number[] }[]) {
  const logits = new Float32Array(CANDIDATE_COUNT).fill(impossible);
  const values = new Float32Array(CANDIDATE_COUNT * CANDIDATE_VALUES);
  for (const face of faces) {
    logits[face.index] = face.logit;
    values.set(face.values, face.index * CANDIDATE_VALUES);
  }
  return { logits, values };
}

test("a candidate is placed from the middle of its grid cell", () => {
  // Candidate 2 × (16 · 3 + 5) is the first of row 3, column 5 of the fine grid, whose cells are 16 pixels wide.
  const { logits, values } = outputs([
    { index: 2 * (16 * 3 + 5), logit: certain, values: [4, -8, 64, 32, -16, -4, 16, 4] },
  ]);
  const [face, ...others] = decodeCandidates(logits, values, 0.5);
  expect(others).toEqual([]);
  expect(face!.score).toBeCloseTo(1 / (1 + Math.exp(-certain)), 6);
  expect(face).toMatchObject({ centreX: 92 / 256, centreY: 48 / 256, width: 64 / 256, height: 32 / 256 });
  expect(face!.rightEye).toEqual([72 / 256, 52 / 256]);
  expect(face!.leftEye).toEqual([104 / 256, 60 / 256]);
});

test("candidates of the coarse grid come after the 512 of the fine one", () => {
  const { logits, values } = outputs([{ index: 512 + 6 * 63, logit: certain, values: [0, 0, 32, 32] }]);
  expect(decodeCandidates(logits, values, 0.5)[0]).toMatchObject({ centreX: 240 / 256, centreY: 240 / 256 });
});

test("of overlapping candidates the best stays, apart ones all stay, weak ones go", () => {
  const box = [0, 0, 60, 60];
  const { logits, values } = outputs([
    { index: 2 * (16 * 4 + 4), logit: 2, values: box },
    { index: 2 * (16 * 4 + 5), logit: 4, values: box },
    { index: 2 * (16 * 12 + 12), logit: 1, values: box },
    { index: 2 * (16 * 12 + 2), logit: -1, values: box },
  ]);
  const faces = decodeCandidates(logits, values, 0.5);
  expect(faces.map(({ centreX }) => centreX * 256)).toEqual([88, 200]);
});
