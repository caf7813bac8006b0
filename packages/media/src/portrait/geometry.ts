/** Points and curves for the portrait's parts. All coordinates are pixels of the portrait, y down. */

export type Point = readonly [x: number, y: number];

export function add([ax, ay]: Point, [bx, by]: Point): Point {
  return [ax + bx, ay + by];
}

export function subtract([ax, ay]: Point, [bx, by]: Point): Point {
  return [ax - bx, ay - by];
}

export function scale([x, y]: Point, factor: number): Point {
  return [x * factor, y * factor];
}

/** a at 0, b at 1. */
export function between(a: Point, b: Point, share: number): Point {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
}

export function middle(...points: readonly Point[]): Point {
  return scale(points.reduce(add, [0, 0]), 1 / points.length);
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

export function format(point: Point): string {
  return `${number(point[0])} ${number(point[1])}`;
}

/** Two decimals: the drawing is the same text on every machine. */
export function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** SVG path commands of a Catmull-Rom spline through the points, beginning with `start` ("M" or "L"). */
export function spline(points: readonly Point[], start: "M" | "L" = "M"): string {
  let path = `${start}${format(points[0]!)}`;
  for (let index = 0; index + 1 < points.length; index++) {
    const before = points[Math.max(0, index - 1)]!;
    const from = points[index]!;
    const to = points[index + 1]!;
    const after = points[Math.min(points.length - 1, index + 2)]!;
    // The tangent at a point is half the way between its neighbours; a Bézier handle is a third of it.
    const leave = add(from, scale(subtract(to, before), 1 / 6));
    const arrive = subtract(to, scale(subtract(after, from), 1 / 6));
    path += `C${format(leave)} ${format(arrive)} ${format(to)}`;
  }
  return path;
}

/** A closed shape between two splines that run in the same direction. */
export function band(upper: readonly Point[], lower: readonly Point[]): string {
  return `${spline(upper)}${spline([...lower].reverse(), "L")}Z`;
}

/** Squareness of a dome: 2 is half an ellipse, more is fuller at the sides, as a skull is. */
const domePower = 2.3;

/** Points of an arch from `from` over `top` to `to`, both ends included. */
export function dome(from: Point, top: Point, to: Point, count = 9): Point[] {
  const foot = middle(from, to);
  return Array.from({ length: count }, (_, index) => {
    const across = -Math.cos((Math.PI * index) / (count - 1));
    const rise = (1 - Math.abs(across) ** domePower) ** (1 / domePower);
    const base = between(from, to, (across + 1) / 2);
    return add(base, scale(subtract(top, foot), rise));
  });
}
