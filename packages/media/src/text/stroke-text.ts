/**
 * Text as SVG strokes. SVG's own text needs fonts of the system, and a server or container often has none; these
 * letters look the same everywhere.
 */

import { GLYPHS, MISSING_GLYPH } from "./glyphs.ts";

/** Units of the glyph grid from baseline to the top of capitals. */
const capitalUnits = 8;
const letterGap = 1.5;
/** Stroke width as a share of the capital height that reads as regular weight. */
const strokeShare = 0.125;

export interface StrokeTextStyle {
  /** Left end (or middle, or right end) of the baseline, in pixels. */
  readonly x: number;
  readonly y: number;
  /** Height of a capital letter, in pixels. */
  readonly height: number;
  readonly colour: string;
  readonly anchor?: "start" | "middle" | "end";
  /** Stroke width as a share of the capital height. Default 0.125. */
  readonly weight?: number;
}

/** An SVG group that draws `text`; accents are dropped and unknown characters drawn as boxes. */
export function strokeText(text: string, style: StrokeTextStyle): string {
  const scale = style.height / capitalUnits;
  const width = strokeTextWidth(text, style.height);
  const shift = style.anchor === "middle" ? width / 2 : style.anchor === "end" ? width : 0;
  let pen = 0;
  const paths: string[] = [];
  for (const [advance, path] of glyphsOf(text)) {
    if (path) paths.push(`<path transform="translate(${round(pen)} 0)" d="${path}"/>`);
    pen += advance + letterGap;
  }
  const place = `translate(${round(style.x - shift)} ${round(style.y - style.height)}) scale(${round(scale)})`;
  const stroke = round((style.weight ?? strokeShare) * capitalUnits);
  return (
    `<g transform="${place}" fill="none" stroke="${style.colour}" stroke-width="${stroke}" ` +
    `stroke-linecap="round" stroke-linejoin="round">${paths.join("")}</g>`
  );
}

/** Pixels from the first to the last stroke. */
export function strokeTextWidth(text: string, height: number): number {
  const glyphs = glyphsOf(text);
  const units =
    glyphs.reduce((sum, [advance]) => sum + advance, 0) + letterGap * Math.max(0, glyphs.length - 1);
  return (units * height) / capitalUnits;
}

/** `text`, or its beginning and an ellipsis when it is wider than `maxWidth` pixels. */
export function fitStrokeText(text: string, height: number, maxWidth: number): string {
  if (strokeTextWidth(text, height) <= maxWidth) return text;
  const characters = [...text];
  while (characters.length > 0 && strokeTextWidth(`${characters.join("")}…`, height) > maxWidth)
    characters.pop();
  return `${characters.join("")}…`;
}

function glyphsOf(text: string): (readonly [number, string])[] {
  const plain = text.normalize("NFD").replace(/\p{Mark}/gu, "");
  return [...plain].map((character) => GLYPHS[character] ?? MISSING_GLYPH);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
