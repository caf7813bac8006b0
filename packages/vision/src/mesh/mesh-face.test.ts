import { expect, test } from "vitest";
import { isSameFace } from "./mesh-face.ts";

const face = { x: 100, y: 100, width: 200, height: 240 };

test("a box on an eye of a face is that face", () => {
  const eye = { x: 210, y: 150, width: 70, height: 75 };
  expect(isSameFace(face, eye)).toBe(true);
  expect(isSameFace(eye, face)).toBe(true);
});

test("a far face beside the chin is another one, though the corner of the near one's box holds it", () => {
  expect(isSameFace(face, { x: 262, y: 296, width: 36, height: 42 })).toBe(false);
});

test("faces side by side are two, even when their boxes overlap", () => {
  expect(isSameFace(face, { ...face, x: 250 })).toBe(false);
});
