/** Scalars in TensorBoard's event files. Source of the messages: tensorflow/core/util/event.proto, framework/summary.proto. */

import { type FileHandle, open } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { makeFolder } from "@emotionnet/files";
import { frameRecord } from "../dataset/tfrecord.ts";

const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5 } as const;
const SUMMARY_VALUE = 1;
const VALUE = { tag: 1, simpleValue: 2 } as const;

export class EventFile {
  readonly path: string;
  readonly #file: FileHandle;

  private constructor(path: string, file: FileHandle) {
    this.path = path;
    this.#file = file;
  }

  /** Starts a new event file in `folder` (made when missing). */
  static async create(folder: string): Promise<EventFile> {
    await makeFolder(folder);
    const seconds = (Date.now() / 1000).toFixed(3).replace(".", "");
    const path = join(folder, `events.out.tfevents.${seconds}.${hostname()}.${process.pid}`);
    const events = new EventFile(path, await open(path, "a"));
    await events.#append((event) =>
      event.tag(EVENT.fileVersion, WireType.LengthDelimited).string("brain.Event:2"),
    );
    return events;
  }

  /** Appends one event with scalars by tag. */
  async scalars(step: number, values: Readonly<Record<string, number>>): Promise<void> {
    await this.#append((event) => {
      event.tag(EVENT.step, WireType.Varint).int64(step);
      event.tag(EVENT.summary, WireType.LengthDelimited).fork();
      for (const [tag, value] of Object.entries(values)) {
        event.tag(SUMMARY_VALUE, WireType.LengthDelimited).fork();
        event.tag(VALUE.tag, WireType.LengthDelimited).string(tag);
        event.tag(VALUE.simpleValue, WireType.Bit32).float(value).join();
      }
      event.join();
    });
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #append(write: (event: BinaryWriter) => void): Promise<void> {
    const event = new BinaryWriter();
    event.tag(EVENT.wallTime, WireType.Bit64).double(Date.now() / 1000);
    write(event);
    await this.#file.write(frameRecord(event.finish()));
  }
}
