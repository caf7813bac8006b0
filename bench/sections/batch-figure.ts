/** Faces a second against the number of faces a call, as a figure. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ClassifierRace } from "../classifier.ts";
import { repository } from "../repository.ts";
import { whole } from "./section.ts";

const [WIDTH, HEIGHT, LEFT, TOP, BOTTOM] = [800, 380, 70, 34, 44] as const;
/** Names stand right of the lines. */
const RIGHT = 280;
const COLOURS = ["#b3422f", "#2f6f8f", "#3f7d3a", "#8a6d1f", "#6b4a8c", "#444a52", "#b06a8a"];

/** Writes docs/images/classifier-PROFILE.svg; gives the line of Markdown that shows it on the page. */
export function writeBatchFigure(race: ClassifierRace): string {
  const file = `classifier-${race.profile}.svg`;
  writeFileSync(join(repository, "docs/images", file), figure(race));
  return `![faces a second against faces a call, ${race.network}](../images/${file})`;
}

function figure({ network, batches }: ClassifierRace): string {
  const names = batches[0]!.standings.map(({ name }) => name);
  const most = 1.05 * Math.max(...batches.flatMap(({ standings }) => standings.map(({ median }) => median)));
  const step = [5e3, 1e4, 2e4, 5e4, 1e5, 2e5].find((value) => most / value < 7) ?? 5e5;
  const last = Math.log2(batches.at(-1)!.batch);
  const x = (batch: number) => LEFT + ((WIDTH - LEFT - RIGHT) * Math.log2(batch)) / last;
  const y = (rate: number) => HEIGHT - BOTTOM - ((HEIGHT - BOTTOM - TOP) * rate) / most;
  const grid = Array.from({ length: Math.floor(most / step) + 1 }, (_, level) => level * step).map(
    (rate) =>
      `<path d="M${LEFT} ${y(rate).toFixed(1)}H${WIDTH - RIGHT}" stroke="#ddd"/><text x="${LEFT - 6}" y="${y(rate).toFixed(1)}" dy="4" text-anchor="end">${whole(rate)}</text>`,
  );
  const ticks = batches.map(
    ({ batch }) =>
      `<text x="${x(batch).toFixed(1)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${batch}</text>`,
  );
  const lines = names.map((name, index) => {
    const points = batches.map(
      ({ batch, standings }) => `${x(batch).toFixed(1)},${y(standings[index]!.median).toFixed(1)}`,
    );
    const colour = COLOURS[index % COLOURS.length];
    const row = TOP + 12 + 18 * index;
    return `<polyline points="${points.join(" ")}" fill="none" stroke="${colour}" stroke-width="2"/><text x="${WIDTH - RIGHT + 12}" y="${row}" fill="${colour}">${name}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12" fill="#22262b">
<title>Faces a second against faces a call, ${network}</title>
<rect width="100%" height="100%" fill="#fbfaf8"/>
<text x="${LEFT}" y="18">Faces a second of processor time, one thread, against faces a call: ${network}</text>
${[...grid, ...ticks, ...lines].join("\n")}
</svg>
`;
}
