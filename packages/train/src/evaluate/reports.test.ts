import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXPRESSIONS } from "@emotionnet/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { confusionFigure } from "./confusion-figure.ts";
import { evaluateAnswers } from "./evaluate-answers.ts";
import { labels, predicted } from "./small-case.ts";
import { writeReports } from "./write-reports.ts";

/** 0.75 for the answer, the rest evenly. */
const probabilities = Float32Array.from(
  predicted.flatMap((answer) => EXPRESSIONS.map((_, id) => (id === answer ? 0.75 : 0.05))),
);
const evaluation = evaluateAnswers(probabilities, labels, EXPRESSIONS);
const context = { model: "small", dataset: "test.tfrecords", isSimulated: true };

describe("reports of an evaluation", () => {
  let directory = "";
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "emotionnet-reports-"));
  });
  afterAll(() => rm(directory, { recursive: true }));

  test("all agree on the same counts", async () => {
    const paths = await writeReports(join(directory, "new", "folder"), evaluation, context);
    const contents = await Promise.all(Object.values(paths).map((path) => readFile(path, "utf8")));
    const [table, report, confusion, figure, json] = contents as [string, string, string, string, string];
    expect(table.split("\n")[0]).toBe("small on test.tfrecords (simulated)");
    expect(report).toContain("accuracy                           0.70        20");
    expect(confusion).toBe(
      [
        "true \\ answered  neutral  happy  surprise  squint  disgust  scream",
        "neutral                7      0         0       1        0       0",
        "happy                  0      3         1       0        0       0",
        "surprise               0      0         3       0        0       0",
        "squint                 1      0         0       1        0       0",
        "disgust                1      2         0       0        0       0",
        "scream                 0      0         0       0        0       0",
        "",
      ].join("\n"),
    );
    expect(figure).toContain(">87.5 %</text>");
    expect(JSON.parse(json)).toMatchObject({
      simulated: true,
      accuracy: 0.7,
      total: 20,
      calibration: { logLoss: expect.closeTo((-14 * Math.log(0.75) - 6 * Math.log(0.05)) / 20, 6) },
      confusion: [
        [7, 0, 0, 1, 0, 0],
        [0, 3, 1, 0, 0, 0],
        [0, 0, 3, 0, 0, 0],
        [1, 0, 0, 1, 0, 0],
        [1, 2, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0],
      ],
    });
  });

  test("a picture of the matrix holds long titles and names", () => {
    const classes = ["neutral", "contempt and anger"];
    const title =
      "a model with a long name on first/test.tfrecords and second/test.tfrecords (partly simulated)";
    const figure = confusionFigure([3, 1, 0, 4], classes, title);
    const [, width] = /width="(\d+)"/.exec(figure)!.map(Number) as [number, number];
    const texts = [
      ...figure.matchAll(/<text x="([\d.]+)"[^>]*text-anchor="(\w+)" font-size="(\d+)"[^>]*>([^<]+)</g),
    ];
    for (const [, x, anchor, size, content] of texts) {
      const length = 0.56 * Number(size) * content!.length;
      const start = Number(x) - (anchor === "end" ? length : anchor === "middle" ? length / 2 : 0);
      expect(start, content).toBeGreaterThanOrEqual(0);
      expect(start + length, content).toBeLessThanOrEqual(width);
    }
    expect(texts.map(([, , , , content]) => content).join(" ")).toContain("(partly simulated)");
    expect(figure).toContain('role="img" aria-label="a model');
    expect(figure).toContain("neutral 3 of 4 right, contempt and anger 4 of 4 right");
  });

  test("a results folder that is a file is refused, and the file is left alone", async () => {
    const path = join(directory, "taken");
    await writeFile(path, "mine");
    await expect(writeReports(path, evaluation, context)).rejects.toMatchObject({ code: "file-unwritable" });
    expect(await readFile(path, "utf8")).toBe("mine");
    expect((await readdir(directory)).sort()).toEqual(["new", "taken"]);
  });
});
