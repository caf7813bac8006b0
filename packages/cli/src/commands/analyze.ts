import { type Command, Option } from "commander";
import type { Start } from "../program.ts";
import type { Session } from "../session.ts";
import { wholeNumber } from "./values.ts";

export interface AnalyzeFlags {
  readonly format: "table" | "json" | "jsonl" | "csv";
  readonly annotate?: string;
  readonly model?: string;
  readonly key?: string;
  readonly preset: "fast" | "balanced" | "accurate";
  readonly maxFaces?: number;
  readonly threads?: number;
}

const help = `
A photo that cannot be read gets a line with its error; the others still run.
Exit status: 0 if anything worked, 1 if nothing did, 2 for wrong usage.

Examples:
  $ emotionnet analyze photo.jpg
  $ emotionnet analyze holiday/ --format csv > faces.csv
  $ emotionnet analyze "shots/*.png" --annotate marked/
  $ emotionnet analyze points.json --format jsonl`;

export function addAnalyze(program: Command, session: Session, start: Start): void {
  program
    .command("analyze")
    .description("say which expression every face in photos shows")
    .argument("<source...>", "photos, folders of photos, quoted patterns, or .json files of landmarks")
    .addOption(
      new Option("-f, --format <format>", "how to print the results")
        .choices(["table", "json", "jsonl", "csv"])
        .default("table"),
    )
    .option(
      "-a, --annotate <path>",
      "write annotated copies: a picture file for one photo, a folder for several",
    )
    .option("-m, --model <file>", "a .safetensors or .tlt model instead of the built-in one")
    .option("-k, --key <key>", "the key of a .tlt model; by default EMOTIONNET_KEY")
    .addOption(
      new Option("--preset <name>", "how much time to spend on each face")
        .choices(["fast", "balanced", "accurate"])
        .default("balanced"),
    )
    .option("--max-faces <count>", "most faces to report a photo, the largest first", wholeNumber)
    .option("--threads <count>", "processor threads for finding faces", wholeNumber)
    .addHelpText("after", help)
    .action((sources: string[], flags: AnalyzeFlags) =>
      start(import("../actions/analyze.ts").then((action) => action.runAnalyze(session, sources, flags))),
    );
}
