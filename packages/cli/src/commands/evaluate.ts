import type { Command } from "commander";
import type { Start } from "../program.ts";
import type { Session } from "../session.ts";

export interface EvaluateFlags {
  readonly model: string;
  readonly experiment_spec_file: string;
  readonly results_dir?: string;
  readonly key?: string;
  readonly json?: true;
}

const help = `
Measured on the kpiset of the spec. With -r the results folder gets eval_results.txt, classification_report.txt,
confusion_matrix.txt, confusion_matrix.svg and evaluation.json.

Examples:
  $ emotionnet evaluate -m results/small/model.safetensors -e examples/specs/small.yaml
  $ emotionnet evaluate -m results/small/model.safetensors -e examples/specs/small.yaml -r results/small --json`;

export function addEvaluate(program: Command, session: Session, start: Start): void {
  program
    .command("evaluate")
    .description("measure a model on the test set of a spec file")
    .requiredOption("-m, --model <file>", "a .safetensors model")
    .requiredOption("-e, --experiment_spec_file <file>", "the training spec (YAML)")
    .option("-r, --results_dir <folder>", "write reports there")
    .option("-k, --key <key>", "accepted for compatibility; not needed")
    .option("--json", "print JSON instead of the table")
    .addHelpText("after", help)
    .action((flags: EvaluateFlags) =>
      start(import("../actions/evaluate.ts").then((action) => action.runEvaluate(session, flags))),
    );
}
