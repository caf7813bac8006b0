import { describe, expect, it } from "vitest";
import { readSafetensors, type Tensor, type TensorFile, writeSafetensors } from "./safetensors.ts";

const file: TensorFile = {
  tensors: new Map<string, Tensor>([
    ["bytes", { type: "U8", shape: [3], data: Uint8Array.of(1, 2, 255) }],
    ["whole", { type: "I32", shape: [2, 1], data: Int32Array.of(-7, 2 ** 31 - 1) }],
    ["kernel", { type: "F32", shape: [2, 3], data: Float32Array.of(1.5, -2, 0, 1e-30, 3e38, -0) }],
    ["long", { type: "I64", shape: [1], data: BigInt64Array.of(-(2n ** 63n)) }],
    ["double", { type: "F64", shape: [], data: Float64Array.of(Math.PI) }],
    ["empty", { type: "F32", shape: [0, 4], data: new Float32Array(0) }],
  ]),
  metadata: { name: "größe", a: "" },
};

/** A file from a raw header and data, to write what the writer refuses to write. */
function rawFile(header: unknown, data: number[] = []): Uint8Array {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

const tensor = (shape: unknown, offsets: unknown, dtype = "U8") => ({ dtype, shape, data_offsets: offsets });

describe("safetensors", () => {
  it("gives back every tensor and all metadata", () => {
    const read = readSafetensors(writeSafetensors(file));
    expect(Object.fromEntries(read.tensors)).toEqual(Object.fromEntries(file.tensors));
    expect(read.metadata).toEqual(file.metadata);
  });

  it("writes the same bytes whatever the order of names", () => {
    const tensors = new Map([...file.tensors].reverse());
    const metadata = Object.fromEntries(Object.entries(file.metadata).reverse());
    expect(writeSafetensors({ tensors, metadata })).toEqual(writeSafetensors(file));
  });

  it("starts the values at a multiple of 8 bytes and aligns each tensor to its element size", () => {
    const bytes = writeSafetensors(file);
    const headerLength = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(headerLength % 8).toBe(0);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength)));
    for (const [name, { data }] of file.tensors) {
      expect(header[name].data_offsets[0] % data.BYTES_PER_ELEMENT).toBe(0);
    }
  });

  it("reads a file that starts at an odd place of a larger buffer", () => {
    const bytes = writeSafetensors(file);
    const larger = new Uint8Array(bytes.length + 7);
    larger.set(bytes, 3);
    const read = readSafetensors(larger.subarray(3, 3 + bytes.length));
    expect(read.tensors.get("kernel")?.data).toEqual(file.tensors.get("kernel")?.data);
  });

  it.each([
    ["cut within the length", Uint8Array.of(1, 2, 3), "model-damaged", "3 bytes"],
    ["a header longer than the file", rawFile("{}").subarray(0, 9), "model-damaged", "header"],
    ["a header that is not JSON", rawFile("{]"), "model-damaged", "JSON"],
    ["a header that is a list", rawFile("[]"), "model-damaged", "object"],
    ["metadata that is not text", rawFile({ __metadata__: { a: 1 } }), "model-damaged", '"a"'],
    ["an unknown type", rawFile({ w: tensor([1], [0, 1], "BF16") }, [0]), "model-damaged", '"w"'],
    [
      "a type named like a method",
      rawFile({ w: tensor([1], [0, 1], "toString") }, [0]),
      "model-damaged",
      '"w"',
    ],
    ["a negative size", rawFile({ w: tensor([-1], [0, 1]) }, [0]), "model-shape", '"w"'],
    ["a shape that is text", rawFile({ w: tensor("1", [0, 1]) }, [0]), "model-shape", '"w"'],
    ["a shape larger than its bytes", rawFile({ w: tensor([4], [0, 1]) }, [0]), "model-shape", '"w"'],
    [
      "a shape beyond all numbers",
      rawFile({ w: tensor([2 ** 40, 2 ** 40], [0, 1]) }, [0]),
      "model-shape",
      '"w"',
    ],
    ["offsets beyond the end", rawFile({ w: tensor([2], [0, 2]) }, [0]), "model-damaged", '"w"'],
    ["offsets that run backwards", rawFile({ w: tensor([1], [1, 0]) }, [0]), "model-damaged", '"w"'],
    ["one offset", rawFile({ w: tensor([1], [0]) }, [0]), "model-damaged", '"w"'],
    [
      "tensors that overlap",
      rawFile({ v: tensor([2], [0, 2]), w: tensor([2], [1, 3]) }, [0, 0, 0]),
      "model-damaged",
      '"w"',
    ],
    ["a gap", rawFile({ w: tensor([1], [1, 2]) }, [0, 0]), "model-damaged", '"w"'],
    ["bytes after the end", rawFile({ w: tensor([1], [0, 1]) }, [0, 0]), "model-damaged", "after"],
  ])("refuses %s", (_, bytes, code, message) => {
    expect(() => readSafetensors(bytes)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it("does not write a tensor whose shape and values disagree", () => {
    const tensors = new Map<string, Tensor>([
      ["w", { type: "F32", shape: [2, 2], data: new Float32Array(3) }],
    ]);
    expect(() => writeSafetensors({ tensors, metadata: {} })).toThrow(/"w"/);
  });
});
