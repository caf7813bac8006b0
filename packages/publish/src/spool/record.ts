/** One message on disk: a line of CRC-32 (eight hexadecimal digits), a space, and the text, which holds no line end. */

import { crc32 } from "node:zlib";

const checkLength = 8;
const lineEnd = 0x0a;

/** @param text one line, such as JSON is. */
export function encodeRecord(text: string): Buffer {
  const payload = Buffer.from(text);
  return Buffer.concat([Buffer.from(`${checkOf(payload)} `), payload, Buffer.of(lineEnd)]);
}

export interface DecodedRecord {
  /** Undefined for a line that is not what was written. */
  readonly text: string | undefined;
  /** Offset behind its line end. */
  readonly end: number;
}

/** The whole lines of a piece of a file; what follows the last line end was cut off while it was written, and is none. */
export function* decodeRecords(piece: Buffer): Generator<DecodedRecord> {
  let start = 0;
  for (;;) {
    const at = piece.indexOf(lineEnd, start);
    if (at < 0) return;
    const payload = piece.subarray(start + checkLength + 1, at);
    const check = piece.toString("latin1", start, start + checkLength + 1);
    const isWhole = at > start + checkLength && check === `${checkOf(payload)} `;
    yield { text: isWhole ? payload.toString() : undefined, end: at + 1 };
    start = at + 1;
  }
}

function checkOf(payload: Buffer): string {
  return crc32(payload).toString(16).padStart(checkLength, "0");
}
