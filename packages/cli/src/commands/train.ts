import type { Command } from "commander";
import type { Start } from "../program.ts";
import type { Session } from "../session.ts";
import { wholeNumber } from "./values.ts";

export interface TrainFlags {
  readonly experiment_spec_file: string;
  readonly results_dir: string;
  readonly key?: string;
  readonly threads?: number;
  readonly resume?: true;
}

const help = `
The results folder gets model.safetensors (the best epoch), a checkpoint, metrics.jsonl and TensorBoard events.
Ctrl-C keeps the checkpoint; --resume goes on from there.

Examples:
  $ emotionnet train -e examples/specs/small.yaml -r results/small
  $ emotionnet train -e examples/specs/small.yaml -r results/small --resume`;

export function addTrain(program: Command, session: Session, start: Start): void {
  program
    .command("train")
    .description("train a model as a spec file says")
    .requiredOption("-e, --experiment_spec_file <file>", "the training spec (YAML)")
    .requiredOption("-r, --results_dir <folder>", "where the results go")
    .option("-k, --key <key>", "accepted for compatibility; models are written without a key")
    .option("--threads <count>", "processor threads; best is as many as cores are really free", wholeNumber)
    .option("--resume", "go on from the checkpoint in the results folder")
    .addHelpText("after", help)
    .action((flags: TrainFlags) =>
      start(import("../actions/train.ts").then((action) => action.runTrain(session, flags))),
    );
}
