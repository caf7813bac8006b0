/** Results as CSV (RFC 4180): one row a face; an input without faces, or with an error, has one row with empty cells. */

import { EXPRESSIONS, type SourceResult } from "@emotionnet/core";
import { roundResult } from "./round.ts";

const before = ["source", "frame", "time", "width", "height", "face", "track"];
const box = ["box_x", "box_y", "box_width", "box_height", "score"];
const pose = ["yaw", "pitch", "roll", "quality"];
const answer = ["expression", "reason", "confidence"];
const after = ["error_code", "error_message"];

export type Cell = string | number | undefined;

/** The header row. @param classes class names of the model, one column each. */
export function csvHeader(classes: readonly string[] = EXPRESSIONS): string {
  return row([...before, ...box, ...pose, ...answer, ...classes, ...after]);
}

/** The rows of one input; `face` counts its faces from 0. @param classes as given to the header. */
export function formatCsvRows(result: SourceResult, classes: readonly string[] = EXPRESSIONS): string {
  const { source, frame, time, width, height, faces, error } = roundResult(result);
  const common: Cell[] = [source, frame, time, width, height];
  if (faces.length === 0) {
    const empty = new Array<Cell>(2 + box.length + pose.length + answer.length + classes.length);
    return row([...common, ...empty, error?.code, error?.message]);
  }
  return faces
    .map((face, index) => {
      const cells: Cell[] = [...common, index, face.track];
      cells.push(face.box.x, face.box.y, face.box.width, face.box.height, face.score);
      cells.push(face.pose.yaw, face.pose.pitch, face.pose.roll, face.quality);
      cells.push(face.expression, face.reason, face.confidence);
      for (const name of classes) cells.push(face.probabilities[name]);
      return row([...cells, error?.code, error?.message]);
    })
    .join("");
}

/** RFC 4180: CRLF, and quotes around cells that hold a comma, a quote or a line end. */
export function row(cells: Iterable<Cell>): string {
  return `${Array.from(cells, (cell) => quoted(String(cell ?? ""))).join(",")}\r\n`;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
