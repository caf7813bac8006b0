import { MEAN_SHAPE } from "@emotionnet/core";
import { describe, expect, it } from "vitest";
import { parseLabelName } from "./label-name.ts";
import { describeProblem, summariseProblems } from "./label-problem.ts";
import { readLabels } from "./read-labels.ts";
import { labelJson, tightBox } from "./write-labels.ts";

/** The mean face, `size` pixels from its centre outwards, moved into the picture. */
function face(size = 60): number[] {
  return MEAN_SHAPE.map((value) => 200 + size * value);
}

function points(count = 68): Record<string, unknown> {
  const values = face();
  const fields: Record<string, unknown> = { class: "FiducialPoints", "tool-version": "1.0" };
  for (let point = 0; point < count; point++) {
    fields[`P${point + 1}x`] = values[2 * point] ?? 1000 + point;
    fields[`P${point + 1}y`] = values[2 * point + 1] ?? 2000 + point;
  }
  return fields;
}

const box: Record<string, unknown> = {
  class: "FaceBbox",
  face_tight_bboxx: "105",
  face_tight_bboxy: "90.7",
  face_tight_bboxwidth: 190,
  face_tight_bboxheight: 200,
};

function image(...annotations: unknown[]): Record<string, unknown> {
  return { class: "image", filename: "data/001_01_02_200_06.png", annotations };
}

function read(value: unknown, count?: number) {
  return readLabels(JSON.stringify(value, undefined, 1), "a.json", count);
}

describe("readLabels", () => {
  it("reads a list and a single object alike", () => {
    const list = read([image(box, points())]);
    expect(read(image(box, points()))).toEqual(list);
    expect(list.problems).toEqual([]);
    expect(list.faces[0]).toMatchObject({
      image: "data/001_01_02_200_06.png",
      box: { x: 105, y: 90, width: 190, height: 200 },
      landmarks: Float32Array.from(face()),
      occluded: new Uint8Array(68),
    });
  });

  it("takes texts for numbers and any case for classes, and ignores classes it does not know", () => {
    const texts = Object.fromEntries(Object.entries(points()).map(([key, value]) => [key, String(value)]));
    const label = image(
      { class: "GlareAndGlint", Glasses: true },
      { class: "eyes", l_status: "open" },
      { class: "sdklabels", version: "11.2", P1x: "not a point" },
      "not an annotation",
      { ...box, class: "FACEBBOX" },
      { ...texts, class: "fiducialpoints", version: "2" },
    );
    const { faces, problems } = read([{ ...label, class: "Image" }]);
    expect(problems).toEqual([]);
    expect(faces[0]!.landmarks).toEqual(Float32Array.from(face()));
  });

  it.each([68, 80, 104, 120])("reads %i points and leaves higher numbers out", (count) => {
    const { faces } = read([image(box, points(130))], count);
    expect(faces[0]!.landmarks).toHaveLength(2 * count);
    expect([...faces[0]!.landmarks.slice(0, 136)]).toEqual([...Float32Array.from(face())]);
    if (count > 68) expect(faces[0]!.landmarks[2 * 68]).toBe(1068);
  });

  it("reads occlusion flags for true values only", () => {
    const flags = { P1occluded: true, P2occluded: 0, P3occluded: "1", P4occluded: "False", P5occluded: null };
    const { faces } = read([image(box, { ...points(), ...flags })]);
    expect([...faces[0]!.occluded.slice(0, 6)]).toEqual([1, 0, 1, 0, 0, 0]);
  });

  it("takes the smallest legacy rect when there is no FaceBbox", () => {
    const rects = [
      { class: "rect", x: 0, y: 0, width: 400, height: 400 },
      { class: "rect", x: 90, y: -5, width: 200, height: 210 },
    ];
    expect(read([image(...rects, points())]).faces[0]!.box).toEqual({ x: 90, y: 0, width: 200, height: 210 });
    expect(read([image(...rects, box, points())]).faces[0]!.box.x).toBe(105);
  });

  it("places missing points by the mean face, marks them and tells it", () => {
    const fields = points();
    for (const key of ["P9x", "P9y", "P40y"]) delete fields[key];
    Object.assign(fields, { P49x: -1, P49y: -1, P50x: 0, P50y: 0 });
    const { faces, problems } = read([image(box, fields)]);
    const expected = face();
    faces[0]!.landmarks.forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index]!, 3);
    });
    expect([...faces[0]!.occluded].flatMap((flag, point) => (flag ? [point + 1] : []))).toEqual([
      9, 40, 49, 50,
    ]);
    expect(problems).toMatchObject([{ effect: "kept", expected: "68 points" }]);
    expect(problems[0]!.received).toMatch(/^64;/);
  });

  it("skips one bad face of a list and reads the others", () => {
    const { faces, problems } = read([image(box, points()), image(points()), image(box, points())]);
    expect(faces).toHaveLength(2);
    expect(problems.map(describeProblem)).toEqual([
      expect.stringMatching(
        /^a\.json:\d+ \[1\]\.annotations: expected a FaceBbox annotation, received only fiducialpoints \(left out\)$/,
      ),
    ]);
    expect(summariseProblems([...problems, ...problems])).toEqual([
      "2 × expected a FaceBbox annotation (left out)",
    ]);
  });
});

