/** Figures of a report as SVG documents that follow the reader's light or dark setting, inside a page and alone. */

import type { ConfidenceBin } from "../evaluate/confidence-bins.ts";
import { type RiskCoverage, thinned } from "../evaluate/risk-coverage.ts";
import type { Interval } from "./bootstrap.ts";
import { percent } from "./report-rows.ts";

const STYLE = `<style>
.figure{font:13px system-ui,sans-serif;fill:#1f2328}.figure .paper{fill:#fff}.figure .grid{stroke:#d7dce1;fill:none}
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

/** No wider than this, so that its letters can still be read on a phone. */
const WIDTH = 450;
const PLOT: Frame = { width: WIDTH, height: 364, left: 66, top: 62, size: [360, 240] };
const CURVE_POINTS = 150;

const SCALED = [
  ["two", "before scaling"],
  ["one", "after scaling"],
] as const;

/**
 * Accuracy against confidence in bins of equally many answers, before and after scaling; the diagonal is honest. Both axes begin
 * where the answers do: those of a good model all lie near 1.
 */
export function reliabilityFigure(
  before: readonly ConfidenceBin[] | undefined,
  after: readonly ConfidenceBin[],
  title: string,
): string {
  const least = Math.min(
    ...[...(before ?? []), ...after].map((bin) => Math.min(bin.confidence, bin.accuracy)),
  );
  const [lowest, ticks] = ticksFrom(least, 1);
  const share = (value: number) => (value - lowest) / (1 - lowest);
  const curve = (bins: readonly ConfidenceBin[], colour: string) => {
    const points = bins.map(({ confidence, accuracy }) => [share(confidence), share(accuracy)] as const);
    const dots = points.map(([x, y]) => {
      const [cx, cy] = place(PLOT, x, y);
      return `<circle class="${colour}" cx="${cx}" cy="${cy}" r="3.5"/>`;
    });
    return line(PLOT, points, colour) + dots.join("");
  };
  const worst = after.reduce((one, other) => (gapOf(other) > gapOf(one) ? other : one), after[0]!);
  const summary = `Accuracy against confidence in ${after.length} bins of equally many answers; the largest gap is ${gapOf(worst).toFixed(3)}, where the mean confidence is ${worst.confidence.toFixed(3)} and the accuracy ${worst.accuracy.toFixed(3)}.`;
  const scale = ticks.map((tick) => [share(tick), tick.toFixed(2)] as const);
  return document(PLOT, title, summary, [
    axes(PLOT, { x: "mean confidence", y: "share of right answers", xTicks: scale, yTicks: scale }),
    `<path class="guide" d="M${place(PLOT, 0, 0)}L${place(PLOT, 1, 1)}"/>`,
    before ? curve(before, "two") : "",
    curve(after, "one"),
    legend(PLOT, before ? SCALED : [["one", "as answered"]]),
  ]);
}

function gapOf({ confidence, accuracy }: ConfidenceBin): number {
  return Math.abs(confidence - accuracy);
}

/** Share of wrong answers against the share of faces answered, and the best that any order of these answers could do. */
export function riskCoverageFigure({ points }: RiskCoverage, title: string): string {
  const shown = thinned(points, CURVE_POINTS);
  const risk = points.at(-1)?.risk ?? 0;
  const most = Math.max(0.01, ...shown.map((point) => point.risk));
  const [, ticks] = ticksFrom(0, most);
  const highest = ticks.at(-1)!;
  const at = (coverage: number, value: number) => [coverage, value / highest] as const;
  const best = Array.from({ length: CURVE_POINTS }, (_, step) => {
    const coverage = (step + 1) / CURVE_POINTS;
    return at(coverage, Math.max(0, coverage - (1 - risk)) / coverage);
  });
  const half = points.find(({ coverage }) => coverage >= 0.5)?.risk ?? risk;
  const summary = `Of all answers ${percent(risk)} are wrong, of the surer half ${percent(half)}.`;
  return document(PLOT, title, summary, [
    axes(PLOT, {
      x: "faces answered, surest first",
      y: "wrong answers",
      xTicks: [0, 0.2, 0.4, 0.6, 0.8, 1].map(
        (tick) => [tick, `${100 * tick} %`.replace(/\.\d+/, "")] as const,
      ),
      yTicks: ticks.map((tick) => [tick / highest, `${Number((100 * tick).toFixed(1))} %`] as const),
    }),
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

/** One bar from low to high a figure, with a dot at its value; all between 0 and 1. Its numbers belong into a table beside it. */
export function intervalFigure(
  rows: readonly (readonly [name: string, interval: Interval])[],
  title: string,
): string {
  const rowHeight = 24;
  const longest = Math.max(...rows.map(([name]) => name.length));
  const left = Math.min(WIDTH / 2, 24 + 8 * longest);
  const frame: Frame = {
    width: WIDTH,
    height: 40 + rows.length * rowHeight + 36,
    left,
    top: 40,
    size: [WIDTH - left - 28, rows.length * rowHeight],
  };
  const [lowest, ticks] = ticksFrom(Math.min(...rows.map(([, { value, low = value }]) => low)), 1);
  const x = (value: number) => (frame.left + ((value - lowest) / (1 - lowest)) * frame.size[0]).toFixed(1);
  const grid = ticks.map(
    (tick) =>
      `<path class="grid" d="M${x(tick)},${frame.top}v${frame.size[1]}"/>` +
      text(Number(x(tick)), frame.top + frame.size[1] + 18, tick.toFixed(2), "middle", "muted"),
  );
  const bars = rows.map(([name, { value, low = value, high = value }], index) => {
    const y = frame.top + (index + 0.5) * rowHeight;
    return [
      text(frame.left - 10, y + 4, name, "end"),
      `<path class="one" stroke-width="3" d="M${x(low)},${y}H${x(high)}"/>`,
      `<circle class="one" cx="${x(value)}" cy="${y}" r="4.5"/>`,
    ].join("");
  });
  const summary = rows.map(([name, { value }]) => `${name} ${value.toFixed(3)}`).join(", ");
  return document(frame, title, `${summary}.`, [...grid, ...bars]);
}

/** Steps between ticks that people read at a glance. */
const STEPS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2];
const MOST_STEPS = 6;

/** Ticks that hold `least` and `most`, both from 0 to 1, with the lowest of them. */
function ticksFrom(least: number, most: number): readonly [lowest: number, ticks: readonly number[]] {
  const bounds = (step: number) => [Math.floor(least / step + 1e-9), Math.ceil(most / step - 1e-9)] as const;
  const step = STEPS.find((one) => bounds(one)[1] - bounds(one)[0] <= MOST_STEPS) ?? STEPS.at(-1)!;
  const [first, last] = bounds(step);
  const from = first === last ? first - 1 : first;
  const ticks = Array.from({ length: last - from + 1 }, (_, index) => (from + index) * step);
  return [ticks[0]!, ticks];
}

/** @param summary what there is to see, for who cannot see it */
function document(
  { width, height }: Frame,
  title: string,
  summary: string,
  parts: readonly string[],
): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="figure" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(`${title}. ${summary}`)}">`,
    STYLE,
    `<rect class="paper" width="${width}" height="${height}" rx="6"/>`,
    text(16, 24, title, "start"),
    ...parts,
    "</svg>",
  ].join("\n");
}

