/** What a face worker does: it owns a reader, its followers and perhaps a classifier, and answers messages. */

import { EmotionNet, EmotionNetError, type Face } from "@emotionnet/core";
import { FaceReader } from "../face-reader.ts";
import { type BlobLike, isBlob } from "../image/drawable.ts";
import type { PictureSource } from "../image/picture.ts";
import type { FaceTracker } from "../track/face-tracker.ts";
import type {
  FromFaceWorker,
  PooledFace,
  PooledFrame,
  SentError,
  SentPicture,
  StartMessage,
  ToFaceWorker,
  WorkAnswer,
  WorkMessage,
} from "./messages.ts";

/** The worker's end: the global scope of a web worker, or a message port. */
export interface FaceWorkerPort {
  onmessage: ((event: { readonly data: ToFaceWorker }) => void) | null;
  onmessageerror: (() => void) | null;
  postMessage(message: FromFaceWorker): void;
}

interface Follower {
  readonly tracker: FaceTracker;
  /** Ends with the frame before: a tracker takes one at a time. */
  last: Promise<unknown>;
}

/** Starts at the first message; says `ready`, then answers every piece of work. */
export function serveFaces(port: FaceWorkerPort): void {
  let faces: WorkerFaces | undefined;
  port.onmessageerror = () => {
    // Ends in the page's error event: whose call it was cannot be told.
    throw new Error("a message that did not arrive whole");
  };
  port.onmessage = async ({ data: message }) => {
    if (message.kind === "start") {
      try {
        faces = await WorkerFaces.start(message);
        port.postMessage({ kind: "ready" });
      } catch (error) {
        port.postMessage({ kind: "not-started", error: sentError(error) });
      }
    } else if (message.kind === "track") faces!.track(message.follower, message.options);
    else if (message.kind === "forget") faces!.forget(message.follower);
    else {
      const { call, work } = message;
      try {
        port.postMessage({ kind: "answer", call, value: await faces!.answer(work) });
      } catch (error) {
        port.postMessage({ kind: "failed", call, error: sentError(error) });
      }
    }
  };
}

class WorkerFaces {
  readonly #reader: FaceReader;
  readonly #net: EmotionNet | undefined;
  readonly #followers = new Map<number, Follower>();

  private constructor(reader: FaceReader, net: EmotionNet | undefined) {
    this.#reader = reader;
    this.#net = net;
  }

  static async start({ reader, classifier }: StartMessage): Promise<WorkerFaces> {
    const net =
      classifier === "none"
        ? undefined
        : await EmotionNet.load(...(classifier === "default" ? [] : [classifier]));
    return new WorkerFaces(await FaceReader.create(reader), net);
  }

  track(follower: number, options: Parameters<FaceReader["track"]>[0]): void {
    this.#followers.set(follower, { tracker: this.#reader.track(options), last: Promise.resolve() });
  }

  forget(follower: number): void {
    this.#followers.delete(follower);
  }

  async answer(work: WorkMessage): Promise<WorkAnswer> {
    return work.kind === "read" ? this.#read(work.picture) : this.#next(work);
  }

  #read(sent: SentPicture): Promise<PooledFace[]> {
    return withPicture(sent, async (picture) =>
      (await this.#reader.read(picture)).map((face) => this.#classified(face)),
    );
  }

  async #next({ follower, picture, time }: Extract<WorkMessage, { kind: "next" }>): Promise<PooledFrame> {
    const known = this.#followers.get(follower)!;
    const before = known.last;
    const frame = withPicture(picture, async (opened) => {
      await before;
      return known.tracker.next(opened, time);
    });
    known.last = frame.catch(() => {});
    const { faces, ended } = await frame;
    return { faces: faces.map(({ mesh: _, ...face }) => this.#classified(face)), ended };
  }

  #classified<One extends Face>(face: One): One & PooledFace {
    const net = this.#net;
    return net ? { ...face, classification: net.classify(face.landmarks, { units: "pixels" }) } : face;
  }
}

/** Fetches it where only its address came, and closes it afterwards: nobody else has it any more. */
async function withPicture<Result>(
  sent: SentPicture,
  work: (picture: PictureSource) => Promise<Result>,
): Promise<Result> {
  const picture = typeof sent === "string" ? await fetchedFile(sent) : sent;
  try {
    return await work(picture);
  } finally {
    if ("close" in picture && !isBlob(picture)) picture.close();
  }
}

async function fetchedFile(address: string): Promise<BlobLike> {
  try {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`status ${response.status}`);
    return await response.blob();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EmotionNetError(
      "file-unreadable",
      {
        got: `no picture at ${address} (${reason})`,
        wanted: "an address that this page may fetch",
        mend: "Check the address and, for another origin, its cross-origin headers.",
      },
      { cause },
    );
  }
}

function sentError(error: unknown): SentError {
  if (error instanceof EmotionNetError) return { code: error.code, message: error.message };
  return { code: "engine", message: error instanceof Error ? error.message : String(error) };
}
