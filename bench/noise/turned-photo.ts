/**
 * A photo of a frontal face, turned: the picture is laid over the face's own mesh in space, the mesh is turned about the
 * head's upright axis and drawn again. Where the points then lie is known. What the photo does not show (the far cheek
 * behind the nose, the side of the head) is the photo stretched, so that turns beyond about 45 degrees are rough.
 */

import type { RgbImage } from "@emotionnet/core";

/** A turned photo, and where places of the photo lie in it. */
export interface TurnedPhoto {
  readonly image: RgbImage;
  /** x, y of a point of the face in the photo → x, y in the turned one. */
  readonly place: (x: number, y: number) => [x: number, y: number];
}

/** Pixels between the knots of the relief. */
const GRID = 4;
const NEIGHBOURS = 8;
/** How far behind the outline of the face ears, hair and backdrop lie, in widths of the face: [distance from the middle over that of the outline, depth]. */
const BEHIND = [
  [1.12, 0.18],
  [1.2, 0.28],
  [1.3, 0.38],
  [1.45, 0.46],
  [1.6, 0.5],
  [2, 0.5],
  [2.6, 0.5],
] as const;
const BACKDROP = 128;

/**
 * Lays a photo over its face's mesh; the returned function turns both.
 * @param mesh x, y, z of the face's mesh in pixels of the photo, z growing away from the camera.
 * @returns takes the yaw in degrees; positive turns the head to the right of the picture.
 */
export function turnable(photo: RgbImage, mesh: Float32Array): (yaw: number) => TurnedPhoto {
  const knots = [...knotsOfMesh(mesh), ...knotsBehind(mesh)];
  const axis = axisOf(mesh);
  const relief = reliefOf(photo, knots);
  return (yaw) => {
    const [cosine, sine] = [Math.cos((yaw * Math.PI) / 180), Math.sin((yaw * Math.PI) / 180)];
    const turned = ([x, y, z]: Knot): Vertex => {
      const [right, back] = [x - axis.x, z - axis.z];
      return { x: axis.x + right * cosine - back * sine, y, z: right * sine + back * cosine, u: x, v: y };
    };
    return {
      image: draw(
        photo,
        relief.map((row) => row.map(turned)),
      ),
      place: (x, y) => {
        const vertex = turned([x, y, depthAt(knots, x, y)]);
        return [vertex.x, vertex.y];
      },
    };
  };
}

type Knot = readonly [x: number, y: number, z: number];

interface Vertex {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  /** Place in the photo. */
  readonly u: number;
  readonly v: number;
}

/** Vertices of the irises have no depth of their own and are left out. */
const MESH_VERTICES = 468;
/** Cheeks in front of the ears, right and left. */
const SIDES = [234, 454] as const;

function knotsOfMesh(mesh: Float32Array): Knot[] {
  return Array.from({ length: MESH_VERTICES }, (_, at) => [
    mesh[3 * at]!,
    mesh[3 * at + 1]!,
    mesh[3 * at + 2]!,
  ]);
}

function axisOf(mesh: Float32Array): { x: number; z: number; width: number } {
  const [right, left] = SIDES;
  return {
    x: (mesh[3 * right]! + mesh[3 * left]!) / 2,
    z: (mesh[3 * right + 2]! + mesh[3 * left + 2]!) / 2,
    width: Math.abs(mesh[3 * left]! - mesh[3 * right]!),
  };
}

const SECTORS = 72;
/** Sectors to each side over which the outline is smoothed. */
const SMOOTHING = 4;

/** Rings around the outline of the mesh that carry on the roundness of the head. */
function knotsBehind(mesh: Float32Array): Knot[] {
  const knots = knotsOfMesh(mesh);
  const middle = [0, 1].map((axis) => knots.reduce((sum, knot) => sum + knot[axis]!, 0) / knots.length);
  const outline: { distance: number; depth: number }[] = [];
  for (const [x, y, depth] of knots) {
    const [right, down] = [x - middle[0]!, y - middle[1]!];
    const sector = Math.floor((Math.atan2(down, right) / (2 * Math.PI) + 0.5) * SECTORS) % SECTORS;
    const distance = Math.hypot(right, down);
    if (distance > (outline[sector]?.distance ?? 0)) outline[sector] = { distance, depth };
  }
  const { width } = axisOf(mesh);
  return Array.from({ length: SECTORS }, (_, sector) => {
    const near = Array.from(
      { length: 2 * SMOOTHING + 1 },
      (_, step) => outline[(sector + step - SMOOTHING + SECTORS) % SECTORS],
    ).filter((place) => place !== undefined);
    const mean = (key: "distance" | "depth") =>
      near.reduce((sum, place) => sum + place[key], 0) / near.length;
    const angle = ((sector + 0.5) / SECTORS - 0.5) * 2 * Math.PI;
    return BEHIND.map(
      ([share, behind]): Knot => [
        middle[0]! + share * mean("distance") * Math.cos(angle),
        middle[1]! + share * mean("distance") * Math.sin(angle),
        mean("depth") + behind * width,
      ],
    );
  }).flat();
}

