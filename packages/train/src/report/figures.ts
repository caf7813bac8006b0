/** Figures of a report as SVG documents that follow the reader's light or dark setting, inside a page and alone. */

import type { ConfidenceBin } from "../evaluate/confidence-bins.ts";
import { type RiskCoverage, thinned } from "../evaluate/risk-coverage.ts";
import type { Interval } from "./bootstrap.ts";

const STYLE = `<style>
.figure{font:12px system-ui,sans-serif;fill:#1f2328}.figure .paper{fill:#fff}.figure .grid{stroke:#d7dce1;fill:none}
.figure .muted{fill:#59636e}.figure .one{stroke:#0b62c4;fill:#0b62c4}.figure .two{stroke:#b35900;fill:#b35900}
.figure .guide{stroke:#8c959f;stroke-dasharray:4 4;fill:none}.figure .line{fill:none;stroke-width:2}
@media (prefers-color-scheme:dark){.figure{fill:#e6edf3}.figure .paper{fill:#161b22}.figure .grid{stroke:#30363d}
.figure .muted{fill:#9198a1}.figure .one{stroke:#58a6ff;fill:#58a6ff}.figure .two{stroke:#ffa657;fill:#ffa657}}
@media print{.figure{fill:#000}.figure .paper{fill:#fff}.figure .grid{stroke:#ccc}.figure .muted{fill:#444}
.figure .one{stroke:#0b62c4;fill:#0b62c4}.figure .two{stroke:#b35900;fill:#b35900}}
</style>`;

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly size: readonly [width: number, height: number];
}

const PLOT: Frame = { width: 450, height: 340, left: 66, top: 40, size: [360, 240] };
const TICKS = 5;
const CURVE_POINTS = 150;

const SCALED = [
  ["two", "before scaling"],
  ["one", "after scaling"],
] as const;

/** Accuracy against confidence in bins of equally many answers, before and after scaling; the diagonal is honest. */
export function reliabilityFigure(
  before: readonly ConfidenceBin[] | undefined,
  after: readonly ConfidenceBin[],
  title: string,
): string {
  const curve = (bins: readonly ConfidenceBin[], colour: string) => {
    const points = bins.map(({ confidence, accuracy }) => [confidence, accuracy] as const);
    const dots = points.map(([x, y]) => {
      const [cx, cy] = place(PLOT, x, y);
      return `<circle class="${colour}" cx="${cx}" cy="${cy}" r="3.5"/>`;
    });
    return line(PLOT, points, colour) + dots.join("");
  };
  return document(PLOT, title, [
    axes(PLOT, { x: "confidence", y: "accuracy", highest: 1 }),
    `<path class="guide" d="M${place(PLOT, 0, 0)}L${place(PLOT, 1, 1)}"/>`,
    before ? curve(before, "two") : "",
    curve(after, "one"),
    legend(PLOT, before ? SCALED : [["one", "as answered"]]),
  ]);
}

/** Share of wrong answers against the share of faces answered, and the best that any order of these answers could do. */
export function riskCoverageFigure({ points }: RiskCoverage, title: string): string {
  const shown = thinned(points, CURVE_POINTS);
  const risk = points.at(-1)?.risk ?? 0;
  const highest = Math.max(0.05, Math.ceil(Math.max(...shown.map((point) => point.risk)) * 20) / 20);
  const at = (coverage: number, value: number) => [coverage, value / highest] as const;
  const best = Array.from({ length: CURVE_POINTS }, (_, step) => {
    const coverage = (step + 1) / CURVE_POINTS;
    return at(coverage, Math.max(0, coverage - (1 - risk)) / coverage);
  });
  return document(PLOT, title, [
    axes(PLOT, { x: "share of faces answered", y: "wrong answers", highest }),
    line(PLOT, best, "two"),
    line(
      PLOT,
      shown.map((point) => at(point.coverage, point.risk)),
      "one",
    ),
    legend(PLOT, [
      ["one", "by confidence"],
      ["two", "at best"],
    ]),
  ]);
}

