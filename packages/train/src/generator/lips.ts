/**
 * Lips of a face in space: where they stop when they meet, and where along them a landmark source places its points.
 *
 * A scanned vertex is a place on the skin: when a mouth widens, the skin's middle parts slide outwards with the corners.
 * Whoever places landmarks divides the lip line instead. In the London Set (102 persons, mesh points) the points between the
 * corners stand at the same shares of the mouth's width in neutral and in smiling faces, to 0.01 of half a width; as
 * vertices the inner ones would slide from 0.27 to 0.35.
 */

const LIP_PAIRS = [
  [61, 67],
  [62, 66],
  [63, 65],
] as const;
const UPPER_LIP = [49, 50, 51, 52, 53];
const LOWER_LIP = [55, 56, 57, 58, 59];
/** Closing lips meet nearer to the upper one: the jaw moves, the skull does not. */
const LOWER_LIP_SHARE = 0.7;

/** Brings the inner lips to `largestGap` at most, and lips that crossed to where they touch; the outer lips follow. */
export function closeLips(face: Float64Array, largestGap: number): void {
  let largestShift = 0;
  for (const [upper, lower] of LIP_PAIRS) {
    const gap = face[3 * upper + 1]! - face[3 * lower + 1]!;
    const shift = gap < 0 ? gap : Math.max(0, gap - largestGap);
    face[3 * upper + 1]! -= (1 - LOWER_LIP_SHARE) * shift;
    face[3 * lower + 1]! += LOWER_LIP_SHARE * shift;
    if (Math.abs(shift) > Math.abs(largestShift)) largestShift = shift;
  }
  for (const point of UPPER_LIP) {
    face[3 * point + 1]! -= (1 - LOWER_LIP_SHARE) * largestShift * lipReach(point, 51);
  }
  for (const point of LOWER_LIP) face[3 * point + 1]! += LOWER_LIP_SHARE * largestShift * lipReach(point, 57);
}

/** The outer points of a lip follow its middle less. */
function lipReach(point: number, middle: number): number {
  return Math.abs(point - middle) === 2 ? 0.5 : 1;
}

/** The four lip lines, each from the face's right corner to its left one. */
const LINES = [
  [48, 49, 50, 51, 52, 53, 54],
  [48, 59, 58, 57, 56, 55, 54],
  [60, 61, 62, 63, 64],
  [60, 67, 66, 65, 64],
] as const;

/** How far each lip point stands along its line, as a share of the way across from corner to corner: 68 values. */
export function lipPlaces(face: Float64Array): Float64Array {
  const places = new Float64Array(face.length / 3);
  for (const line of LINES) {
    const across = acrossOf(face, line);
    for (const point of line) places[point] = across(point);
  }
  return places;
}

/**
 * Slides lip points along their lines (in place) towards the places they had, where `share` of the way is gone: 0 leaves
 * points on the skin, 1 holds the places. The shape of the lips stays.
 */
export function slideLips(face: Float64Array, places: Float64Array, share: number): void {
  const moved = face.slice();
  for (const line of LINES) {
    const across = acrossOf(face, line);
    for (const point of line.slice(1, -1)) {
      const now = across(point);
      placeOnLine(moved, face, line, across, point, now + share * (places[point]! - now));
    }
  }
  face.set(moved);
}

/** Writes the point of the line that stands `place` of the way across. */
function placeOnLine(
  target: Float64Array,
  face: Float64Array,
  line: readonly number[],
  across: (point: number) => number,
  point: number,
  place: number,
): void {
  let next = 1;
  while (next < line.length - 1 && across(line[next]!) < place) next++;
  const [from, to] = [line[next - 1]!, line[next]!];
  const [start, end] = [across(from), across(to)];
  const share = Math.min(1, Math.max(0, (place - start) / (end - start || 1)));
  for (let axis = 0; axis < 3; axis++) {
    target[3 * point + axis] = (1 - share) * face[3 * from + axis]! + share * face[3 * to + axis]!;
  }
}

/** Share of the way from the first to the last point of a line at which a point stands, seen from the front. */
function acrossOf(face: Float64Array, line: readonly number[]): (point: number) => number {
  const [first, last] = [3 * line[0]!, 3 * line.at(-1)!];
  const x = face[last]! - face[first]!;
  const y = face[last + 1]! - face[first + 1]!;
  const length = x * x + y * y || 1;
  return (point) => ((face[3 * point]! - face[first]!) * x + (face[3 * point + 1]! - face[first + 1]!) * y) / length;
}
