import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readAttributes } from "./attributes.ts";

/** Forty persons with three frames each. */
const names = Array.from({ length: 120 }, (_, face) => {
  const person = String(1 + Math.floor(face / 3)).padStart(3, "0");
  return `${person}_01_01_051_0${face % 3}`;
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "emotionnet-attributes-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(text: string, faces: readonly string[] = names) {
  const path = join(folder, "people.csv");
  await writeFile(path, text);
  const lines: string[] = [];
  const attributes = await readAttributes(path, faces, (line) => lines.push(line));
  return { attributes, lines };
}

const rows = (cell: (face: number) => string, faces = names) =>
  faces.map((name, face) => `${name};${cell(face)}`).join("\r\n");

test("each column is an attribute; faces that no row names have none, and are counted", async () => {
  const body = rows((face) => `${["glasses", "none", ""][face % 3]};${face % 2}`, names.slice(0, 100));
  const { attributes, lines } = await read(`\uFEFFframe;eyewear;odd\r\n${body}\r\n`);
  expect(attributes.map(({ name }) => name)).toEqual(["eyewear", "odd"]);
  expect(attributes[0]!.values.slice(0, 3)).toEqual(["glasses", "none", undefined]);
  expect(attributes[1]!.values.filter((value) => value !== undefined)).toHaveLength(100);
  expect(lines).toEqual([expect.stringMatching(/says something of 100 of 120 faces$/)]);
});

test("a row a person goes to all frames of the person", async () => {
  const people = Array.from(
    { length: 40 },
    (_, person) => `${String(person + 1).padStart(3, "0")},n${person},${person % 2}`,
  );
  const { attributes, lines } = await read(`person,name,group\n${people.join("\n")}\n900,x,1\n`);
  const group = attributes.find(({ name }) => name === "group")!;
  expect(group.values.slice(0, 7)).toEqual(["0", "0", "0", "1", "1", "1", "0"]);
  expect(lines).toContainEqual(expect.stringMatching(/has 1 rows of no person in the data set$/));
});

test("many numbers become bands in their order; few stay as they are", async () => {
  const { attributes } = await read(`frame;age;rank\n${rows((face) => `${5 + (face % 60)};${face % 12}`)}\n`);
  const [age, rank] = attributes;
  expect(age!.order).toEqual(["5 to 19", "20 to 34", "35 to 49", "50 to 64"]);
  expect(age!.values.slice(13, 17)).toEqual(["5 to 19", "5 to 19", "20 to 34", "20 to 34"]);
  expect(rank!.order).toBeUndefined();
  expect(rank!.values[11]).toBe("11");
});

test("a number that fills several bands is a band of its own", async () => {
  const { attributes } = await read(`frame;years\n${rows((face) => String(face < 80 ? 0 : face))}\n`);
  expect(attributes[0]!.order).toEqual(["0", "80 to 89", "90 to 119"]);
  expect([79, 80, 89, 90].map((face) => attributes[0]!.values[face])).toEqual([
    "0",
    "80 to 89",
    "80 to 89",
    "90 to 119",
  ]);
});

test("columns that tell no parts apart are left out and told", async () => {
  const { attributes, lines } = await read(`frame;site;empty;id\n${rows((face) => `lab;;who${face}`)}\n`);
  expect(attributes).toEqual([]);
  expect(lines).toEqual([
    "The column site has one value and is left out",
    "The column empty has no value and is left out",
    "The column id has 120 different values, more than 50, and is left out",
  ]);
});

test.each([
  ["frame\n", /with 1 column, in which no row names a frame of the data set; .*"001_01_01_051_00"/],
  ["", /with 0 columns/],
  ["frame,sex\nsomebody,f\n", /in which no row names a frame/],
  ["person,sex\n1,f\n", /in which no row names a person .*persons such as "001"/],
  ['frame,sex\n001_01_01_051_00,"f\n', /line 2 of .*, in which a quotation mark has no partner/],
  ["frame,sex\n001_01_01_051_00,f\n001_01_01_051_00,m\n", /two different rows of "001_01_01_051_00"/],
])("%j is refused", async (text, message) => {
  await expect(read(text)).rejects.toMatchObject({ code: "usage", message: expect.stringMatching(message) });
});

test("a file that is not there is not found", async () => {
  await expect(readAttributes(join(folder, "no.csv"), names)).rejects.toMatchObject({
    code: "file-not-found",
  });
});
