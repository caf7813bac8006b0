/**
 * How far the 68 points picked from the mesh lie from hand-placed ones, with the classic list of vertices, with ours, and
 * with vertices and offsets fitted anew.
 *
 *     node dist/bench/map-error.js <data directory>
 *
 * The directory holds `london-landmarks.json` and `london-templates.json` (102 neutral persons). What is fitted is fitted on
 * one half of the persons and measured on the other, both ways round, and is the same for the left and the right of the face.
 * Prints, for each part, the mean distance to the hand-placed points in percent of the distance of the outer eye corners (NME).
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FLIP, LANDMARK_COUNT, MESH_TO_IBUG68, PARTS } from "@emotionnet/core";
import { type Template, templatePoints } from "#packages/train/dist/generator/fit/template-points.js";
import { MESH_MIRROR } from "#packages/vision/dist/mesh/mesh-mirror.js";

type Point = readonly [x: number, y: number];

/** One person: both in outer-eye distances of the mesh, in the face's own frame (x along the eyes, y down). */
interface Person {
  readonly mesh: readonly Point[];
  /** `undefined` where the template marks nothing. */
  readonly truth: readonly (Point | undefined)[];
  /** Outer-eye distance of the hand-placed points. */
  readonly unit: number;
}

/** What makes 68 points of a mesh. */
interface PointMap {
  readonly vertices: readonly number[];
  readonly offsets?: readonly Point[];
}

const ROWS = {
  jaw: ["jaw"],
  brows: ["rightBrow", "leftBrow"],
  nose: ["nose"],
  eyes: ["rightEye", "leftEye"],
  lips: ["outerLip", "innerLip"],
  "without jaw": ["rightBrow", "leftBrow", "nose", "rightEye", "leftEye", "outerLip", "innerLip"],
  all: Object.keys(PARTS) as (keyof typeof PARTS)[],
} as const satisfies Record<string, readonly (keyof typeof PARTS)[]>;

const EYE_CORNERS = [36, 45] as const;

function readPersons(directory: string): { persons: Person[]; classic: readonly number[] } {
  const read = (name: string) => JSON.parse(readFileSync(join(directory, name), "utf8"));
  const { samples, meshIndex68 }: LondonFile = read("london-landmarks.json");
  const { points }: { points: Record<string, Template> } = read("london-templates.json");
  const persons = samples.flatMap(({ id, mesh478 }) =>
    points[id] ? [personOf(mesh478, templatePoints(points[id]))] : [],
  );
  return { persons, classic: meshIndex68 };
}

interface LondonFile {
  readonly meshIndex68: readonly number[];
  readonly samples: readonly { readonly id: string; readonly mesh478: readonly (readonly number[])[] }[];
}

function personOf(mesh: readonly (readonly number[])[], truth: readonly (Point | undefined)[]): Person {
  const [right, left] = EYE_CORNERS.map((point) => mesh[MESH_TO_IBUG68[point]!]!) as [number[], number[]];
  const [x, y] = [left[0]! - right[0]!, left[1]! - right[1]!];
  const square = x ** 2 + y ** 2;
  const framed = (point: readonly number[]): Point => {
    const [across, down] = [point[0]! - right[0]!, point[1]! - right[1]!];
    return [(across * x + down * y) / square, (down * x - across * y) / square];
  };
  const placed = truth.map((point) => point && framed(point));
  return {
    mesh: mesh.map(framed),
    truth: placed,
    unit: apart(placed[EYE_CORNERS[0]]!, placed[EYE_CORNERS[1]]!),
  };
}

function apart([x, y]: Point, [otherX, otherY]: Point): number {
  return Math.hypot(x - otherX, y - otherY);
}

/** For each point the vertex that lies nearest on these persons, the same on both sides. */
function fitVertices(persons: readonly Person[]): number[] {
  return MESH_TO_IBUG68.map((usual, point) => {
    const twin = FLIP[point]!;
    if (persons[0]!.truth[point] === undefined) return usual;
    const cost = (vertex: number) =>
      persons.reduce(
        (sum, { mesh, truth }) =>
          sum + apart(mesh[vertex]!, truth[point]!) + apart(mesh[MESH_MIRROR[vertex]!]!, truth[twin]!),
        0,
      );
    const costs = MESH_MIRROR.map((_, vertex) => cost(vertex));
    return costs.indexOf(Math.min(...costs));
  });
}

