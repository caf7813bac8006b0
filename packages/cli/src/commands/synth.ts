import { type Command, Option } from "commander";
import type { Start } from "../program.ts";
import type { Session } from "../session.ts";
import { folderName, seedNumber, wholeNumber } from "./values.ts";

export interface SynthFlags {
  readonly out: string;
  readonly name: string;
  readonly persons: number;
  readonly samples: number;
  readonly seed: number;
  readonly protocol: "wild" | "multipie";
  readonly classShares: "balanced" | "multipie";
  readonly labels?: true;
}

const help = `
The set is split by person into train, validate and test records, in the original's folder layout. With --labels it is
written as one label JSON a face instead, which dataset_convert reads.
The same flags give the same files, bit for bit.

Examples:
  $ emotionnet synth -o data --persons 100 --samples 60
  $ emotionnet synth -o data --protocol multipie --class-shares multipie
  $ emotionnet synth -o orgData --name multipie --protocol multipie --labels`;

export function addSynth(program: Command, session: Session, start: Start): void {
  program
    .command("synth")
    .description("make a set of synthetic labelled faces, as landmarks")
    .requiredOption("-o, --out <folder>", "where the set's folder is made")
    .option("--name <name>", "name of the set's folder", folderName, "synthetic")
    .option("--persons <count>", "how many persons", wholeNumber, 300)
    .option("--samples <count>", "faces of each person", wholeNumber, 90)
    .option("--seed <number>", "another number gives other persons", seedNumber, 1)
    .addOption(
      new Option("--protocol <name>", "free pictures, or a studio with Multi-PIE's 15 cameras")
        .choices(["wild", "multipie"])
        .default("wild"),
    )
    .addOption(
      new Option("--class-shares <name>", "all classes alike, or as often as in Multi-PIE")
        .choices(["balanced", "multipie"])
        .default("balanced"),
    )
    .option("--labels", "write label JSON in the original's form instead of records")
    .addHelpText("after", help)
    .action((flags: SynthFlags) =>
      start(import("../actions/synth.ts").then((action) => action.runSynth(session, flags))),
    );
}
