/** Figures of real beside synthetic faces, as SVG. */

import { LANDMARK_COUNT, PARTS } from "@emotionnet/core";
import { measureFace } from "../geometry.ts";
import { COMPARED, type Compared, type Faces, MEASURES, pointStatistics, statistics } from "./faces.ts";

const REAL = "#1f6feb";
const SYNTHETIC = "#d9480f";
const BINS = 24;
const PANEL = { width: 220, height: 130, margin: 26 };

type Sets = Record<Compared, Faces>;

/** A histogram a measure and class: real and synthetic as outlines of equal area. */
export function measureFigure(real: Sets, synthetic: Sets): string {
  const panels = COMPARED.flatMap((name, row) =>
    MEASURES.map((measure, column) => {
      const values = [real, synthetic].map((set) => set[name].map((face) => measureFace(face)[measure])) as [
        number[],
        number[],
      ];
      const { mean, deviation } = statistics(values.flat());
      const range: [number, number] = [mean - 3 * deviation, mean + 3 * deviation];
      const [x, y] = [column * PANEL.width, row * PANEL.height];
      return (
        `<g transform="translate(${x} ${y})"><text x="8" y="14">${name}: ${measure}</text>` +
        `${histogram(values[0], range, REAL)}${histogram(values[1], range, SYNTHETIC)}` +
        `<text x="8" y="${PANEL.height - 6}">${range[0].toFixed(3)}</text>` +
        `<text x="${PANEL.width - 8}" y="${PANEL.height - 6}" text-anchor="end">${range[1].toFixed(3)}</text></g>`
      );
    }),
  );
  return svg(PANEL.width * MEASURES.length, PANEL.height * COMPARED.length, panels.join(""));
}

function histogram(
  values: readonly number[],
  [low, high]: readonly [number, number],
  colour: string,
): string {
  const counts = new Array<number>(BINS).fill(0);
  for (const value of values) {
    const bin = Math.floor(((value - low) / (high - low)) * BINS);
    counts[Math.max(0, Math.min(BINS - 1, bin))]! += 1 / values.length;
  }
  const { width, height, margin } = PANEL;
  const points = counts.flatMap((count, bin) => {
    const y = height - margin + 4 - count * 3 * (height - 2 * margin);
    return [0, 1].map((edge) => `${(8 + ((bin + edge) / BINS) * (width - 16)).toFixed(1)},${y.toFixed(1)}`);
  });
  return `<polyline points="${points.join(" ")}" fill="none" stroke="${colour}" stroke-width="1.5"/>`;
}

const FACE = { size: 520, scale: 135 };

/** Mean faces with an ellipse of one standard deviation (along x and y) at each point. */
export function landmarkFigure(real: Sets, synthetic: Sets): string {
  const faces = COMPARED.map((name, column) => {
    const drawn = (
      [
        [real, REAL],
        [synthetic, SYNTHETIC],
      ] as const
    ).map(([set, colour]) => meanFace(set[name], colour));
    const x = (column + 0.5) * FACE.size;
    return `<text x="${x - 200}" y="20">${name}</text><g transform="translate(${x} ${FACE.size * 0.42})">${drawn.join("")}</g>`;
  });
  return svg(FACE.size * COMPARED.length, FACE.size, faces.join(""));
}

function meanFace(faces: Faces, colour: string): string {
  const points = Array.from({ length: LANDMARK_COUNT }, (_, point) => pointStatistics(faces, point));
  const at = (value: number) => (value * FACE.scale).toFixed(1);
  const ellipses = points.map(
    ({ x, y }) =>
      `<ellipse cx="${at(x.mean)}" cy="${at(y.mean)}" rx="${at(x.deviation)}" ry="${at(y.deviation)}" fill="none" stroke="${colour}" stroke-opacity="0.5"/>`,
  );
  const lines = Object.values(PARTS).map(([start, end]) => {
    const places = points.slice(start, end).map(({ x, y }) => `${at(x.mean)},${at(y.mean)}`);
    return `<polyline points="${places.join(" ")}" fill="none" stroke="${colour}" stroke-width="1.5"/>`;
  });
  return ellipses.join("") + lines.join("");
}

function svg(width: number, height: number, content: string): string {
  const key =
    `<text x="${width - 8}" y="14" text-anchor="end" fill="${REAL}">real</text>` +
    `<text x="${width - 40}" y="14" text-anchor="end" fill="${SYNTHETIC}">synthetic</text>`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="white"/>${content}${key}</svg>\n`
  );
}