/** One bar from low to high a figure, with a dot at its value; all between 0 and 1. */
export function intervalFigure(
  rows: readonly (readonly [name: string, interval: Interval])[],
  title: string,
): string {
  const rowHeight = 24;
  const frame: Frame = {
    width: 640,
    height: 40 + rows.length * rowHeight + 36,
    left: 170,
    top: 40,
    size: [380, rows.length * rowHeight],
  };
  const lowest = Math.floor(Math.min(0.9, ...rows.map(([, { low }]) => low)) * 10) / 10;
  const x = (value: number) => frame.left + ((value - lowest) / (1 - lowest)) * frame.size[0];
  const ticks = Array.from({ length: TICKS + 1 }, (_, tick) => lowest + ((1 - lowest) * tick) / TICKS);
  const grid = ticks.map(
    (tick) =>
      `<path class="grid" d="M${x(tick).toFixed(1)},${frame.top}v${frame.size[1]}"/>` +
      text(x(tick), frame.top + frame.size[1] + 18, tick.toFixed(2), "middle", "muted"),
  );
  const bars = rows.map(([name, { value, low, high }], index) => {
    const y = frame.top + (index + 0.5) * rowHeight;
    return [
      text(frame.left - 10, y + 4, name, "end"),
      `<path class="one" stroke-width="3" d="M${x(low).toFixed(1)},${y}H${x(high).toFixed(1)}"/>`,
      `<circle class="one" cx="${x(value).toFixed(1)}" cy="${y}" r="4.5"/>`,
      text(frame.left + frame.size[0] + 12, y + 4, value.toFixed(3), "start"),
    ].join("");
  });
  return document(frame, title, [...grid, ...bars]);
}

function document({ width, height }: Frame, title: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="figure" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(title)}">`,
    STYLE,
    `<rect class="paper" width="${width}" height="${height}" rx="6"/>`,
    text(16, 24, title, "start"),
    ...parts,
    "</svg>",
  ].join("\n");
}

function axes(frame: Frame, { x, y, highest }: { x: string; y: string; highest: number }): string {
  const [width, height] = frame.size;
  const ticks = Array.from({ length: TICKS + 1 }, (_, tick) => tick / TICKS);
  const lines = ticks.map((tick) => {
    const [left, bottom] = [frame.left + tick * width, frame.top + (1 - tick) * height];
    return (
      `<path class="grid" d="M${frame.left},${bottom.toFixed(1)}h${width}M${left.toFixed(1)},${frame.top}v${height}"/>` +
      text(left, frame.top + height + 18, tick.toFixed(1), "middle", "muted") +
      text(frame.left - 8, bottom + 4, (tick * highest).toFixed(highest < 0.2 ? 3 : 2), "end", "muted")
    );
  });
  const middle = frame.top + height / 2;
  return [
    ...lines,
    text(frame.left + width / 2, frame.top + height + 38, x, "middle"),
    `<g transform="rotate(-90 14 ${middle})">${text(14, middle, y, "middle")}</g>`,
  ].join("\n");
}

function legend(frame: Frame, entries: readonly (readonly [colour: string, name: string])[]): string {
  const right = frame.left + frame.size[0];
  return entries
    .map(([colour, name], index) => {
      const x = right - 110 * (entries.length - index) + 10;
      return `<rect class="${colour}" x="${x}" y="${frame.top - 13}" width="12" height="3"/>${text(x + 17, frame.top - 8, name, "start", "muted")}`;
    })
    .join("");
}

/** @param points x and y from 0 to 1 */
function line(frame: Frame, points: readonly (readonly [number, number])[], colour: string): string {
  const path = points.map(([x, y]) => place(frame, x, y).join(",")).join("L");
  return path === "" ? "" : `<path class="${colour} line" style="fill:none" d="M${path}"/>`;
}

function place({ left, top, size }: Frame, x: number, y: number): [number, number] {
  const round = (value: number) => Math.round(value * 10) / 10;
  return [round(left + x * size[0]), round(top + (1 - y) * size[1])];
}

function text(x: number, y: number, content: string, anchor: string, name = ""): string {
  const kind = name === "" ? "" : ` class="${name}"`;
  return `<text${kind} x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${escapeXml(content)}</text>`;
}

/** Text that may stand in XML and HTML, attributes included. */
export function escapeXml(content: string): string {
  return content
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