/** Where a tick stands, 0 to 1, and what is written there. */
type Ticks = readonly (readonly [share: number, label: string])[];

function axes(
  frame: Frame,
  { x, y, xTicks, yTicks }: { x: string; y: string; xTicks: Ticks; yTicks: Ticks },
): string {
  const [width, height] = frame.size;
  const columns = xTicks.map(([share, label]) => {
    const left = frame.left + share * width;
    return (
      `<path class="grid" d="M${left.toFixed(1)},${frame.top}v${height}"/>` +
      text(left, frame.top + height + 18, label, "middle", "muted")
    );
  });
  const rows = yTicks.map(([share, label]) => {
    const bottom = frame.top + (1 - share) * height;
    return (
      `<path class="grid" d="M${frame.left},${bottom.toFixed(1)}h${width}"/>` +
      text(frame.left - 8, bottom + 4, label, "end", "muted")
    );
  });
  const middle = frame.top + height / 2;
  return [
    ...columns,
    ...rows,
    text(frame.left + width / 2, frame.top + height + 40, x, "middle"),
    `<g transform="rotate(-90 16 ${middle})">${text(16, middle, y, "middle")}</g>`,
  ].join("\n");
}

function legend(frame: Frame, entries: readonly (readonly [colour: string, name: string])[]): string {
  return entries
    .map(([colour, name], index) => {
      const x = frame.left + 130 * index;
      return `<rect class="${colour}" x="${x}" y="${frame.top - 17}" width="12" height="3"/>${text(x + 17, frame.top - 11, name, "start", "muted")}`;
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