/** For each point the mean way from its vertex to the hand-placed one, mirrored on the other side. */
function fitOffsets(persons: readonly Person[], vertices: readonly number[]): Point[] {
  const plain = vertices.map((vertex, point): Point => {
    if (persons[0]!.truth[point] === undefined) return [0, 0];
    const mean = (axis: 0 | 1) =>
      persons.reduce((sum, { mesh, truth }) => sum + truth[point]![axis] - mesh[vertex]![axis], 0) /
      persons.length;
    return [mean(0), mean(1)];
  });
  return plain.map(([x, y], point) => {
    const [twinX, twinY] = plain[FLIP[point]!]!;
    return [(x - twinX) / 2, (y + twinY) / 2];
  });
}

/** Distances to the hand-placed points, by point, of all these persons, in their outer-eye distance. */
function errors({ vertices, offsets }: PointMap, persons: readonly Person[]): number[][] {
  return Array.from({ length: LANDMARK_COUNT }, (_, point) =>
    persons.flatMap(({ mesh, truth, unit }) => {
      const wanted = truth[point];
      if (wanted === undefined) return [];
      const [x, y] = mesh[vertices[point]!]!;
      const [right, down] = offsets?.[point] ?? [0, 0];
      return [apart([x + right, y + down], wanted) / unit];
    }),
  );
}

/** Fits on one half and measures on the other, both ways. */
function heldOut(persons: readonly Person[], mapOf: (persons: readonly Person[]) => PointMap): number[][] {
  const halves = [0, 1].map((rest) => persons.filter((_, index) => index % 2 === rest));
  const [first, second] = [
    errors(mapOf(halves[0]!), halves[1]!),
    errors(mapOf(halves[1]!), halves[0]!),
  ] as const;
  return first.map((distances, point) => [...distances, ...second[point]!]);
}

function percent(distances: readonly (readonly number[])[], parts: readonly (keyof typeof PARTS)[]): string {
  const all = parts.flatMap((part) => distances.slice(...PARTS[part]).flat());
  return ((100 * all.reduce((sum, value) => sum + value, 0)) / all.length).toFixed(2);
}

const directory = process.argv[2];
if (!directory) throw new Error("Give the path of the directory that holds london-landmarks.json.");
const { persons, classic } = readPersons(directory);
const MAPS: Readonly<Record<string, (persons: readonly Person[]) => PointMap>> = {
  "classic list": () => ({ vertices: classic }),
  "our list": () => ({ vertices: MESH_TO_IBUG68 }),
  "fitted vertices": (half) => ({ vertices: fitVertices(half) }),
  "our list, offsets": (half) => ({
    vertices: MESH_TO_IBUG68,
    offsets: fitOffsets(half, MESH_TO_IBUG68),
  }),
  "fitted, offsets": (half) => {
    const vertices = fitVertices(half);
    return { vertices, offsets: fitOffsets(half, vertices) };
  },
};
console.log(
  `${persons.length} persons; NME on the half that was not fitted on, % of the outer-eye distance\n`,
);
console.log(`| map | ${Object.keys(ROWS).join(" | ")} |`);
console.log(`| --- |${" ---: |".repeat(Object.keys(ROWS).length)}`);
for (const [name, mapOf] of Object.entries(MAPS)) {
  const distances = heldOut(persons, mapOf);
  console.log(
    `| ${name} | ${Object.values(ROWS)
      .map((parts) => percent(distances, parts))
      .join(" | ")} |`,
  );
}
const other = fitVertices(persons);
const changed = other.flatMap((vertex, point) =>
  vertex === MESH_TO_IBUG68[point] ? [] : [`${point}: ${MESH_TO_IBUG68[point]} → ${vertex}`],
);
console.log(`\nVertices that fit better on all persons (point: ours → fitted): ${changed.join(", ")}`);
