/** One call of the command, from its arguments to its exit status. */

import { EmotionNetError } from "@emotionnet/core";
import { CommanderError } from "commander";
import { describeError, usageErrorOf } from "./error-text.ts";
import { createProgram } from "./program.ts";
import { EXIT, type Session } from "./session.ts";
import { type TranslatedFlags, translateTaoFlags } from "./tao-flags.ts";
import { openLogFile } from "./terminal/log-file.ts";
import { createProgressLine } from "./terminal/progress-line.ts";
import { createStatusBoard } from "./terminal/status-board.ts";
import { coloursFor, printer, type Screen } from "./terminal/streams.ts";

/** @param args without `node` and the script @returns the exit status */
export async function run(args: readonly string[]): Promise<number> {
  // The arguments may hold a key, and `ps` shows them to everybody until the process gets a title of its own.
  process.title = "emotionnet";
  const flags = translateTaoFlags(args);
  let screen: Screen = process;
  try {
    if (flags.logFile !== undefined) screen = openLogFile(flags.logFile);
  } catch (error) {
    process.stderr.write(`${describeError(error)}\n`);
    return EXIT.nothingWorked;
  }
  return runOn(screen, flags);
}

async function runOn({ stdout, stderr }: Screen, { argv, notices }: TranslatedFlags): Promise<number> {
  const interruption = new AbortController();
  const onInterrupt = () => {
    // The first Ctrl-C lets the work end in order; the second does not wait. Files are renamed into place, so neither leaves half a one.
    if (interruption.signal.aborted) process.exit(EXIT.interrupted);
    interruption.abort(new EmotionNetError("interrupted", "Interrupted."));
  };
  process.on("SIGINT", onInterrupt);
  // There is nobody left to tell that nobody can be told.
  stderr.on("error", () => {});

  const session: Session = {
    print: printer(stdout),
    notice: (text) => {
      session.progress.clear();
      session.status.clear();
      stderr.write(`${text}\n`);
    },
    progress: createProgressLine(stderr, stderr.isTTY ? "bar" : "none"),
    status: createStatusBoard(stderr, stderr.isTTY ? "lines" : "none"),
    colours: coloursFor(stdout),
    isTerminal: stdout.isTTY === true,
    signal: interruption.signal,
  };
  const isDebug = argv.includes("--debug") || process.env.EMOTIONNET_DEBUG === "1";
  try {
    for (const notice of notices) session.notice(`note: ${notice}`);
    return await createProgram(session).runWith(argv);
  } catch (thrown) {
    session.progress.clear();
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return EXIT.ok;
    const error = thrown instanceof CommanderError ? usageErrorOf(thrown, argv) : thrown;
    if (interruption.signal.aborted) {
      session.notice("Interrupted; nothing is left half written.");
      return EXIT.interrupted;
    }
    session.notice(coloursFor(stderr).red(describeError(error)));
    if (isDebug && error instanceof Error) session.notice(describeStack(error));
    return error instanceof EmotionNetError && error.code === "usage" ? EXIT.usage : EXIT.nothingWorked;
  } finally {
    session.progress.clear();
    session.status.clear();
  }
}

function describeStack(error: Error): string {
  const cause = error.cause instanceof Error ? `\nCaused by ${describeStack(error.cause)}` : "";
  return `${error.stack}${cause}`;
}
