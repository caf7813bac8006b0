import { existsSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { analyze, formatJsonLine } from "@emotionnet/analyze";
import { EmotionNet, EmotionNetError, EXPRESSIONS, type SourceResult } from "@emotionnet/core";
import { randomModel } from "@emotionnet/core/testing";
import { describe, expect, it } from "vitest";

const photos = fileURLToPath(new URL("../../shared/data/photos", import.meta.url));
const hasPhotos = existsSync(photos);
const reason = hasPhotos ? "" : " (skipped: ../shared/data/photos is not here)";

/** The built-in model, or undefined in a tree where none has been trained yet. */
async function defaultModel(): Promise<EmotionNet | undefined> {
  try {
    return await EmotionNet.load();
  } catch (error) {
    if (error instanceof EmotionNetError && error.code === "model-not-found") return undefined;
    throw error;
  }
}

async function lookAtPhotos(model: EmotionNet): Promise<SourceResult[]> {
  const results: SourceResult[] = [];
  for await (const result of analyze(photos, { model })) results.push(result);
  return results;
}

describe.skipIf(!hasPhotos)(`40 photos of 20 people, neutral and smiling${reason}`, () => {
  it("gives one line a photo with the documented fields, and one face in at least 38", async () => {
    const model = (await defaultModel()) ?? (await EmotionNet.load(randomModel(1)));
    const results = await lookAtPhotos(model);
    const lines = results.map((result) => JSON.parse(formatJsonLine(result)));
    expect(lines.length).toBe(40);
    expect(lines.map(({ source }) => source)).toEqual(lines.map(({ source }) => source).sort());
    for (const line of lines) {
      expect(Object.keys(line)).toEqual(["source", "frame", "time", "width", "height", "faces"]);
      for (const face of line.faces) {
        const names = Object.keys(face).filter((name) => name !== "reason");
        const wanted = "box score landmarks pose quality expression confidence probabilities";
        expect(names).toEqual(wanted.split(" "));
        expect(Object.keys(face.box)).toEqual(["x", "y", "width", "height"]);
        expect(Object.keys(face.pose)).toEqual(["yaw", "pitch", "roll"]);
        expect(face.landmarks.length).toBe(68);
        expect(Object.keys(face.probabilities)).toEqual([...EXPRESSIONS]);
        expect(Math.max(...Object.values<number>(face.probabilities))).toBe(face.confidence);
        // Portraits from the front.
        expect(Math.abs(face.pose.yaw)).toBeLessThan(20);
      }
    }
    const exactlyOne = results.filter(({ faces }) => faces.length === 1).length;
    console.log(`${exactlyOne} of 40 photos have exactly one face`);
    expect(exactlyOne).toBeGreaterThanOrEqual(38);
  });

  it("tells neutral from smiling better than chance with the built-in model (when there is one)", async (context) => {
    const model = await defaultModel();
    if (!model) return context.skip("no built-in model yet");
    const results = await lookAtPhotos(model);
    const answers = results.map(({ source, faces }) => {
      const wanted = basename(source).includes("smiling") ? "happy" : "neutral";
      const probabilities = faces[0]?.probabilities;
      const forced = probabilities && Object.entries(probabilities).sort(([, a], [, b]) => b - a)[0]![0];
      const ofTwo = probabilities && (probabilities.happy! > probabilities.neutral! ? "happy" : "neutral");
      return { source, wanted, answer: faces[0]?.expression, forced, ofTwo };
    });
    const share = (test: (answer: (typeof answers)[number]) => boolean) =>
      answers.filter(test).length / answers.length;
    const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
    const ofSix = share(({ wanted, forced }) => wanted === forced);
    const ofTwo = share((answer) => answer.wanted === answer.ofTwo);
    const unknown = share(({ answer }) => answer === "unknown");
    console.log(
      `neutral/smiling accuracy: ${percent(ofSix)} of six classes, ${percent(ofTwo)} of these two; unknown ${percent(unknown)}`,
    );
    for (const { source, wanted, forced } of answers.filter((answer) => answer.wanted !== answer.forced)) {
      console.log(`  ${relative(join(photos, ".."), source)}: ${forced} instead of ${wanted}`);
    }
    expect(ofSix).toBeGreaterThan(1 / EXPRESSIONS.length);
    expect(ofTwo).toBeGreaterThan(0.5);
  });
});
