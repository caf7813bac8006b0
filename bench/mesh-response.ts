/**
 * How our mesh shows movements: whether the points of a part move apart, or the part moves, stretches and leans as a whole.
 *
 *     node dist/bench/mesh-response.js [<data directory, default ../shared/data>] [<drawn persons, default 40>]
 *
 * Real smiles (`london-landmarks.json`, where it is present): the part of the mean vertical movement from rest to smile that no affine
 * movement of a part explains, beside that of simulated smiles with loose parts and with parts as stiff as the generator draws them.
 * Drawn people (simulated), whose movements are known, read by the mesh: least squares of the vertical movement that is read over all
 * persons, expressions and points, by the movement that was drawn, and by that and its best affine fit together; then how the
 * default model answers to drawn and to read points. Drawings are no photographs: noses and lips above all are only lines.
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { EmotionNet, EXPRESSIONS, type Expression, normalise, PARTS } from "@emotionnet/core";
import { drawPortrait } from "@emotionnet/media";
import { FaceReader } from "@emotionnet/vision";
import { readLondonSet } from "#packages/train/dist/generator/compare/london-set.js";
import {
  asLooseMesh,
  asMesh,
  faithful,
  knownFace,
  type Movement,
  movementFrom,
} from "./noise/known-faces.ts";
import { repository } from "./repository.ts";

const PORTRAIT_SIZE = 512;
const SIMULATED_PERSONS = 1000;
/** Of the London smiles a third are faint; so many posed ones give the same share. */
const POSED_SHARE = 0.5;

function londonSmiles(file: string): Movement[] {
  const persons = new Map<string, Partial<Record<"neutral" | "happy", Float32Array>>>();
  for (const { set, subject, label, landmarks } of readLondonSet(file)) {
    if (set === "london") persons.set(subject, { ...persons.get(subject), [label]: normalise(landmarks) });
  }
  return [...persons.values()].flatMap(({ neutral, happy }) =>
    neutral && happy ? [movementFrom(neutral, happy)] : [],
  );
}

function simulatedSmiles(sensor: Parameters<typeof knownFace>[3]): Movement[] {
  return Array.from({ length: SIMULATED_PERSONS }, (_, person) => {
    const [rest, smile] = (["neutral", "happy"] as const).map((expression) =>
      normalise(knownFace(person, expression, POSED_SHARE, sensor)),
    );
    return movementFrom(rest!, smile!);
  });
}

/** Root mean square over the points of the mean vertical movement that no affine movement explains, in normalised units. */
function meanPattern(movements: readonly Movement[], [start, end]: readonly [number, number]): number {
  let squares = 0;
  for (let index = 3 * start + 1; index < 3 * end; index += 3) {
    const sum = movements.reduce((total, { points, fit }) => total + points[index]! - fit[index]!, 0);
    squares += (sum / movements.length) ** 2;
  }
  return Math.sqrt(squares / (end - start));
}

function printSmiles(file: string): void {
  const columns = [londonSmiles(file), simulatedSmiles(asLooseMesh), simulatedSmiles(asMesh)];
  console.log(
    `${columns[0]!.length} real smiles, ${SIMULATED_PERSONS} simulated; thousandths of the normalised unit\n`,
  );
  console.log("| movement within | London | simulated, loose | simulated, as the generator draws |");
  console.log("| --- | ---: | ---: | ---: |");
  for (const [part, range] of Object.entries(PARTS)) {
    const cells = columns.map((movements) => (1000 * meanPattern(movements, range)).toFixed(1));
    console.log(`| ${part} | ${cells.join(" | ")} |`);
  }
}

/** x, y of 68 points, normalised. */
interface Reading {
  readonly drawn: Float32Array;
  readonly read: Float32Array;
}

async function readings(reader: FaceReader, person: number): Promise<Map<Expression, Reading>> {
  const result = new Map<Expression, Reading>();
  for (const expression of EXPRESSIONS) {
    const landmarks = knownFace(person, expression, 1, faithful);
    const image = await drawPortrait(landmarks, { size: PORTRAIT_SIZE, seed: person });
    const [face] = await reader.read(image);
    if (face) result.set(expression, { drawn: normalise(landmarks), read: normalise(face.landmarks) });
  }
  return result;
}

/** Sums of products of the drawn movement, its affine fit and the read movement. */
class Response {
  readonly #products = { dd: 0, df: 0, ff: 0, dr: 0, fr: 0, rr: 0 };

  add(drawn: number, fit: number, read: number): void {
    const products = this.#products;
    products.dd += drawn * drawn;
    products.df += drawn * fit;
    products.ff += fit * fit;
    products.dr += drawn * read;
    products.fr += fit * read;
    products.rr += read * read;
  }

  cells(): string[] {
    const { dd, df, ff, dr, fr, rr } = this.#products;
    const determinant = dd * ff - df * df;
    const point = (dr * ff - fr * df) / determinant;
    const whole = (fr * dd - dr * df) / determinant;
    const explained = (point * dr + whole * fr) / rr;
    return [dr / dd, dr ** 2 / (dd * rr), point, whole, explained].map((value) => value.toFixed(2));
  }
}

function printResponses(persons: readonly ReadonlyMap<Expression, Reading>[]): void {
  console.log(`\n${persons.length} drawn persons (simulated)\n`);
  console.log("| part | share read | explained | point by point | as a whole | explained |");
  console.log("| --- | ---: | ---: | ---: | ---: | ---: |");
  for (const [part, [start, end]] of Object.entries(PARTS)) {
    const response = new Response();
    for (const person of persons) {
      const rest = person.get("neutral");
      if (!rest) continue;
      for (const [expression, { drawn, read }] of person) {
        if (expression === "neutral") continue;
        const [wanted, got] = [movementFrom(rest.drawn, drawn), movementFrom(rest.read, read)];
        for (let index = 3 * start + 1; index < 3 * end; index += 3)
          response.add(wanted.points[index]!, wanted.fit[index]!, got.points[index]!);
      }
    }
    console.log(`| ${part} | ${response.cells().join(" | ")} |`);
  }
}

async function printAnswers(persons: readonly ReadonlyMap<Expression, Reading>[]): Promise<void> {
  const net = await EmotionNet.load();
  console.log("\nAnswers, forced, to drawn / read points (simulated)\n");
  console.log(`| shown | ${EXPRESSIONS.join(" | ")} |`);
  console.log(`| --- |${" ---: |".repeat(EXPRESSIONS.length)}`);
  for (const shown of EXPRESSIONS) {
    const counts = EXPRESSIONS.map(() => ({ drawn: 0, read: 0 }));
    for (const person of persons) {
      const reading = person.get(shown);
      if (!reading) continue;
      for (const kind of ["drawn", "read"] as const) {
        const answer = net.classifyBatch(reading[kind], 1);
        counts[answer.indexOf(Math.max(...answer))]![kind] += 1;
      }
    }
    console.log(`| ${shown} | ${counts.map(({ drawn, read }) => `${drawn} / ${read}`).join(" | ")} |`);
  }
}

const london = join(process.argv[2] ?? join(repository, "../shared/data"), "london-landmarks.json");
if (existsSync(london)) printSmiles(london);
else console.log(`${london} is not there: no real smiles.`);
const reader = await FaceReader.create();
const persons: Map<Expression, Reading>[] = [];
for (let person = 0; person < Number(process.argv[3] ?? 40); person++)
  persons.push(await readings(reader, person));
await reader.close();
printResponses(persons);
await printAnswers(persons);
