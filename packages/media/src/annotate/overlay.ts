/** The drawing laid over a photo: for each face its box, its 68 points by part, and what was said about it. */

import type { FaceResult } from "@emotionnet/core";
import { expressionColour } from "./expression-colours.ts";
import { facePanel, panelHeight, panelWidth } from "./face-panel.ts";

/** The lines that join the points; closed ones return to their first point. */
const lines: readonly { readonly from: number; readonly to: number; readonly closed: boolean }[] = [
  { from: 0, to: 16, closed: false },
  { from: 17, to: 21, closed: false },
  { from: 22, to: 26, closed: false },
  { from: 27, to: 30, closed: false },
  { from: 31, to: 35, closed: false },
  { from: 36, to: 41, closed: true },
  { from: 42, to: 47, closed: true },
  { from: 48, to: 59, closed: true },
  { from: 60, to: 67, closed: true },
];

const shadow = "#101418";

/** SVG of the size of the picture. Line widths follow the faces, within limits given by the picture. */
export function overlaySvg(width: number, height: number, faces: readonly FaceResult[]): string {
  const body = faces.map((face) => faceOverlay(width, height, face)).join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${body}</svg>`;
}

function faceOverlay(width: number, height: number, face: FaceResult): string {
  const unit = lineUnit(width, height, face);
  const colour = expressionColour(face.expression);
  return (
    landmarkLines(face, unit, colour) + faceBox(face, unit, colour) + placedPanel(width, height, face, unit)
  );
}

/** Width of a thin line in pixels: 1/160 of the face, at least 1/900 of the picture's longer side and a visible 0.8. */
function lineUnit(width: number, height: number, face: FaceResult): number {
  const faceSize = Math.min(face.box.width, face.box.height);
  return Math.max(faceSize / 160, Math.max(width, height) / 900, 0.8);
}

function landmarkLines(face: FaceResult, unit: number, colour: string): string {
  const paths = lines
    .map(({ from, to, closed }) => {
      const points = face.landmarks.slice(from, to + 1).map(([x, y]) => `${pixel(x)} ${pixel(y)}`);
      return `M${points.join("L")}${closed ? "Z" : ""}`;
    })
    .join("");
  // A line to its own place with round ends is a dot.
  const dots = face.landmarks.map(([x, y]) => `M${pixel(x)} ${pixel(y)}h.01`).join("");
  const group = `fill="none" stroke-linecap="round" stroke-linejoin="round"`;
  return (
    `<g ${group} opacity=".45" stroke="${shadow}"><path d="${paths}" stroke-width="${pixel(2.2 * unit)}"/>` +
    `<path d="${dots}" stroke-width="${pixel(3.4 * unit)}"/></g>` +
    `<g ${group} stroke="${colour}"><path d="${paths}" opacity=".75" stroke-width="${pixel(unit)}"/>` +
    `<path d="${dots}" stroke-width="${pixel(2.2 * unit)}"/></g>`
  );
}

function faceBox(face: FaceResult, unit: number, colour: string): string {
  const { box } = face;
  const frame =
    `x="${pixel(box.x)}" y="${pixel(box.y)}" width="${pixel(box.width)}" height="${pixel(box.height)}" ` +
    `rx="${pixel(4 * unit)}" fill="none"`;
  const dashes =
    face.expression === "unknown" ? ` stroke-dasharray="${pixel(6 * unit)} ${pixel(4 * unit)}"` : "";
  return (
    `<rect ${frame} stroke="${shadow}" stroke-opacity=".45" stroke-width="${pixel(3.6 * unit)}"/>` +
    `<rect ${frame} stroke="${colour}" stroke-width="${pixel(1.8 * unit)}"${dashes}/>`
  );
}

/** Beside the box where there is room (smaller if need be), else over its lower corner; always inside the picture. */
function placedPanel(width: number, height: number, face: FaceResult, unit: number): string {
  const { box } = face;
  const gap = 3 * unit;
  const rightRoom = width - box.x - box.width - gap;
  const leftRoom = box.x - gap;
  const usual = Math.max(box.height / 30, Math.max(width, height) / 110, smallestText);
  // The panel's width grows in proportion to its text.
  const fitting = (usual * Math.max(rightRoom, leftRoom)) / panelWidth(face, usual);
  const isBeside = fitting >= Math.max(usual * smallestShare, smallestText);
  const text = isBeside ? Math.min(usual, fitting) : Math.max(usual * smallestShare, smallestText);
  const wide = panelWidth(face, text);
  const high = panelHeight(face, text);
  const besideX = rightRoom >= leftRoom || rightRoom >= wide ? width - rightRoom : leftRoom - wide;
  const x = clamp(isBeside ? besideX : box.x, 0, width - wide);
  const y = clamp(isBeside ? box.y : box.y + box.height - high, 0, height - high);
  return facePanel(face, x, y, text);
}

/** Capital height, pixels, below which letters cannot be read. */
const smallestText = 6;
/** How far a panel may shrink to fit beside its face. */
const smallestShare = 0.55;

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}

function pixel(value: number): number {
  return Math.round(value * 100) / 100;
}
