/** Figures of real beside synthetic faces, as SVG. */

import { LANDMARK_COUNT, PARTS } from "@emotionnet/core";
import { measureFace } from "../geometry.ts";
import { COMPARED, type Compared, type Faces, MEASURES, pointStatistics, statistics } from "./faces.ts";

const REAL = "#1f6feb";
const SYNTHETIC = "#d9480f";
const BINS = 24;
const PANEL = { width: 220, height: 130, top: 24, bottom: 20, side: 8 };
const COLUMNS = 5;
/** Above the panels, for the key. */
const HEADER = 24;

type Sets = Record<Compared, Faces>;

/** A histogram a measure and class: real and synthetic as outlines of equal area, ± 3 standard deviations wide. */
export function measureFigure(real: Sets, synthetic: Sets): string {
  const panels = COMPARED.flatMap((name) => MEASURES.map((measure) => ({ name, measure })));
  const drawn = panels.map(({ name, measure }, index) => {
    const values = [real, synthetic].map((set) => set[name].map((face) => measureFace(face)[measure])) as [
      number[],
      number[],
    ];
    const { mean, deviation } = statistics(values.flat());
    const [low, high] = [mean - 3 * deviation, mean + 3 * deviation];
    const shares = values.map((own) => binShares(own, low, high)) as [number[], number[]];
    const tallest = Math.max(...shares.flat());
    const x = (index % COLUMNS) * PANEL.width;
    const y = HEADER + Math.floor(index / COLUMNS) * PANEL.height;
    return (
      `<g transform="translate(${x} ${y})"><text x="${PANEL.side}" y="14">${name}: ${inWords(measure)}</text>` +
      `${outline(shares[0], tallest, REAL)}${outline(shares[1], tallest, SYNTHETIC)}` +
      `<text x="${PANEL.side}" y="${PANEL.height - 6}">${low.toFixed(2)}</text>` +
      `<text x="${PANEL.width - PANEL.side}" y="${PANEL.height - 6}" text-anchor="end">${high.toFixed(2)}</text></g>`
    );
  });
  const rows = Math.ceil(panels.length / COLUMNS);
  const title = "Measures of real and synthetic faces as histograms";
  return svg(title, PANEL.width * COLUMNS, HEADER + PANEL.height * rows, drawn.join(""));
}

/** "lipCornerAngle" → "lip corner angle". */
function inWords(measure: string): string {
  return measure.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function binShares(values: readonly number[], low: number, high: number): number[] {
  const shares = new Array<number>(BINS).fill(0);
  for (const value of values) {
    const bin = Math.floor(((value - low) / (high - low)) * BINS);
    shares[Math.max(0, Math.min(BINS - 1, bin))]! += 1 / values.length;
  }
  return shares;
}

function outline(shares: readonly number[], tallest: number, colour: string): string {
  const { width, height, top, bottom, side } = PANEL;
  const points = shares.flatMap((share, bin) => {
    const y = height - bottom - (share / tallest) * (height - top - bottom);
    return [0, 1].map(
      (edge) => `${(side + ((bin + edge) / BINS) * (width - 2 * side)).toFixed(1)},${y.toFixed(1)}`,
    );
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
  const title = "Mean real and synthetic faces with the spread of every landmark";
  return svg(title, FACE.size * COMPARED.length, FACE.size, faces.join(""));
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

function svg(title: string, width: number, height: number, content: string): string {
  const key =
    `<text x="${width - 8}" y="14" text-anchor="end" fill="${REAL}">real</text>` +
    `<text x="${width - 40}" y="14" text-anchor="end" fill="${SYNTHETIC}">synthetic</text>`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `font-family="sans-serif" font-size="11"><title>${title}</title><rect width="100%" height="100%" fill="white"/>${content}${key}</svg>\n`
  );
}
