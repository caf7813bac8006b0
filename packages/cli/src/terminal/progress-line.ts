/** Progress of long work: a bar with the time left on a terminal, or a few plain lines. */

import type { Writable } from "node:stream";
import { shorten } from "./status-board.ts";

export interface Progress {
  readonly done: number;
  readonly total: number;
  /** What is being done. */
  readonly label: string;
  /** More to say, such as the loss. */
  readonly detail?: string;
}

export interface ProgressLine {
  readonly show: (progress: Progress) => void;
  /** Takes the bar away, so that other text can be written. */
  readonly clear: () => void;
}

/** `bar` redraws one line, `lines` writes a line for every tenth of the way, `none` is silent. */
export type ProgressStyle = "bar" | "lines" | "none";

const barCells = 24;
const redrawMilliseconds = 80;
const clearLine = "\r\x1b[2K";

export function createProgressLine(stream: Writable, style: ProgressStyle): ProgressLine {
  if (style === "none") return { show: () => {}, clear: () => {} };
  return style === "bar" ? barLine(stream) : plainLines(stream);
}

function barLine(stream: Writable): ProgressLine {
  const clock = new RemainingTime();
  let isDrawn = false;
  let drawnAt = Number.NEGATIVE_INFINITY;
  return {
    show(progress) {
      const left = clock.secondsLeft(progress);
      const now = performance.now();
      if (now - drawnAt < redrawMilliseconds && progress.done < progress.total) return;
      drawnAt = now;
      isDrawn = true;
      stream.write(clearLine + shorten(barText(progress, left), columnsOf(stream)));
    },
    clear() {
      if (isDrawn) stream.write(clearLine);
      isDrawn = false;
    },
  };
}

function plainLines(stream: Writable): ProgressLine {
  let lastTenth = 0;
  return {
    show({ done, total, label, detail }) {
      const tenth = Math.floor((10 * done) / Math.max(1, total));
      const isNew = tenth !== lastTenth;
      lastTenth = tenth;
      if (isNew && tenth > 0) stream.write(`  ${tenth * 10} %  ${label}${detail ? `, ${detail}` : ""}\n`);
    },
    clear() {},
  };
}

/** Estimates from the pace since the work began; other work has another total, or starts from less. */
class RemainingTime {
  #total = -1;
  #startedAt = 0;
  #startedWith = 0;

  secondsLeft({ done, total }: Progress): number | undefined {
    if (total !== this.#total || done < this.#startedWith) {
      this.#total = total;
      this.#startedAt = performance.now();
      this.#startedWith = done;
    }
    const worked = done - this.#startedWith;
    if (worked <= 0) return undefined;
    const seconds = (performance.now() - this.#startedAt) / 1000;
    return (seconds / worked) * (total - done);
  }
}

function barText({ done, total, label, detail }: Progress, secondsLeft: number | undefined): string {
  const share = total > 0 ? Math.min(1, done / total) : 0;
  const full = Math.round(share * barCells);
  const bar = "█".repeat(full) + "░".repeat(barCells - full);
  const left = secondsLeft === undefined || share === 1 ? "" : `  ${clockText(secondsLeft)} left`;
  return `${label}  ${bar} ${String(Math.floor(share * 100)).padStart(3)} %${left}${detail ? `  ${detail}` : ""}`;
}

function clockText(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const twoDigits = (value: number) => String(value).padStart(2, "0");
  const tail = twoDigits(whole % 60);
  return hours > 0 ? `${hours}:${twoDigits(minutes)}:${tail}` : `${minutes}:${tail}`;
}

function columnsOf(stream: Writable): number {
  // A terminal that nobody has told its size says 0.
  return ("columns" in stream && typeof stream.columns === "number" && stream.columns) || 80;
}
