/** A confusion matrix as a picture: an SVG document of squares, the darker the larger the share of the true class. */

import { escapeXml } from "../report/figures.ts";

const smallestCell = 64;
/** About the width of a letter of 12 pixels. */
const letterWidth = 7;
/** About the width of a letter of the title, which is larger. */
const titleLetterWidth = 8.5;
const titleLine = 19;
const margin = { top: 56, side: 16, bottom: 16 };
/** From this share on, text is white on the dark square. */
const darkShare = 0.55;
/** Hue and saturation of the squares; their lightness falls from 97 % to 30 %. */
const lightnessOf = (share: number) => 97 - 67 * share;

/**
 * Each square shows the share of its row's class that got the answer of its column, and the count below.
 * @param matrix (classes × classes), rows true, columns answered
 */
export function confusionFigure(
  matrix: ArrayLike<number>,
  classes: readonly string[],
  title = "Confusion matrix",
): string {
  const longest = Math.max(...classes.map((name) => name.length));
  const cellSize = Math.max(smallestCell, (longest + 2) * letterWidth);
  const left = margin.side + longest * letterWidth + 16;
  const size = classes.length * cellSize;
  const width = left + size + margin.side;
  const titles = linesOf(title, Math.floor((width - 2 * margin.side) / titleLetterWidth));
  const top = margin.top + titles.length * titleLine;
  const rows = classes.map((_, row) => classes.map((_, column) => matrix[row * classes.length + column]!));
  const centre = (index: number) => index * cellSize + cellSize / 2;
  const columnNames = classes.map((name, index) =>
    text(left + centre(index), top - 10, name, { anchor: "middle", size: 12 }),
  );
  const rowNames = classes.map((name, index) =>
    text(left - 10, top + centre(index) + 4, name, { anchor: "end", size: 12 }),
  );
  const squares = rows.flatMap((counts, row) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return counts.map((count, column) =>
      square([left + column * cellSize, top + row * cellSize, cellSize], count, total),
    );
  });
  const height = top + size + margin.bottom;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" role="img" aria-label="${escapeXml(`${title}: ${summaryOf(rows, classes)}`)}">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    ...titles.map((line, index) =>
      text(margin.side, 22 + index * titleLine, line, { anchor: "start", size: 15 }),
    ),
    text(margin.side, 22 + titles.length * titleLine, "rows: true expression; columns: answer", {
      anchor: "start",
      size: 11,
    }),
    ...columnNames,
    ...rowNames,
    ...squares,
    "</svg>\n",
  ].join("\n");
}

/** Words on lines of at most so many letters; a longer word has a line of its own. */
function linesOf(content: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of content.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** What there is to see, for who cannot see it. */
function summaryOf(rows: readonly (readonly number[])[], classes: readonly string[]): string {
  return rows
    .map((counts, row) => {
      const total = counts.reduce((sum, count) => sum + count, 0);
      return `${classes[row]} ${counts[row]} of ${total} right`;
    })
    .join(", ");
}

function square(
  [x, y, side]: readonly [x: number, y: number, side: number],
  count: number,
  total: number,
): string {
  const share = total === 0 ? 0 : count / total;
  const fill = share >= darkShare ? "white" : "#222";
  const [centre, middle] = [x + side / 2, y + side / 2];
  const lightness = Number(lightnessOf(share).toFixed(1));
  return [
    `<rect x="${x}" y="${y}" width="${side}" height="${side}" fill="hsl(212 60% ${lightness}%)" stroke="white"/>`,
    text(centre, middle - 2, `${(100 * share).toFixed(1)} %`, { anchor: "middle", size: 13, fill }),
    text(centre, middle + 15, String(count), { anchor: "middle", size: 11, fill }),
  ].join("\n");
}

interface TextStyle {
  readonly anchor: "start" | "middle" | "end";
  readonly size: number;
  readonly fill?: string;
}

function text(x: number, y: number, content: string, { anchor, size, fill = "#222" }: TextStyle): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" font-size="${size}" fill="${fill}">${escapeXml(content)}</text>`;
}
