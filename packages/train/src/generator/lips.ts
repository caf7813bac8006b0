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

/** Writes how far each lip point stands along its line, as a share of the way from corner to corner, into 68 `places`. */
export function lipPlaces(face: Float64Array, places: Float64Array): void {
  for (const line of LINES) for (const point of line) places[point] = placeOnLine(face, line, point);
}

const LONGEST_LINE = LINES[0].length;
// One line before its points slide, x, y, z each, and their places: millions of faces are drawn.
const before = new Float64Array(3 * LONGEST_LINE);
const now = new Float64Array(LONGEST_LINE);

/**
 * Slides lip points along their lines (in place) towards the places they had, where `share` of the way is gone: 0 leaves
 * points on the skin, 1 holds the places. The shape of the lips stays.
 */
export function slideLips(face: Float64Array, places: Float64Array, share: number): void {
  for (const line of LINES) {
    for (let step = 0; step < line.length; step++) {
      const point = line[step]!;
      now[step] = placeOnLine(face, line, point);
      for (let axis = 0; axis < 3; axis++) before[3 * step + axis] = face[3 * point + axis]!;
    }
    for (let step = 1; step < line.length - 1; step++) {
      const point = line[step]!;
      movePoint(face, point, line.length, now[step]! + share * (places[point]! - now[step]!));
    }
  }
}

/** Moves a point to where the line in `before` is `place` of the way across. */
function movePoint(face: Float64Array, point: number, length: number, place: number): void {
  let next = 1;
  while (next < length - 1 && now[next]! < place) next++;
  const width = now[next]! - now[next - 1]!;
  const share = width === 0 ? 0 : Math.min(1, Math.max(0, (place - now[next - 1]!) / width));
  for (let axis = 0; axis < 3; axis++) {
    face[3 * point + axis] = (1 - share) * before[3 * next - 3 + axis]! + share * before[3 * next + axis]!;
  }
}

/** Share of the way from the first to the last point of a line at which a point stands, seen from the front. */
function placeOnLine(face: Float64Array, line: readonly number[], point: number): number {
  const first = 3 * line[0]!;
  const last = 3 * line[line.length - 1]!;
  const x = face[last]! - face[first]!;
  const y = face[last + 1]! - face[first + 1]!;
  const along = (face[3 * point]! - face[first]!) * x + (face[3 * point + 1]! - face[first + 1]!) * y;
  return along / (x * x + y * y || 1);
}
