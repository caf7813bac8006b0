/** What every face showed over time, as a figure. Gathers in bins, so that any length fits into the same memory. */

import type { SourceResult } from "@emotionnet/core";
import { type Lane, timelineSvg } from "./timeline-svg.ts";

/** Seconds of a bin at first; doubled whenever a lane has too many of them. */
const firstBinSeconds = 1 / 30;
const mostBins = 720;
/** Faces that were seen longest; more cannot be told apart in one figure. */
const mostLanes = 40;

interface Gathered {
  readonly source: string;
  readonly track: string;
  bins: Map<number, Bin>;
}

interface Bin {
  frames: number;
  readonly probabilities: Map<string, number>;
  readonly labels: Map<string, number>;
}

/** Give it every result, then ask for the figure. */
export class Timeline {
  readonly #lanes = new Map<string, Gathered>();
  #binSeconds = firstBinSeconds;
  #last = 0;

  add({ source, time, faces }: SourceResult): void {
    this.#last = Math.max(this.#last, time);
    for (const { track, probabilities, expression } of faces) {
      if (track === undefined) continue;
      const lane = this.#laneOf(source, track);
      const bin = binAt(lane.bins, Math.floor(time / this.#binSeconds));
      bin.frames++;
      for (const [name, value] of Object.entries(probabilities)) addTo(bin.probabilities, name, value);
      addTo(bin.labels, expression, 1);
      if (lane.bins.size > mostBins) this.#halve();
    }
  }

  /** The figure as SVG: for each face its probabilities, stacked, and its label below. */
  toSvg(): string {
    const lanes = [...this.#lanes.values()]
      .sort((a, b) => b.bins.size - a.bins.size)
      .slice(0, mostLanes)
      .map(({ source, track, bins }): Lane => ({ source, track, points: pointsOf(bins, this.#binSeconds) }))
      .sort((a, b) => a.source.localeCompare(b.source) || a.points[0]!.from - b.points[0]!.from);
    return timelineSvg(lanes, this.#last);
  }

  #laneOf(source: string, track: string): Gathered {
    const key = `${source}\n${track}`;
    const lane = this.#lanes.get(key) ?? { source, track, bins: new Map() };
    this.#lanes.set(key, lane);
    // Short-lived tracks of an endless stream must not pile up.
    if (this.#lanes.size > 4 * mostLanes) this.#dropShortest(key);
    return lane;
  }

  #dropShortest(except: string): void {
    const others = [...this.#lanes].filter(([key]) => key !== except);
    const [key] = others.reduce((shortest, lane) =>
      lane[1].bins.size < shortest[1].bins.size ? lane : shortest,
    );
    this.#lanes.delete(key);
  }

  #halve(): void {
    this.#binSeconds *= 2;
    for (const lane of this.#lanes.values()) {
      const merged = new Map<number, Bin>();
      for (const [place, { frames, probabilities, labels }] of lane.bins) {
        const bin = binAt(merged, Math.floor(place / 2));
        bin.frames += frames;
        for (const [name, value] of probabilities) addTo(bin.probabilities, name, value);
        for (const [name, value] of labels) addTo(bin.labels, name, value);
      }
      lane.bins = merged;
    }
  }
}

/** Seconds between two frames that belong together: slow sources have five a second. */
const longestStep = 0.25;

/** A bin reaches to the next one, unless the face was away in between. */
function pointsOf(bins: ReadonlyMap<number, Bin>, binSeconds: number): Lane["points"] {
  const places = [...bins.keys()].sort((a, b) => a - b);
  return places.map((place, index) => {
    const { frames, labels, probabilities } = bins.get(place)!;
    const from = place * binSeconds;
    const next = (places[index + 1] ?? place + 1) * binSeconds;
    const to = next - from <= Math.max(longestStep, binSeconds) ? next : from + binSeconds;
    const [label] = [...labels].reduce((most, entry) => (entry[1] > most[1] ? entry : most));
    const means = Object.fromEntries([...probabilities].map(([name, sum]) => [name, sum / frames]));
    return { from, to, label, probabilities: means };
  });
}

function binAt(bins: Map<number, Bin>, place: number): Bin {
  const bin = bins.get(place) ?? { frames: 0, probabilities: new Map(), labels: new Map() };
  bins.set(place, bin);
  return bin;
}

function addTo(sums: Map<string, number>, name: string, value: number): void {
  sums.set(name, (sums.get(name) ?? 0) + value);
}
