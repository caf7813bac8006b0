/** The small table beside a face: the expression with its confidence, and one bar a class. */

import type { FaceResult } from "@emotionnet/core";
import { strokeText, strokeTextWidth } from "../text/stroke-text.ts";
import { expressionColour } from "./expression-colours.ts";

const background = "#101418";
const darkText = "#101418";
const lightText = "#f4f6f8";

/** Measures in text heights (the height of a capital letter of a bar's name). */
const padding = 0.7;
const rowPitch = 1.75;
const barLength = 5;
const barGap = 0.8;
const titleSize = 1.25;
const titleRow = 2.7;

/** Pixels; `text` is the capital height of the small letters. */
export function panelWidth(face: FaceResult, text: number): number {
  const names = Object.keys(face.probabilities).map((name) => strokeTextWidth(name, text));
  const rows = Math.max(0, ...names) + (barGap + barLength) * text;
  return Math.max(rows, strokeTextWidth(titleOf(face), titleSize * text)) + 2 * padding * text;
}

export function panelHeight(face: FaceResult, text: number): number {
  return (titleRow + rowPitch * Object.keys(face.probabilities).length + padding * 0.6) * text;
}

/** SVG with its top left corner at (x, y). */
export function facePanel(face: FaceResult, x: number, y: number, text: number): string {
  const width = panelWidth(face, text);
  const height = panelHeight(face, text);
  const colour = expressionColour(face.expression);
  const corner = 0.5 * text;
  const rows = Object.entries(face.probabilities).map(([name, probability], row) =>
    barRow(name, probability as number, {
      left: x + padding * text,
      right: x + width - padding * text,
      baseline: y + (titleRow + rowPitch * (row + 0.75)) * text,
      text,
    }),
  );
  const title = strokeText(titleOf(face), {
    x: x + padding * text,
    y: y + (titleRow / 2 + titleSize / 2 - 0.15) * text,
    height: titleSize * text,
    colour: darkText,
    weight: 0.17,
  });
  return (
    rectangle(x, y, width, height, corner, `fill="${background}" fill-opacity=".78"`) +
    rectangle(x, y, width, (titleRow - 0.3) * text, corner, `fill="${colour}"`) +
    title +
    rows.join("")
  );
}

function titleOf(face: FaceResult): string {
  const percent = `${Math.round(100 * face.confidence)}%`;
  return face.expression === "unknown"
    ? `unknown (${face.reason}) ${percent}`
    : `${face.expression} ${percent}`;
}

function barRow(
  name: string,
  probability: number,
  place: { left: number; right: number; baseline: number; text: number },
): string {
  const { left, right, baseline, text } = place;
  const start = right - barLength * text;
  const thickness = 0.8 * text;
  const top = baseline - (text + thickness) / 2;
  const share = Math.max(0, Math.min(1, probability));
  return (
    strokeText(name, { x: left, y: baseline, height: text, colour: lightText }) +
    rectangle(start, top, barLength * text, thickness, 0.15 * text, `fill="#ffffff" fill-opacity=".16"`) +
    rectangle(
      start,
      top,
      share * barLength * text,
      thickness,
      0.15 * text,
      `fill="${expressionColour(name)}"`,
    )
  );
}

function rectangle(
  x: number,
  y: number,
  width: number,
  height: number,
  corner: number,
  paint: string,
): string {
  const [left, top, wide, high, round] = [x, y, width, height, corner].map((value) => value.toFixed(2));
  return `<rect x="${left}" y="${top}" width="${wide}" height="${high}" rx="${round}" ${paint}/>`;
}
