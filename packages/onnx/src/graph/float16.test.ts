import { expect, test } from "vitest";
import { fromFloat16, LARGEST_FLOAT16, toFloat16 } from "./float16.ts";

test("every half-precision number comes back as it was", () => {
  const bits = Uint16Array.from({ length: 1 << 16 }, (_, index) => index).filter(
    (value) => (value & 0x7fff) <= 0x7c00,
  );
  expect(toFloat16(fromFloat16(bits))).toEqual(bits);
});

test("known bit patterns", () => {
  const known: [number, number][] = [
    [1, 0x3c00],
    [-2, 0xc000],
    [LARGEST_FLOAT16, 0x7bff],
    [65519.996, 0x7bff],
    [65520, 0x7c00],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [2 ** -25, 0x0000],
    [0.1, 0x2e66],
    [Number.NEGATIVE_INFINITY, 0xfc00],
    [-0, 0x8000],
  ];
  for (const [value, bits] of known) expect([value, ...toFloat16([value])]).toEqual([value, bits]);
  expect(fromFloat16(toFloat16([Number.NaN]))[0]).toBeNaN();
});

test("ties go to the even neighbour", () => {
  const step = 2 ** -10;
  expect(fromFloat16(toFloat16([1 + step / 2, 1 + 1.5 * step, 1 + 0.51 * step]))).toEqual(
    Float32Array.of(1, 1 + 2 * step, 1 + step),
  );
});
