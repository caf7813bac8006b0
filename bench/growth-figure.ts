/** How a cost grows: lines over whole numbers, as an SVG document. */

export interface GrowthSeries {
  readonly name: string;
  /** Values of y at the figure's places on x. */
  readonly values: readonly number[];
}

export interface GrowthFigure {
  readonly title: string;
  /** What stands below x and beside y, with units. */
  readonly axes: readonly [x: string, y: string];
  readonly places: readonly number[];
  readonly series: readonly GrowthSeries[];
}

const [width, height, left, right, top, bottom] = [560, 300, 62, 20, 66, 46] as const;
const colours = ["#0b62c4", "#b35900", "#2f7d4f", "#7a4fb0"];

/** Both axes start at 0, so that what grows in proportion is a straight line through the corner. */
export function growthFigure({ title, axes, places, series }: GrowthFigure): string {
  const farthest = Math.max(...places);
  const most = roundUp(Math.max(...series.flatMap(({ values }) => values)));
  const x = (place: number) => (left + ((width - left - right) * place) / farthest).toFixed(1);
  const y = (value: number) => (height - bottom - ((height - top - bottom) * value) / most).toFixed(1);
  const levels = [0, 0.25, 0.5, 0.75, 1].map((share) => share * most);
  const grid = levels.map(
    (level) =>
      `<path d="M${left} ${y(level)}H${width - right}" stroke="#d7dce1"/>` +
      `<text x="${left - 8}" y="${y(level)}" dy="4" text-anchor="end">${Number(level.toPrecision(3))}</text>`,
  );
  const ticks = places.map(
    (place) => `<text x="${x(place)}" y="${height - bottom + 18}" text-anchor="middle">${place}</text>`,
  );
  const lines = series.map(({ values }, index) => {
    const colour = colours[index % colours.length];
    const points = values.map((value, at) => `${x(places[at]!)},${y(value)}`);
    const dots = points.map(
      (point) => `<circle cx="${point.replace(",", '" cy="')}" r="3.5" fill="${colour}"/>`,
    );
    return `<polyline points="${points.join(" ")}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join("")}`;
  });
  const legend = series.map(({ name }, index) => {
    const at = left + index * 210;
    return `<rect x="${at}" y="40" width="12" height="12" fill="${colours[index % colours.length]}"/><text x="${at + 18}" y="50">${name}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12" fill="#1f2328">
<title>${title}</title>
<rect width="100%" height="100%" fill="#fff"/>
<text x="${left}" y="24" font-size="14">${title}</text>
${legend.join("")}${grid.join("")}${ticks.join("")}
<text x="${(left + width - right) / 2}" y="${height - 8}" text-anchor="middle">${axes[0]}</text>
<text transform="translate(14 ${(top + height - bottom) / 2}) rotate(-90)" text-anchor="middle">${axes[1]}</text>
${lines.join("\n")}
</svg>
`;
}

/** The next of 1, 2, 4, 5, 8 and 10 times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 2, 4, 5, 8, 10].find((step) => step * power >= value)!;
}