/** Mean of the nearest knots, weighted by the inverse square of their distance: exact at the knots. */
function depthAt(knots: readonly Knot[], x: number, y: number): number {
  const nearest: { distance: number; z: number }[] = [];
  for (const [knotX, knotY, z] of knots) {
    const distance = (knotX - x) ** 2 + (knotY - y) ** 2;
    if (nearest.length === NEIGHBOURS && distance >= nearest[NEIGHBOURS - 1]!.distance) continue;
    const place = nearest.findIndex((other) => other.distance > distance);
    nearest.splice(place < 0 ? nearest.length : place, 0, { distance, z });
    if (nearest.length > NEIGHBOURS) nearest.pop();
  }
  let sum = 0;
  let weights = 0;
  for (const { distance, z } of nearest) {
    const weight = 1 / (distance + 1e-3);
    sum += weight * z;
    weights += weight;
  }
  return sum / weights;
}

/** Depth of the photo every few pixels. */
function reliefOf({ width, height }: RgbImage, knots: readonly Knot[]): Knot[][] {
  const steps = (size: number) =>
    Array.from({ length: Math.floor(size / GRID) + 1 }, (_, step) => step * GRID);
  return steps(height).map((y) => steps(width).map((x): Knot => [x, y, depthAt(knots, x, y)]));
}

function draw(photo: RgbImage, vertices: readonly (readonly Vertex[])[]): RgbImage {
  const { width, height } = photo;
  const data = new Uint8Array(width * height * 3).fill(BACKDROP);
  const nearest = new Float64Array(width * height).fill(Number.POSITIVE_INFINITY);
  for (const [row, below] of vertices.slice(1).entries()) {
    const above = vertices[row]!;
    for (let column = 1; column < below.length; column++) {
      const [a, b, c, d] = [above[column - 1]!, above[column]!, below[column - 1]!, below[column]!];
      fill(a, b, c);
      fill(d, c, b);
    }
  }
  return { data, width, height };

  function fill(a: Vertex, b: Vertex, c: Vertex): void {
    const area = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
    // Faces of the relief that look away are hidden by others.
    if (area <= 0) return;
    const left = Math.max(0, Math.floor(Math.min(a.x, b.x, c.x)));
    const right = Math.min(width - 1, Math.floor(Math.max(a.x, b.x, c.x)));
    const top = Math.max(0, Math.floor(Math.min(a.y, b.y, c.y)));
    const bottom = Math.min(height - 1, Math.floor(Math.max(a.y, b.y, c.y)));
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        // Pixel k stands at k + ½, here and in the photo.
        const [across, down] = [x + 0.5 - a.x, y + 0.5 - a.y];
        const weightB = (across * (c.y - a.y) - down * (c.x - a.x)) / area;
        const weightC = ((b.x - a.x) * down - (b.y - a.y) * across) / area;
        const weightA = 1 - weightB - weightC;
        if (weightA < 0 || weightB < 0 || weightC < 0) continue;
        const z = weightA * a.z + weightB * b.z + weightC * c.z;
        if (z >= nearest[y * width + x]!) continue;
        nearest[y * width + x] = z;
        copyPixel(
          weightA * a.u + weightB * b.u + weightC * c.u,
          weightA * a.v + weightB * b.v + weightC * c.v,
          (y * width + x) * 3,
        );
      }
    }
  }

  function copyPixel(u: number, v: number, at: number): void {
    const [x, y] = [clamp(u - 0.5, width - 1), clamp(v - 0.5, height - 1)];
    const [left, top] = [Math.min(width - 2, Math.floor(x)), Math.min(height - 2, Math.floor(y))];
    const [across, down] = [x - left, y - top];
    const first = (top * width + left) * 3;
    for (let channel = 0; channel < 3; channel++) {
      const at00 = first + channel;
      data[at + channel] =
        (1 - down) * ((1 - across) * photo.data[at00]! + across * photo.data[at00 + 3]!) +
        down * ((1 - across) * photo.data[at00 + 3 * width]! + across * photo.data[at00 + 3 * width + 3]!);
    }
  }
}

function clamp(value: number, highest: number): number {
  return Math.max(0, Math.min(highest, value));
}
