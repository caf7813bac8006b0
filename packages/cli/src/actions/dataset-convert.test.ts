import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MEAN_SHAPE } from "@emotionnet/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Session } from "../session.ts";
import { coloursFor } from "../terminal/streams.ts";
import { runDatasetConvert } from "./dataset-convert.ts";

let root: string;
let config_path: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "emotionnet-cli-convert-"));
  config_path = join(root, "config.json");
  const config = {
    set_name: "mine",
    org_data_path: join(root, "orgData"),
    post_data_path: join(root, "postData"),
    emotion_map: { neutral: 0, happy: 1 },
  };
  await writeFile(config_path, JSON.stringify(config));
  const points = MEAN_SHAPE.map((value) => 100 + 50 * value).join(",");
  const rows = ["anna", "ben", "cy", "dora"].map(
    (person, row) => `${person},${row % 2 ? "happy" : "sad"},${points}`,
  );
  const header = `person,label,${MEAN_SHAPE.map((_, index) => `${index % 2 ? "y" : "x"}${index >> 1}`).join(",")}`;
  const neutral = rows.map((row) => row.replace(/,(happy|sad),/, ",neutral,"));
  await writeFile(join(root, "labels.csv"), [header, ...rows, ...neutral].join("\n"));
});
afterAll(() => rm(root, { recursive: true }));

function recordingSession(): Session & { readonly printed: string[]; readonly noticed: string[] } {
  const printed: string[] = [];
  const noticed: string[] = [];
  return {
    printed,
    noticed,
    print: async (text) => {
      printed.push(text);
    },
    notice: (text) => noticed.push(text),
    status: { show: () => {}, clear: () => {} },
    progress: { show: () => {}, clear: () => {} },
    colours: coloursFor(process.stdout),
    isTerminal: false,
    signal: new AbortController().signal,
  };
}

describe("emotionnet dataset_convert", () => {
  it("imports, converts, and prints where the records are", async () => {
    const session = recordingSession();
    const source = join(root, "labels.csv");
    expect(await runDatasetConvert(session, { config_path, from: "csv", source, licence: "ours" })).toBe(0);
    const records = join(root, "postData", "mine", "Ground_Truth_DataFactory", "TfRecords_combined");
    const lines = session.printed.join("").trim().split("\n");
    expect(lines.map((line) => line.split("  ")[0])).toEqual(
      ["train", "validate", "test"].map((part) => join(records, `${part}.tfrecords`)),
    );
    expect(lines.reduce((sum, line) => sum + Number(line.split("  ")[1]), 0)).toBe(6);
    expect(session.noticed).toContain("Dropped 2 label files: sad 2 (not in emotion_map)");
    const card = join(root, "orgData", "mine", "data_factory", "import", "data-card.json");
    expect(session.noticed).toContain(`Data card: ${card}`);
    expect(JSON.parse(await readFile(card, "utf8"))).toMatchObject({ licence: "ours", faces: 8, persons: 4 });
  });

  it("converts what is there without --from", async () => {
    const session = recordingSession();
    expect(await runDatasetConvert(session, { config_path })).toBe(0);
    expect(session.noticed.some((line) => line.startsWith("Train ["))).toBe(true);
  });

  it("refuses a source without its form", async () => {
    await expect(runDatasetConvert(recordingSession(), { config_path, source: "x" })).rejects.toMatchObject({
      code: "usage",
    });
  });
});