describe("broken label files get the line", () => {
  const good = labelJson({ image: "p.png", landmarks: face() });
  const lines = good.split("\n");
  const lineOf = (part: string) => lines.findIndex((line) => line.includes(part)) + 1;
  const replaced = (part: string, by: string) => good.replace(part, by);

  it.each<[string, string, number, RegExp]>([
    ["an empty file", "", 1, /end of the file/],
    ["cut short", good.slice(0, good.indexOf('"P30x"')), lineOf('"P30x"'), /end of the file/],
    ["no JSON", "P1x 12.5", 1, /expected a value, received `P1x`/],
    [
      "a missing comma",
      replaced('"class": "image",', '"class": "image"'),
      lineOf('"filename"'),
      /`,` or `}`/,
    ],
    ["a missing quote", replaced('"P7y":', 'P7y":'), lineOf('"P7y"'), /name in double quotes/],
    ["a Python NaN", good.replace(/"P5x": [^,]+/, '"P5x": NaN'), lineOf('"P5x"'), /received `NaN`/],
    [
      "a decimal comma",
      good.replace(/"P5x": [^,]+/, '"P5x": 12,5'),
      lineOf('"P5x"'),
      /name in double quotes/,
    ],
    ["a tab in a text", replaced("p.png", "p\t.png"), lineOf('"filename"'), /expected a value/],
    ["a tower of brackets", "[".repeat(100_000), 1, /at most 500 levels/],
    ["text after the end", `${good}x`, lines.length, /end of the file, received `x`/],
    ["a number for a face", "[\n 5]", 2, /an image object, received 5/],
    ["an empty list", "[]", 1, /at least one image object/],
    ["another class", replaced('"image"', '"video"'), lineOf('"image"'), /class "image", received "video"/],
    ["no annotations", replaced('"annotations"', '"notes"'), 2, /list of annotations, received nothing/],
    ["no box", replaced('"FaceBbox"', '"Box"'), lineOf('"annotations"'), /FaceBbox annotation/],
    [
      "no points",
      replaced('"FiducialPoints"', '"Dots"'),
      lineOf('"annotations"'),
      /FiducialPoints annotation/,
    ],
    [
      "a box of words",
      good.replace(/"face_tight_bboxy": "\d+"/, '"face_tight_bboxy": "top"'),
      lineOf("_bboxy"),
      /a number, received "top"/,
    ],
    [
      "a box without a side",
      good.replace(/"face_tight_bboxwidth"/, '"w"'),
      lineOf("FaceBbox") - 1,
      /a number, received nothing/,
    ],
    [
      "a flat box",
      good.replace(/"face_tight_bboxheight": "\d+"/, '"face_tight_bboxheight": "0"'),
      lineOf("_bboxheight"),
      /at least 1 pixel/,
    ],
    [
      "a word for a coordinate",
      good.replace(/"P9y": [^,]+/, '"P9y": "left"'),
      lineOf('"P9y"'),
      /a number, received "left"/,
    ],
    [
      "a list for a coordinate",
      good.replace(/"P9y": [^,]+/, '"P9y": [1, 2]'),
      lineOf('"P9y"'),
      /a number, received \[1,2\]/,
    ],
    [
      "an infinite coordinate",
      good.replace(/"P9y": [^,]+/, '"P9y": 1e999'),
      lineOf('"P9y"'),
      /a number, received Infinity/,
    ],
    ["33 points", JSON.stringify([image(box, points(33))]), 1, /68 points, received 33/],
    [
      "coinciding points",
      good.replace(/("P\d+[xy]": )[^,\n]+/g, "$17"),
      lineOf("FiducialPoints") - 1,
      /distinct/,
    ],
  ])("%s", (_name, text, line, message) => {
    const { faces, problems } = readLabels(text, "broken.json");
    expect(faces).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]!.line).toBe(line);
    expect(describeProblem(problems[0]!)).toMatch(message);
  });
});

describe("labelJson", () => {
  it("is read back as it was", () => {
    const occluded = Uint8Array.from({ length: 68 }, (_, point) => point % 2);
    const label = { image: "x/y.png", landmarks: Float32Array.from(face()), occluded };
    const { faces, problems } = readLabels(labelJson(label), "x.json");
    expect(problems).toEqual([]);
    expect(faces[0]).toMatchObject({ ...label, box: tightBox(label.landmarks) });
  });

  it("survives a byte-order mark", () => {
    expect(readLabels(`\uFEFF${labelJson({ image: "", landmarks: face() })}`, "x.json").faces).toHaveLength(
      1,
    );
  });
});

describe("parseLabelName", () => {
  it("takes the person from the front and the expression from the end", () => {
    expect(parseLabelName("/a/b/S052_004_00000031_Happy.json")).toEqual({
      frame: "S052_004_00000031",
      person: "S052",
      expression: "happy",
    });
    expect(parseLabelName("anna_scream.json")).toMatchObject({ frame: "anna", person: "anna" });
    for (const name of ["happy.json", "_happy.json", "anna_.json"])
      expect(parseLabelName(name)).toBeUndefined();
  });
});
