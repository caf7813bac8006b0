/** Which of the 189 points of a London Set template stand for which of the 68 points. */

import { LANDMARK_COUNT } from "@emotionnet/core";

export type Template = readonly (readonly [x: number, y: number])[];

/** Point of the 68 → template points whose mean it is. Nose bridge, nostrils and inner mouth corners have none. */
const MARKED = new Map<number, readonly number[]>([
  ...[71, 72, 73, 74].map((source, index) => [17 + index, [source]] as const),
  [21, [75, 76]],
  [22, [77, 78]],
  ...[79, 80, 81, 82].map((source, index) => [23 + index, [source]] as const),
  [33, [55]],
  ...[18, 19, 21, 22, 30, 28, 23, 24, 26, 27, 33, 31].map((source, index) => [36 + index, [source]] as const),
  ...[87, 88, 89, 90, 91, 92, 93].map((source, index) => [48 + index, [source]] as const),
  ...[108, 107, 106, 105, 104].map((source, index) => [55 + index, [source]] as const),
  ...[95, 96, 97].map((source, index) => [61 + index, [source]] as const),
  ...[102, 101, 100].map((source, index) => [65 + index, [source]] as const),
]);

/** From eye height down to the chin, on the face's right and left. */
const RIGHT_OUTLINE = [109, 110, 111, 125, 126, 127, 128, 129];
const LEFT_OUTLINE = [112, 113, 114, 133, 132, 131, 130, 129];
const CHIN = 8;
const LAST_JAW_POINT = 16;

/** Places of the 68 points, in the template's pixels; `undefined` where the template marks nothing. */
export function templatePoints(template: Template): (readonly [number, number] | undefined)[] {
  const points = new Array<readonly [number, number] | undefined>(LANDMARK_COUNT).fill(undefined);
  for (const [point, sources] of MARKED) {
    const [x, y] = [0, 1].map((axis) => sources.reduce((sum, source) => sum + template[source]![axis]!, 0));
    points[point] = [x! / sources.length, y! / sources.length];
  }
  const right = evenlySpaced(
    RIGHT_OUTLINE.map((source) => template[source]!),
    CHIN + 1,
  );
  const left = evenlySpaced(
    LEFT_OUTLINE.map((source) => template[source]!),
    CHIN + 1,
  );
  for (let step = 0; step <= CHIN; step++) {
    points[step] = right[step];
    points[LAST_JAW_POINT - step] = left[step];
  }
  return points;
}

/** `count` points along a line of straight pieces, ends included. */
function evenlySpaced(line: Template, count: number): (readonly [number, number])[] {
  const lengths = line.slice(1).map(([x, y], index) => Math.hypot(x - line[index]![0], y - line[index]![1]));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  return Array.from({ length: count }, (_, step) => {
    let rest = (total * step) / (count - 1);
    let piece = 0;
    while (piece < lengths.length - 1 && rest > lengths[piece]!) rest -= lengths[piece++]!;
    const share = Math.min(1, rest / lengths[piece]!);
    const [[fromX, fromY], [toX, toY]] = [line[piece]!, line[piece + 1]!];
    return [fromX + share * (toX - fromX), fromY + share * (toY - fromY)];
  });
}
