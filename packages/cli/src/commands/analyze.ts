import type { MessageKind } from "@emotionnet/publish";
import { type Command, Option } from "commander";
import type { Start } from "../program.ts";
import type { Session } from "../session.ts";
import { messageKinds, publishOption } from "./publish-options.ts";
import { rateNumber, seedNumber, wholeNumber } from "./values.ts";

export interface AnalyzeFlags {
  readonly format: "table" | "json" | "jsonl" | "csv";
  readonly annotate?: string;
  readonly model?: string;
  readonly key?: string;
  readonly preset: "fast" | "balanced" | "accurate";
  readonly maxFaces?: number;
  readonly threads?: number;
  readonly events?: string;
  readonly summary?: string;
  readonly timeline?: string;
  readonly thumbnails?: string;
  readonly maxRate?: number;
  readonly maxSide?: number;
  readonly workers?: number;
  readonly smoothing: boolean;
  readonly neutralBaseline?: true;
  readonly publish?: readonly string[];
  readonly publishKinds?: readonly MessageKind[];
  readonly publishSpool?: string;
  readonly publishSpoolSize?: number;
  readonly publishWait: number;
  readonly publishCa?: string;
}

const help = `
A photo that cannot be read gets a line with its error; the others still run. Two or more videos, cameras and
streams are looked at side by side on all processor cores. A .yaml file lists sources, one a line: "- camera:0".
Exit status: 0 if anything worked, 1 if nothing did, 2 for wrong usage.

Examples:
  $ emotionnet analyze photo.jpg
  $ emotionnet analyze holiday/ --format csv > faces.csv
  $ emotionnet analyze "shots/*.png" --annotate marked/
  $ emotionnet analyze points.json --format jsonl
  $ emotionnet analyze clip.mp4 --format csv --events events.vtt --annotate marked.mp4 > frames.csv
  $ emotionnet analyze rtsp://camera.local/stream --format jsonl
  $ emotionnet analyze cameras.yaml --max-rate 5 --format jsonl > all.jsonl
  $ emotionnet analyze camera:0 --publish mqtt://localhost/faces --publish-kinds event,summary`;

export function addAnalyze(program: Command, session: Session, start: Start): void {
  program
    .command("analyze")
    .description("say which expression every face in photos and videos shows")
    .argument(
      "<source...>",
      "photos, videos, folders of photos, quoted patterns, .json files of landmarks, camera:0, addresses, or a .yaml list of these",
    )
    .addOption(
      new Option("-f, --format <format>", "how to print the results")
        .choices(["table", "json", "jsonl", "csv"])
        .default("table"),
    )
    .option(
      "-a, --annotate <path>",
      "write annotated copies: a picture or video file for one, a folder for several",
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
    .option("--events <file>", "videos: when expressions begin and end, as .jsonl, .csv or .vtt (captions)")
    .option("--summary <file>", "videos: what each face showed and for how long, as .jsonl or .csv")
    .option("--timeline <file>", "videos: a figure of every face through time, as .svg")
    .option("--thumbnails <folder>", "videos: a picture of the face at the height of each expression")
    .option("--max-rate <frames>", "videos: look at no more than so many frames a second", rateNumber)
    .option(
      "--max-side <pixels>",
      "videos: scale larger frames down to this side; 1280 by default",
      wholeNumber,
    )
    .option(
      "--workers <count>",
      "several videos: threads to look at them; one a core by default",
      wholeNumber,
    )
    .option("--no-smoothing", "videos: print every frame's own answer")
    .option("--neutral-baseline", "videos: learn each person's resting face and take it into account")
    .addOption(publishOption())
    .option(
      "--publish-kinds <kinds>",
      "what to publish, separated by commas (default: all four)",
      messageKinds,
    )
    .option("--publish-spool <folder>", "where messages wait for their broker")
    .option("--publish-spool-size <MiB>", "most that may wait there for a broker (default: 64)", wholeNumber)
    .option("--publish-wait <seconds>", "how long to wait for a broker at the end", seedNumber, 10)
    .option("--publish-ca <file>", "certificates of authorities to trust beside the usual ones, as PEM")
    .addHelpText("after", help)
    .action((sources: string[], flags: AnalyzeFlags) =>
      start(import("../actions/analyze.ts").then((action) => action.runAnalyze(session, sources, flags))),
    );
}
