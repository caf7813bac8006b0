import { EmotionNetError } from "@emotionnet/core";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Start } from "../program.ts";
import type { Session } from "../session.ts";
import { wholeNumber } from "./values.ts";

export interface BenchmarkFlags {
  readonly model?: string;
  readonly key?: string;
  readonly engine: "kernel" | "onnx";
  readonly precision: "fp32" | "fp16" | "int16" | "int8";
  readonly batch: readonly number[];
  readonly threads: number;
  readonly duration: number;
  readonly json?: true;
  readonly pipeline?: "photo" | "video";
  readonly preset: "fast" | "balanced" | "accurate";
}

const help = `
The engine kernel is the classifier that users run: fp32 or int16, with --threads above 1 as a pool of workers. The engine
onnx runs the exported graph on ONNX Runtime: fp32, fp16 or int8. Latency is a whole call, landmark normalisation included.
Each speed stands beside the accuracy of what was timed, on simulated faces.

With --pipeline the file is worked off again and again, and the time of every stage is told: decode, detect, mesh, map,
classify, draw. --threads is then that of the face networks; --engine, --precision and --batch do not count.

Examples:
  $ emotionnet benchmark
  $ emotionnet benchmark --precision int16 --batch 1
  $ emotionnet benchmark --threads 2 --batch 256,4096
  $ emotionnet benchmark -m results/model.safetensors --engine onnx --precision int8 --threads 2 --json
  $ emotionnet benchmark --pipeline photo photo.jpg
  $ emotionnet benchmark --pipeline video clip.mp4 --duration 10 --json`;

export function addBenchmark(program: Command, session: Session, start: Start): void {
  program
    .command("benchmark")
    .description("measure how many faces a second a model classifies, and how well")
    .argument("[file]", "with --pipeline: the photo or video to work off")
    .addOption(
      new Option("--pipeline <kind>", "measure a whole pipeline, stage by stage").choices(["photo", "video"]),
    )
    .option("-m, --model <file>", "a .safetensors or .tlt model; by default the one that comes with it")
    .option("-k, --key <key>", "the key of a .tlt model; by default EMOTIONNET_KEY")
    .addOption(new Option("--engine <name>", "what runs it").choices(["kernel", "onnx"]).default("kernel"))
    .addOption(
      new Option("--precision <numbers>", "what it computes in")
        .choices(["fp32", "fp16", "int16", "int8"])
        .default("fp32"),
    )
    .addOption(
      new Option("--batch <sizes>", "faces a call, separated by commas")
        .argParser(wholeNumbers)
        .default([1, 8, 32, 256], "1,8,32,256"),
    )
    .option("--threads <n>", "threads of the engine: cores that are really free", wholeNumber, 1)
    .option("--duration <seconds>", "seconds measured for each batch size", seconds, 3)
    .addOption(
      new Option("--preset <name>", "with --pipeline photo: how much time to spend on each face")
        .choices(["fast", "balanced", "accurate"])
        .default("balanced"),
    )
    .option("--json", "print JSON")
    .addHelpText("after", help)
    .action((file: string | undefined, flags: BenchmarkFlags) => start(run(session, file, flags)));
}

async function run(session: Session, file: string | undefined, flags: BenchmarkFlags): Promise<number> {
  if ((file === undefined) !== (flags.pipeline === undefined)) {
    throw new EmotionNetError("usage", {
      got:
        file === undefined
          ? "--pipeline without a file"
          : `the file ${JSON.stringify(file)} without --pipeline`,
      wanted: "both, or neither",
      mend: "emotionnet benchmark --pipeline photo photo.jpg measures from a photo to its expressions.",
    });
  }
  if (file === undefined) return (await import("../actions/benchmark.ts")).runBenchmark(session, flags);
  const { runPipelineBenchmark } = await import("../actions/benchmark-pipeline.ts");
  return runPipelineBenchmark(session, file, flags);
}

function wholeNumbers(text: string): number[] {
  return text.split(",").map((part) => wholeNumber(part.trim()));
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value > 0 && value <= 3600)) {
    throw new InvalidArgumentError("Wanted a number of seconds above 0, at most 3600.");
  }
  return value;
}
