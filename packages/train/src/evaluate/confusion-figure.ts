/** A confusion matrix as a picture: an SVG document of squares, the darker the larger the share of the true class. */

const cellSize = 64;
const margin = { left: 104, top: 72, right: 16, bottom: 16 };
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
  const size = classes.length * cellSize;
  const width = margin.left + size + margin.right;
  const height = margin.top + size + margin.bottom;
  const rows = classes.map((_, row) => classes.map((_, column) => matrix[row * classes.length + column]!));
  const centre = (index: number) => index * cellSize + cellSize / 2;
  const columnNames = classes.map((name, index) =>
    text(margin.left + centre(index), margin.top - 10, name, { anchor: "middle", size: 12 }),
  );
  const rowNames = classes.map((name, index) =>
    text(margin.left - 10, margin.top + centre(index) + 4, name, { anchor: "end", size: 12 }),
  );
  const squares = rows.flatMap((counts, row) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return counts.map((count, column) =>
      square(margin.left + column * cellSize, margin.top + row * cellSize, count, total),
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    text(margin.left, 22, title, { anchor: "start", size: 15 }),
    text(margin.left, 40, "rows: true expression; columns: answer", { anchor: "start", size: 11 }),
    ...columnNames,
    ...rowNames,
    ...squares,
    "</svg>\n",
  ].join("\n");
}

function square(x: number, y: number, count: number, total: number): string {
  const share = total === 0 ? 0 : count / total;
  const fill = share >= darkShare ? "white" : "#222";
  const middle = x + cellSize / 2;
  const lightness = Number(lightnessOf(share).toFixed(1));
  return [
    `<rect x="${x}" y="${y}" width="${cellSize}" height="${cellSize}" fill="hsl(212 60% ${lightness}%)" stroke="white"/>`,
    text(middle, y + 30, `${(100 * share).toFixed(1)} %`, { anchor: "middle", size: 13, fill }),
    text(middle, y + 47, String(count), { anchor: "middle", size: 11, fill }),
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

function escapeXml(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
