/** The expressions of all faces of one video, each through its own time. */

import type {
  Classification,
  EmotionNet,
  ExpressionEvent,
  ExpressionTrack,
  FaceResult,
} from "@emotionnet/core";
import type { TrackedFace } from "@emotionnet/vision";
import type { AnalyzeOptions } from "../options.ts";
import { describeFace } from "../result/source-result.ts";

type Options = Pick<AnalyzeOptions, "smoothing" | "neutralBaseline" | "onEvent" | "onSummary">;

export class FollowedExpressions {
  readonly #source: string;
  readonly #net: EmotionNet;
  readonly #options: Options;
  readonly #tracks = new Map<string, ExpressionTrack>();

  constructor(source: string, net: EmotionNet, options: Options) {
    this.#source = source;
    this.#net = net;
    this.#options = options;
  }

  /** The answer for a face of the frame at `time` seconds. */
  see(face: TrackedFace, time: number): FaceResult {
    const track = this.#trackOf(face.track);
    const answer = this.#net.classify(track.correct(face.landmarks), { units: "pixels" });
    const { smoothed, label, events } = track.push(time, answer, face.landmarks);
    this.#tell(face.track, events);
    const shown = this.#options.smoothing === "off" ? answer : steady(smoothed, label);
    return { ...describeFace(face), track: face.track, ...shown };
  }

  /** The face will not be seen again. */
  end(id: string): void {
    const track = this.#tracks.get(id);
    if (!track) return;
    this.#tracks.delete(id);
    this.#tell(id, track.finish());
    this.#options.onSummary?.({ source: this.#source, track: id, ...track.summary() });
  }

  endAll(): void {
    for (const id of [...this.#tracks.keys()]) this.end(id);
  }

  #trackOf(id: string): ExpressionTrack {
    const known = this.#tracks.get(id);
    if (known) return known;
    const { neutralBaseline = "off" } = this.#options;
    const track = this.#net.track({ neutralBaseline });
    this.#tracks.set(id, track);
    return track;
  }

  #tell(track: string, events: readonly ExpressionEvent[]): void {
    for (const event of events) this.#options.onEvent?.({ source: this.#source, track, ...event });
  }
}

/** The steady label in place of the momentary one; without a label, why. */
function steady(smoothed: Classification, label: string): Classification {
  const { reason, ...answer } = smoothed;
  if (label === "unknown") return { ...answer, expression: "unknown", reason: reason ?? "unstable" };
  return { ...answer, expression: label, confidence: answer.probabilities[label]! };
}
