/** The last step of the demo: photos to answers, as a table and as an annotated contact sheet. */

import { basename, extname } from "node:path";
import { analyze, formatTableRows, tableHeader } from "@emotionnet/analyze";
import type { SourceResult } from "@emotionnet/core";
import {
  annotatePhoto,
  contactSheet,
  expressionColour,
  readPhoto,
  type SheetCell,
  writePhoto,
} from "@emotionnet/media";
import type { Session } from "../session.ts";

export interface ClassifiedPhotos {
  /** Answer of the first face by path; photos without a face are missing. */
  readonly answers: ReadonlyMap<string, string>;
  /** Photos that could be read. */
  readonly readable: number;
}

/** Prints a row for every photo and writes the sheet; unreadable photos have a row but no picture. */
export async function classifyPhotos(
  session: Session,
  paths: readonly string[],
  sheetPath: string,
): Promise<ClassifiedPhotos> {
  const { print, progress, signal } = session;
  const answers = new Map<string, string>();
  const cells: SheetCell[] = [];
  await print(tableHeader());
  for await (const result of analyze(paths, { signal })) {
    await print(formatTableRows(result));
    if (result.error) continue;
    const [face] = result.faces;
    if (face) answers.set(result.source, face.expression);
    if (result.width > 0) cells.push(await cellOf(result));
  }
  progress.clear();
  if (cells.length > 0) {
    const sheet = await contactSheet(cells, {
      title: "EmotionNet",
      subtitle: "expression and confidence of the default model",
      columns: Math.min(6, cells.length),
    });
    await writePhoto(sheetPath, sheet);
    await print(`\nAnnotated contact sheet: ${sheetPath}\n`);
  }
  return { answers, readable: cells.length };
}

async function cellOf(result: SourceResult): Promise<SheetCell> {
  const name = basename(result.source, extname(result.source));
  const image = await annotatePhoto(await readPhoto(result.source), result.faces);
  const [face] = result.faces;
  if (!face) return { image, caption: `${name}: no face found` };
  return {
    image,
    caption: `${name}: ${face.expression} ${Math.round(100 * face.confidence)} %`,
    colour: expressionColour(face.expression),
  };
}
