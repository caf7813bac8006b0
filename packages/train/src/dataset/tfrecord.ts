/**
 * TFRecord framing, as TensorFlow writes records and event files: length (uint64), masked CRC-32C of the length (uint32),
 * payload, masked CRC-32C of the payload (uint32); all little-endian.
 * Source: tensorflow/core/lib/io/record_writer.h and lib/hash/crc32c.h.
 */

import { createReadStream } from "node:fs";
import { EmotionNetError, type ErrorParts } from "@emotionnet/core";

const HEADER = 12;
const FOOTER = 4;
/** Longer payloads are taken for damage: one sample has about a thousand bytes. */
const LONGEST_PAYLOAD = 1 << 26;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0x82f63b78 : 0);
  return remainder;
});

/** CRC-32C (Castagnoli) of bytes, as an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) remainder = table[(remainder ^ byte) & 0xff]! ^ (remainder >>> 8);
  return (remainder ^ 0xffffffff) >>> 0;
}

/** The mask that keeps a checksum of checksums harmless: rotate right by 15, add a constant. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** One payload with its frame. */
export function frameRecord(payload: Uint8Array): Uint8Array {
  const framed = new Uint8Array(HEADER + payload.length + FOOTER);
  const view = new DataView(framed.buffer);
  view.setUint32(0, payload.length, true);
  view.setUint32(8, maskedCrc32c(framed.subarray(0, 8)), true);
  framed.set(payload, HEADER);
  view.setUint32(HEADER + payload.length, maskedCrc32c(payload), true);
  return framed;
}

/**
 * The payloads of a TFRecord file in order, streamed; a payload is a view that stays valid.
 * @throws EmotionNetError `dataset-damaged` with the record's number (from 1) for a wrong checksum or a file cut short,
 * `file-unreadable` when the file cannot be read.
 */
export async function* readRecords(path: string): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array(0);
  let number = 1;
  for await (const chunk of chunksOf(path)) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let offset = 0;
    for (;;) {
      const payload = payloadAt(bytes, offset, number, path);
      if (!payload) break;
      yield payload;
      offset += HEADER + payload.length + FOOTER;
      number++;
    }
    rest = bytes.subarray(offset);
  }
  if (rest.length > 0) throw damaged(path, number, `ends ${rest.length} bytes into the record`);
}

async function* chunksOf(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) yield chunk;
  } catch (cause) {
    throw new EmotionNetError(
      "file-unreadable",
      {
        got: `${path}, which cannot be read (${(cause as NodeJS.ErrnoException).code ?? cause})`,
        wanted: "a readable TFRecord file",
        mend: "Check the path and its permissions.",
      },
      { cause },
    );
  }
}

/** The payload that starts at `offset`, or nothing when its bytes have not all arrived. */
function payloadAt(bytes: Uint8Array, offset: number, number: number, path: string): Uint8Array | undefined {
  if (bytes.length < offset + HEADER) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, bytes.length - offset);
  const length = view.getUint32(0, true);
  const lengthBytes = bytes.subarray(offset, offset + 8);
  if (view.getUint32(8, true) !== maskedCrc32c(lengthBytes)) {
    throw damaged(path, number, "has a wrong length checksum");
  }
  if (length > LONGEST_PAYLOAD || view.getUint32(4, true) !== 0) throw damaged(path, number, "is too long");
  const end = offset + HEADER + length;
  if (bytes.length < end + FOOTER) return undefined;
  const payload = bytes.subarray(offset + HEADER, end);
  if (view.getUint32(HEADER + length, true) !== maskedCrc32c(payload)) {
    throw damaged(path, number, "has a wrong checksum");
  }
  return payload;
}

/** What was wanted of a record, and how to mend it. */
export type Remedy = Pick<ErrorParts, "wanted" | "mend">;

const WHOLE_FILE: Remedy = {
  wanted: "a whole TFRecord file",
  mend: "Make the file again, or copy it again from where it came.",
};

/** The error for record `number` (from 1) of a file. */
export function damaged(path: string, number: number, problem: string, remedy = WHOLE_FILE): EmotionNetError {
  return new EmotionNetError("dataset-damaged", {
    got: `record ${number} of ${path}, which ${problem}`,
    ...remedy,
  });
}
