/** A few lines on a terminal that are drawn again and again in the same place. */

import type { Writable } from "node:stream";

export interface StatusBoard {
  /** Draws the lines, at most ten times a second; nothing where there is no terminal. */
  readonly show: (lines: () => readonly string[]) => void;
  /** Takes the lines away, so that other text can be written. */
  readonly clear: () => void;
}

const redrawMilliseconds = 100;
const clearBelow = "\r\x1b[0J";

/** @param style `none` is silent. */
export function createStatusBoard(stream: Writable, style: "lines" | "none"): StatusBoard {
  if (style === "none") return { show: () => {}, clear: () => {} };
  let drawn = 0;
  let drawnAt = Number.NEGATIVE_INFINITY;
  const up = () => (drawn > 1 ? `\x1b[${drawn - 1}A` : "");
  return {
    show(lines) {
      const now = performance.now();
      if (now - drawnAt < redrawMilliseconds) return;
      drawnAt = now;
      const { columns, rows } = sizeOf(stream);
      const all = lines();
      // A board higher than the screen could not be redrawn.
      const room = Math.max(1, rows - 1);
      const left = all.length - room;
      const shown = left > 0 ? [...all.slice(0, room - 1), `… and ${left + 1} more`] : all;
      const text = shown.map((line) => shorten(line, columns)).join("\n");
      stream.write(`${up()}${clearBelow}${text}`);
      drawn = shown.length;
    },
    clear() {
      if (drawn > 0) stream.write(`${up()}${clearBelow}`);
      drawn = 0;
    },
  };
}

function sizeOf(stream: Writable): { columns: number; rows: number } {
  const { columns, rows } = stream as Writable & { columns?: number; rows?: number };
  return { columns: columns || 80, rows: rows || 24 };
}

/** A line that wraps takes more than its place. */
export function shorten(text: string, columns: number): string {
  return text.length < columns ? text : `${text.slice(0, Math.max(0, columns - 2))}…`;
}
