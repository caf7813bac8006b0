/** Several pictures on one sheet, each with a caption, under a title. */

import { EmotionNetError, type RgbImage } from "@emotionnet/core";
import { fromPixels, toPixels } from "../photo/raw-pixels.ts";
import { renderSvg } from "../svg/render-svg.ts";
import { fitStrokeText, strokeText } from "../text/stroke-text.ts";

export interface SheetCell {
  readonly image: RgbImage;
  readonly caption: string;
  /** `#rrggbb` of a short bar beside the caption. Default: no bar. */
  readonly colour?: string;
}

export interface ContactSheetOptions {
  readonly title: string;
  /** A smaller line under the title. */
  readonly subtitle?: string;
  /** Default: as near to a square sheet as the number of cells allows. */
  readonly columns?: number;
  /** Width and height of the room for one picture, in pixels. Default 320. */
  readonly cellSize?: number;
}

const background = "#f6f5f2";
const ink = "#22262b";
const faintInk = "#5d646d";

/** A sheet of all cells, row by row; pictures keep their proportions. */
export async function contactSheet(
  cells: readonly SheetCell[],
  options: ContactSheetOptions,
): Promise<RgbImage> {
  if (cells.length === 0) {
    throw new EmotionNetError("usage", {
      got: "a contact sheet of no pictures",
      wanted: "at least one picture",
      mend: "Pass the pictures to be shown.",
    });
  }
  const cellSize = options.cellSize ?? 320;
  const columns = Math.min(cells.length, options.columns ?? Math.ceil(Math.sqrt(cells.length)));
  const layout = sheetLayout(cells.length, columns, cellSize);
  const sheet = await renderSvg(sheetSvg(cells, options, layout));
  const pictures = await Promise.all(
    cells.map(async ({ image }, index) => {
      const { data, info } = await fromPixels(image)
        .resize(cellSize, cellSize, { fit: "inside" })
        .raw()
        .toBuffer({ resolveWithObject: true });
      const { x, y } = layout.cell(index);
      return {
        input: data,
        raw: { width: info.width, height: info.height, channels: info.channels },
        left: x + Math.floor((cellSize - info.width) / 2),
        top: y + cellSize - info.height,
      };
    }),
  );
  return toPixels(fromPixels(sheet).composite(pictures));
}

interface SheetLayout {
  readonly width: number;
  readonly height: number;
  readonly cellSize: number;
  readonly margin: number;
  /** Capital height of captions, pixels. */
  readonly text: number;
  /** Top left corner of a cell's picture. */
  cell(index: number): { readonly x: number; readonly y: number };
}

function sheetLayout(count: number, columns: number, cellSize: number): SheetLayout {
  const text = Math.max(7, Math.round(cellSize / 28));
  const margin = Math.round(cellSize / 14);
  const header = 7 * text + margin;
  const pitchX = cellSize + margin;
  const pitchY = cellSize + 3 * text + margin;
  const rows = Math.ceil(count / columns);
  return {
    width: margin + columns * pitchX,
    height: header + rows * pitchY,
    cellSize,
    margin,
    text,
    cell: (index) => ({
      x: margin + (index % columns) * pitchX,
      y: header + Math.floor(index / columns) * pitchY,
    }),
  };
}

function sheetSvg(cells: readonly SheetCell[], options: ContactSheetOptions, layout: SheetLayout): string {
  const { width, height, cellSize, margin, text } = layout;
  const line = (words: string, x: number, y: number, size: number, room: number, colour: string) =>
    strokeText(fitStrokeText(words, size, room), { x, y, height: size, colour });
  const room = width - 2 * margin;
  const parts = [
    `<rect width="${width}" height="${height}" fill="${background}"/>`,
    line(options.title, margin, margin + 2 * text, 2 * text, room, ink),
  ];
  if (options.subtitle) parts.push(line(options.subtitle, margin, margin + 5 * text, text, room, faintInk));
  cells.forEach(({ caption, colour }, index) => {
    const { x, y } = layout.cell(index);
    const baseline = y + cellSize + 2.2 * text;
    if (colour) {
      const bar = `x="${x}" y="${baseline - 1.4 * text}" width="${0.6 * text}" height="${1.8 * text}"`;
      parts.push(`<rect ${bar} rx="${0.2 * text}" fill="${colour}" stroke="${ink}" stroke-opacity=".25"/>`);
    }
    const start = x + (colour ? 1.4 * text : 0);
    parts.push(line(caption, start, baseline, text, cellSize - (start - x), ink));
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${parts.join("")}</svg>`;
}
