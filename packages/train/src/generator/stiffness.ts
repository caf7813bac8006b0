/** Landmark networks know what faces look like: a part moves, stretches and leans as a whole more than its points move apart. */

// Of the part that is being stiffened: millions of faces are drawn.
const rights = new Float64Array(9);
const solution = new Float64Array(9);

/**
 * Replaces a share of the movement of points `start` to `end` (not included) by its best affine fit, in place: the least-squares fit of
 * movement = c₀ + c₁·x + c₂·y over the points' places at rest, for each of x, y and z.
 * @param moved (points × 3) movements @param face (points × 3) places at rest @param share 0: every point for itself, 1: as a whole
 */
export function stiffen(
  moved: Float64Array,
  face: Float64Array,
  start: number,
  end: number,
  share: number,
): void {
  if (share === 0) return;
  const [centreX, centreY] = centreOf(face, start, end);
  let [xx, xy, yy] = [0, 0, 0];
  rights.fill(0);
  for (let point = start; point < end; point++) {
    const x = face[3 * point]! - centreX;
    const y = face[3 * point + 1]! - centreY;
    xx += x * x;
    xy += x * y;
    yy += y * y;
    for (let axis = 0; axis < 3; axis++) {
      const movement = moved[3 * point + axis]!;
      rights[3 * axis]! += movement;
      rights[3 * axis + 1]! += movement * x;
      rights[3 * axis + 2]! += movement * y;
    }
  }
  // Places are centred, so the constant is the mean and the slopes are a system of two.
  const determinant = xx * yy - xy * xy;
  for (let axis = 0; axis < 3; axis++) {
    const [total, byX, byY] = [rights[3 * axis]!, rights[3 * axis + 1]!, rights[3 * axis + 2]!];
    solution[3 * axis] = total / (end - start);
    solution[3 * axis + 1] = (byX * yy - byY * xy) / determinant;
    solution[3 * axis + 2] = (byY * xx - byX * xy) / determinant;
  }
  for (let point = start; point < end; point++) {
    const x = face[3 * point]! - centreX;
    const y = face[3 * point + 1]! - centreY;
    for (let axis = 0; axis < 3; axis++) {
      const whole = solution[3 * axis]! + solution[3 * axis + 1]! * x + solution[3 * axis + 2]! * y;
      const index = 3 * point + axis;
      moved[index] = (1 - share) * moved[index]! + share * whole;
    }
  }
}

function centreOf(face: Float64Array, start: number, end: number): readonly [x: number, y: number] {
  let [x, y] = [0, 0];
  for (let point = start; point < end; point++) {
    x += face[3 * point]!;
    y += face[3 * point + 1]!;
  }
  return [x / (end - start), y / (end - start)];
}
