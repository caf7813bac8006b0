/** The command's shape: its sub-commands, their flags and help. What they do is imported when they run. */

import { readFileSync } from "node:fs";
import { Command } from "commander";
import { addAnalyze } from "./commands/analyze.ts";
import { addBenchmark } from "./commands/benchmark.ts";
import { addDatasetConvert } from "./commands/dataset-convert.ts";
import { addDemo } from "./commands/demo.ts";
import { addEvaluate } from "./commands/evaluate.ts";
import { addExport } from "./commands/export.ts";
import { addInference } from "./commands/inference.ts";
import { addInspect } from "./commands/inspect.ts";
import { addPublish } from "./commands/publish.ts";
import { addSynth } from "./commands/synth.ts";
import { addTrain } from "./commands/train.ts";
import { EXIT, type Session } from "./session.ts";

/** Runs a command's work and keeps its exit status. */
export type Start = (work: Promise<number>) => Promise<void>;

export interface Program {
  /** @throws CommanderError for wrong usage, and after help or version with exit status 0 */
  readonly runWith: (argv: readonly string[]) => Promise<number>;
}

const examples = `
Examples:
  $ emotionnet analyze photo.jpg
  $ emotionnet analyze holiday/ --format jsonl --annotate marked/
  $ emotionnet demo

Environment:
  NO_COLOR=1           no colours
  EMOTIONNET_DEBUG=1   show where an error comes from, like --debug`;

export function createProgram(session: Session): Program {
  let status: number = EXIT.ok;
  const start: Start = async (work) => {
    status = await work;
  };
  const program = new Command("emotionnet")
    .description(
      "Says which of six expressions a face shows (neutral, happy, surprise, squint, disgust, scream),\n" +
        "and trains, measures and exports the model that says so.",
    )
    .version(packageVersion(), "--version", "print the version")
    .option("--debug", "show where an error comes from")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [command]", "print the help of a command")
    .addHelpText("after", examples)
    .exitOverride()
    // Errors are printed in one place, with their code.
    .configureOutput({ outputError: () => {} });
  for (const add of [
    addAnalyze,
    addPublish,
    addDemo,
    addInspect,
    addSynth,
    addDatasetConvert,
    addTrain,
    addEvaluate,
    addInference,
    addExport,
    addBenchmark,
  ]) {
    add(program, session, start);
  }
  return {
    async runWith(argv) {
      if (argv.length === 0) {
        program.outputHelp({ error: true });
        return EXIT.usage;
      }
      await program.parseAsync([...argv], { from: "user" });
      return status;
    },
  };
}

function packageVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
