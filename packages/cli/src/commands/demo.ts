import type { Command } from "commander";
import type { Start } from "../program.ts";
import type { Session } from "../session.ts";
import { wholeNumber } from "./values.ts";

export interface DemoFlags {
  readonly threads?: number;
}

const help = `
Without photos, the demo draws portraits itself. Everything it writes goes to ./emotionnet-demo/.

Examples:
  $ emotionnet demo
  $ emotionnet demo photo.jpg`;

export function addDemo(program: Command, session: Session, start: Start): void {
  program
    .command("demo")
    .description("make data, train a small model, measure it, export it, and classify portraits")
    .argument("[photo...]", "your own photos instead of drawn portraits")
    .option("--threads <count>", "processor threads for training", wholeNumber)
    .addHelpText("after", help)
    .action((photos: string[], flags: DemoFlags) =>
      start(import("../demo/run-demo.ts").then((demo) => demo.runDemo(session, photos, flags))),
    );
}
