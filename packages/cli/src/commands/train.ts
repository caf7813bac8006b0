import type { Command } from "commander";
import type { Start } from "../program.ts";
import type { Session } from "../session.ts";
import { wholeNumberOrAuto } from "./values.ts";

export interface TrainFlags {
  readonly experiment_spec_file: string;
  readonly results_dir?: string;
  readonly key?: string;
  readonly threads?: number | "auto";
  readonly resume?: true;
}

const help = `
The results folder gets the best model (model.tlt, sealed, with a key; model.safetensors without), model.step-<N> of the latest
checkpoints, a checkpoint, validation.log, metrics.jsonl, a copy of the spec and TensorBoard events.
Ctrl-C keeps the checkpoint; --resume goes on from there, also after the process was killed.

Examples:
  $ emotionnet train -e examples/specs/small.yaml -r results/small
  $ emotionnet train -e examples/specs/small.yaml -r results/small --resume
  $ emotionnet train -e examples/specs/drawn.yaml -r results/drawn --threads auto
  $ emotionnet train -e emotionnet_tlt.yaml -r experiment_result/exp1 -k KEY`;

export function addTrain(program: Command, session: Session, start: Start): void {
  program
    .command("train")
    .description("train a model as a spec file says")
    .requiredOption("-e, --experiment_spec_file <file>", "the training spec (YAML)")
    .option("-r, --results_dir <folder>", "where the results go; by default checkpoint_dir of the spec")
    .option(
      "-k, --key <key>",
      "opens a sealed pretrained model, and seals the models; by default EMOTIONNET_KEY",
    )
    .option(
      "--threads <count>",
      'threads of the training step, or "auto": the best by a short probe; by default 1, or as before with --resume',
      wholeNumberOrAuto,
    )
    .option("--resume", "go on from the checkpoint in the results folder")
    .addHelpText("after", help)
    .action((flags: TrainFlags) =>
      start(import("../actions/train.ts").then((action) => action.runTrain(session, flags))),
    );
}
