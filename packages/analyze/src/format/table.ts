/** Results as a table for people: one line a face, an input without faces or with an error has a line of its own. */

import type { FaceResult, SourceResult } from "@emotionnet/core";
import { displayWidth, padDisplay, shortenDisplay } from "./display-width.ts";

/** What a piece of text is, for whoever colours it. */
export type TableTone = "header" | "expression" | "unknown" | "faint" | "error";

export interface TableOptions {
  /** Colours text for a terminal; the text's visible characters must stay. Default: no colour. */
  readonly paint?: (text: string, tone: TableTone, expression?: string) => string;
  /** Columns of the source; longer paths keep their end. Default 32. */
  readonly sourceColumns?: number;
}

/** Widest known answer: "unknown (low-confidence)". */
const answerColumns = 24;
const faceColumns = 4;
const confidenceColumns = 10;
const gap = "  ";

const noPaint = (text: string) => text;

/** The header line. */
export function tableHeader({ paint = noPaint, sourceColumns = 32 }: TableOptions = {}): string {
  const cells = [
    padDisplay("source", sourceColumns),
    padDisplay("face", faceColumns),
    padDisplay("expression", answerColumns),
    padDisplay("confidence", confidenceColumns),
    "next",
  ];
  return `${paint(cells.join(gap), "header")}\n`;
}

/** The lines of one input. Behind its name a file of landmarks has its set's number, a video the frame's time. */
export function formatTableRows(result: SourceResult, options: TableOptions = {}): string {
  const { paint = noPaint, sourceColumns = 32 } = options;
  const name = oneLine(result.source + placeIn(result));
  const source = padDisplay(shortenDisplay(name, sourceColumns), sourceColumns);
  if (result.error) {
    return `${source}${gap}${paint(`${result.error.code}: ${oneLine(result.error.message)}`, "error")}\n`;
  }
  if (result.faces.length === 0) {
    return `${source}${gap}${paint("no face found", "faint")}\n`;
  }
  const blank = " ".repeat(displayWidth(source));
  return result.faces
    .map((face, index) => `${index === 0 ? source : blank}${gap}${faceCells(face, index, paint)}\n`)
    .join("");
}

function placeIn({ width, frame, time, faces }: SourceResult): string {
  const isVideo = time > 0 || faces.some(({ track }) => track !== undefined);
  if (isVideo) return ` ${time.toFixed(3)} s`;
  return width === 0 && frame > 0 ? `#${frame}` : "";
}

function faceCells(face: FaceResult, index: number, paint: NonNullable<TableOptions["paint"]>): string {
  const isUnknown = face.expression === "unknown";
  const answer = isUnknown ? `unknown (${face.reason})` : face.expression;
  const second = Object.entries(face.probabilities)
    .filter(([name]) => name !== face.expression)
    .sort(([, a], [, b]) => b - a)[0];
  return [
    padDisplay(String(index + 1), faceColumns),
    paint(padDisplay(answer, answerColumns), isUnknown ? "unknown" : "expression", face.expression),
    padDisplay(percent(face.confidence), confidenceColumns),
    paint(second ? `${second[0]} ${percent(second[1])}` : "", "faint"),
  ].join(gap);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** File names may hold line ends and escape characters; a terminal must not obey them. */
function oneLine(text: string): string {
  return text.replace(/\p{Control}+/gu, " ");
}
