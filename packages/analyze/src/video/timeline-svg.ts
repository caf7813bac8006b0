/** The figure of a time-line. */

import { expressionColour } from "@emotionnet/media";

/** One face of one source. Points are in the order of time; a gap is a time without the face. */
export interface Lane {
  readonly source: string;
  readonly track: string;
  readonly points: readonly {
    /** Seconds. */
    readonly from: number;
    readonly to: number;
    readonly label: string;
    readonly probabilities: Readonly<Record<string, number>>;
  }[];
}

const width = 1000;
const left = 16;
const right = 16;
const header = 46;
const laneHeight = 70;
const labelHeight = 12;
const laneGap = 34;
const axisHeight = 34;
const ink = "#22262b";

/** SVG: a lane a face, stacked probabilities above and the steady label below, over seconds. @param end seconds. */
export function timelineSvg(lanes: readonly Lane[], end: number): string {
  const span = Math.max(end, 1e-3);
  const across = (time: number) => number(left + ((width - left - right) * Math.min(time, span)) / span);
  const height = header + lanes.length * (laneHeight + labelHeight + laneGap) + axisHeight;
  const names = [
    ...new Set(lanes.flatMap(({ points }) => points.flatMap((point) => Object.keys(point.probabilities)))),
  ];
  const drawn = lanes.map((lane, index) =>
    laneSvg(lane, names, header + index * (laneHeight + labelHeight + laneGap) + 16, across),
  );
  const body = [legendSvg(names), ...drawn, axisSvg(height - axisHeight + 6, span, across)].join("\n");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12" fill="${ink}">
<title>Expressions of ${lanes.length} faces through time</title>
<rect width="100%" height="100%" fill="#fbfaf8"/>
${body}
</svg>
`;
}

type Across = (time: number) => number;

function laneSvg(
  { source, track, points }: Lane,
  names: readonly string[],
  top: number,
  across: Across,
): string {
  const title = `<text x="${left}" y="${top - 5}">${escaped(source)} · face ${escaped(track)}</text>`;
  const ground = `<rect x="${left}" y="${top}" width="${width - left - right}" height="${laneHeight}" fill="#eceae5"/>`;
  const bars = points.map(({ from, to, probabilities, label }) => {
    const x = across(from);
    const wide = number(across(to) - x);
    let y = top;
    const parts = names.map((name) => {
      const high = number(laneHeight * (probabilities[name] ?? 0));
      const part = `<rect x="${x}" y="${number(y)}" width="${wide}" height="${high}" fill="${expressionColour(name)}"/>`;
      y += high;
      return high > 0.2 ? part : "";
    });
    const strip = `x="${x}" y="${top + laneHeight + 3}" width="${wide}" height="${labelHeight}"`;
    return `${parts.join("")}<rect ${strip} fill="${expressionColour(label)}"/>`;
  });
  return `<g shape-rendering="crispEdges">${title}${ground}${bars.join("")}</g>`;
}

function legendSvg(names: readonly string[]): string {
  return [...names, "unknown"]
    .map((name, index) => {
      const x = left + index * 110;
      return `<rect x="${x}" y="12" width="12" height="12" fill="${expressionColour(name)}" stroke="${ink}" stroke-opacity=".3"/><text x="${x + 18}" y="22">${escaped(name)}</text>`;
    })
    .join("");
}

/** About ten ticks at round numbers of seconds. */
function axisSvg(top: number, span: number, across: Across): string {
  const rough = span / 10;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((value) => value >= rough) ?? rough;
  const ticks: string[] = [];
  for (let index = 0; index * step <= span * 1.0001; index++) {
    const x = across(index * step);
    const anchor = index === 0 ? "start" : "middle";
    ticks.push(
      `<path d="M${x} ${top - 4}v5" stroke="${ink}"/><text x="${x}" y="${top + 15}" text-anchor="${anchor}">${Number((index * step).toPrecision(6))} s</text>`,
    );
  }
  return ticks.join("");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function number(value: number): number {
  return Math.round(value * 100) / 100;
}
