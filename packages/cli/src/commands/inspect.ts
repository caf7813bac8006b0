import type { Command } from "commander";
import type { Start } from "../program.ts";
import type { Session } from "../session.ts";

export interface InspectFlags {
  readonly json?: true;
  readonly card?: true;
  readonly key?: string;
}

const help = `
Examples:
  $ emotionnet inspect results/model.safetensors
  $ emotionnet inspect results/model.safetensors --card
  $ emotionnet inspect model.onnx --json
  $ emotionnet inspect data/synthetic
  $ emotionnet inspect results/model.tlt -k KEY`;

export function addInspect(program: Command, session: Session, start: Start): void {
  program
    .command("inspect")
    .description(
      "show what a model or a data set says about itself: classes, licence, sources, figures, its card",
    )
    .argument("<file>", "a .safetensors, .onnx, .tlt or .etlt model, or the folder of a data set")
    .option("-k, --key <key>", "the key of a .tlt or .etlt model; by default EMOTIONNET_KEY")
    .option("--card", "print the model card (Markdown)")
    .option("--json", "print JSON")
    .addHelpText("after", help)
    .action((file: string, flags: InspectFlags) =>
      start(import("../actions/inspect.ts").then((action) => action.runInspect(session, file, flags))),
    );
}
