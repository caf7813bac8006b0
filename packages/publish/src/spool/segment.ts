/** One file of a spool: messages are added behind, and taken in front by moving a mark that is kept beside the file. */

import { type FileHandle, open, readFile, rm } from "node:fs/promises";
import { decodeRecords } from "./record.ts";

const markSuffix = ".ack";
const markDigits = 12;
const pieceBytes = 256 * 1024;

/** Messages from the front of a segment. `end` is the offset behind the last one. */
export interface Taken {
  readonly texts: readonly string[];
  /** Lines among them that cannot be read. */
  readonly damaged: number;
  readonly end: number;
}

export class Segment {
  readonly path: string;
  /** Bytes of whole lines. */
  size: number;
  /** Bytes in front that are done with. */
  acked: number;
  /** Lines behind the mark. */
  waiting: number;
  #file: FileHandle | undefined;
  #mark: FileHandle | undefined;

  private constructor(path: string, size: number, acked: number, waiting: number, file?: FileHandle) {
    this.path = path;
    this.size = size;
    this.acked = acked;
    this.waiting = waiting;
    this.#file = file;
  }

  /** @throws the system's error, if the file exists or cannot be made. */
  static async create(path: string): Promise<Segment> {
    return new Segment(path, 0, 0, 0, await open(path, "ax+", 0o600));
  }

  /** Opens what an earlier run has left. A last line that was cut off while it was written is not counted. */
  static async recover(path: string): Promise<Segment> {
    const lines = [...decodeRecords(await readFile(path))];
    const size = lines.at(-1)?.end ?? 0;
    const mark = await readMark(path);
    // A mark that fits no line is not to be trusted; sending twice is allowed, leaving out is not.
    const acked = lines.some(({ end }) => end === mark) ? mark : 0;
    return new Segment(path, size, acked, lines.filter(({ end }) => end > acked).length);
  }

  /**
   * Adds one message; when this resolves it survives the end of this process.
   * @throws the system's error, for example ENOSPC; the segment is then as before.
   */
  async append(record: Uint8Array): Promise<void> {
    this.#file ??= await open(this.path, "a+", 0o600);
    try {
      await this.#file.appendFile(record);
    } catch (error) {
      await this.#file.truncate(this.size).catch(() => {});
      throw error;
    }
    this.size += record.length;
    this.waiting++;
  }

  /** The messages in front, at most so many, and at most about `pieceBytes` of them, but one at least. */
  async take(count: number): Promise<Taken> {
    this.#file ??= await open(this.path, "r+");
    for (let bytes = pieceBytes; ; bytes *= 2) {
      const length = Math.min(bytes, this.size - this.acked);
      const piece = Buffer.alloc(length);
      const { bytesRead } = await this.#file.read(piece, 0, length, this.acked);
      const taken = firstLines(piece.subarray(0, bytesRead), count);
      if (taken.end > 0 || length < bytes) return { ...taken, end: this.acked + taken.end };
    }
  }

  /** Moves the mark; everything before `end` is done with. */
  async ack(end: number, lines: number): Promise<void> {
    this.acked = end;
    this.waiting -= lines;
    try {
      this.#mark ??= await open(this.path + markSuffix, "w", 0o600);
      // Of one length always, so that a newer mark covers the older one whole.
      await this.#mark.write(`${String(end).padStart(markDigits, "0")}\n`, 0);
    } catch {
      // On a full disk, for example. A mark that is missing costs messages sent twice, none that are lost.
    }
  }

  /** Brings what was written onto the disk itself, so that it survives a loss of power, too. */
  async sync(): Promise<void> {
    await this.#file?.datasync();
  }

  async close(): Promise<void> {
    await this.#file?.close();
    await this.#mark?.close();
    this.#file = undefined;
    this.#mark = undefined;
  }

  async remove(): Promise<void> {
    await this.close();
    // The messages first: a mark without messages does no harm.
    await rm(this.path, { force: true });
    await rm(this.path + markSuffix, { force: true });
  }
}

function firstLines(piece: Buffer, count: number): Taken {
  const texts: string[] = [];
  let damaged = 0;
  let end = 0;
  for (const line of decodeRecords(piece)) {
    if (texts.length + damaged === count) break;
    if (line.text === undefined) damaged++;
    else texts.push(line.text);
    end = line.end;
  }
  return { texts, damaged, end };
}

async function readMark(path: string): Promise<number> {
  const text = await readFile(path + markSuffix, "utf8").catch(() => "");
  return new RegExp(`^\\d{${markDigits}}\n$`).test(text) ? Number(text) : 0;
}
