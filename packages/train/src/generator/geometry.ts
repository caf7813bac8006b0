/** What an expression does to 68 points, in a few numbers that people can picture. */

export interface FaceMeasures {
  /** Between the inner lips. */
  readonly mouthOpening: number;
  /** From lip corner to lip corner. */
  readonly mouthWidth: number;
  /** Height of the outer lips. */
  readonly lipHeight: number;
  /** Degrees by which the lip corners lie above the middle of the lips. */
  readonly lipCornerAngle: number;
  /** Between the lids. */
  readonly eyeOpening: number;
  /** Middle of the brows above the eye corners. */
  readonly browHeight: number;
  /** Inner ends of the brows above the inner eye corners. */
  readonly innerBrowHeight: number;
  /** Upper lip below the base of the nose. */
  readonly upperLipDrop: number;
  /** Nostrils below the root of the nose. */
  readonly noseLength: number;
  /** Difference in height of the lip corners. */
  readonly asymmetry: number;
}

const [RIGHT_EYE_CORNER, LEFT_EYE_CORNER] = [36, 45];

/**
 * Measures of x, y of 68 points (y down, any unit) starting at `offset`. Lengths in outer-eye distances, heights along
 * the face's own vertical (across the line between the outer eye corners).
 */
export function measureFace(landmarks: ArrayLike<number>, offset = 0): FaceMeasures {
  const rawX = (point: number) => landmarks[offset + 2 * point]!;
  const rawY = (point: number) => landmarks[offset + 2 * point + 1]!;
  const acrossX = rawX(LEFT_EYE_CORNER) - rawX(RIGHT_EYE_CORNER);
  const acrossY = rawY(LEFT_EYE_CORNER) - rawY(RIGHT_EYE_CORNER);
  const unit = acrossX ** 2 + acrossY ** 2;
  const x = (point: number) => (rawX(point) * acrossX + rawY(point) * acrossY) / unit;
  const y = (...points: number[]) => {
    let sum = 0;
    for (const point of points) sum += (rawX(point) * acrossY - rawY(point) * acrossX) / unit;
    return sum / points.length;
  };
  const mouthWidth = x(54) - x(48);
  return {
    mouthOpening: y(61, 62, 63) - y(65, 66, 67),
    mouthWidth,
    lipHeight: y(50, 51, 52) - y(56, 57, 58),
    lipCornerAngle: (Math.atan2(y(48, 54) - y(51, 57, 62, 66), mouthWidth / 2) * 180) / Math.PI,
    eyeOpening: y(37, 38, 43, 44) - y(40, 41, 46, 47),
    browHeight: y(18, 19, 20, 23, 24, 25) - y(36, 39, 42, 45),
    innerBrowHeight: y(21, 22) - y(39, 42),
    upperLipDrop: y(33) - y(50, 51, 52),
    noseLength: y(27) - y(31, 35),
    asymmetry: Math.abs(y(48) - y(54)),
  };
}
