/** Results, events and summaries → messages with their ids. */

import {
  describeEvent,
  type FaceEvent,
  type FaceSummary,
  roundResult,
  roundSummary,
} from "@emotionnet/analyze";
import type { SourceResult } from "@emotionnet/core";
import {
  type EventData,
  type FrameData,
  MESSAGE_VERSION,
  type Message,
  type MessageKind,
  type SummaryData,
} from "./message.ts";
import { messageId, randomRun, runOfFile } from "./source-run.ts";

/** What is remembered of a source. */
interface SourceState {
  readonly run: string;
  lastFrame: number;
  isLive: boolean;
  tracksSeen: number;
  readonly tracks: Map<string, number>;
}

/** Sources remembered: more than anybody looks at in turns, and few enough for the photos of a large folder to pass by. */
const rememberedSources = 1000;

export class MessageMaker {
  readonly #settings: unknown;
  readonly #now: () => Date;
  readonly #run = randomRun();
  readonly #sources = new Map<string, SourceState>();

  /** @param settings whatever else the results depend on, as JSON: the model, options. */
  constructor(settings: unknown, now: () => Date = () => new Date()) {
    this.#settings = settings;
    this.#now = now;
  }

  /** Whether the source is a camera or stream, as far as its results have said. */
  isLive(source: string): boolean {
    return this.#sources.get(source)?.isLive ?? false;
  }

  /** The frame, or the error that stands in its place. */
  async result(result: SourceResult): Promise<Message> {
    const state = await this.#stateOf(result.source);
    if (result.frame < state.lastFrame) this.#restart(state);
    state.lastFrame = result.frame;
    if (result.dropped !== undefined) state.isLive = true;
    const { source, error, ...frame } = roundResult(result);
    if (error) {
      const data = { frame: frame.frame, time: frame.time, ...error };
      return { ...this.#envelope(state, source, "error", [frame.frame]), kind: "error", data };
    }
    const faces = frame.faces.map(({ track, ...face }) =>
      track === undefined ? face : { track, trackNumber: numberOf(state, track), ...face },
    );
    const data: FrameData = { ...frame, faces };
    return { ...this.#envelope(state, source, "frame", [frame.frame]), kind: "frame", data };
  }

  async event(event: FaceEvent): Promise<Message> {
    const state = await this.#stateOf(event.source);
    const { source, track, event: moment, ...rest } = describeEvent(event);
    const data: EventData = { event: moment, track, trackNumber: numberOf(state, track), ...rest };
    // The offset, too: an event that was cut by an interruption is another than the same one seen to its end.
    const place = [data.trackNumber, data.number, moment, data.onset, "offset" in data ? data.offset : null];
    return { ...this.#envelope(state, source, "event", place), kind: "event", data };
  }

  async summary(summary: FaceSummary): Promise<Message> {
    const state = await this.#stateOf(summary.source);
    const { source, track, ...rest } = roundSummary(summary);
    const data: SummaryData = { track, trackNumber: numberOf(state, track), ...rest };
    // A face is summed up when it will not be seen again.
    state.tracks.delete(track);
    const place = [data.trackNumber, data.frames, data.from, data.to];
    return { ...this.#envelope(state, source, "summary", place), kind: "summary", data };
  }

  #envelope<Kind extends MessageKind>(state: SourceState, source: string, kind: Kind, place: unknown[]) {
    const id = messageId(state.run, source, kind, place);
    const at = this.#now().toISOString();
    return { version: MESSAGE_VERSION, id, kind, run: state.run, source, at } as const;
  }

  async #stateOf(source: string): Promise<SourceState> {
    const known = this.#sources.get(source);
    const state: SourceState = known ?? {
      run: (await runOfFile(source, this.#settings)) ?? this.#run,
      lastFrame: -1,
      isLive: false,
      tracksSeen: 0,
      tracks: new Map(),
    };
    // The order of a Map is that of setting: the first is the one not met for longest.
    this.#sources.delete(source);
    this.#sources.set(source, state);
    if (this.#sources.size > rememberedSources) this.#sources.delete(this.#sources.keys().next().value!);
    return state;
  }

  /** The same file once more, within one run: its messages are those it had before. */
  #restart(state: SourceState): void {
    state.tracksSeen = 0;
    state.tracks.clear();
  }
}

function numberOf(state: SourceState, track: string): number {
  const known = state.tracks.get(track);
  if (known !== undefined) return known;
  state.tracks.set(track, ++state.tracksSeen);
  return state.tracksSeen;
}
