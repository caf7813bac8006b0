/** Errors as one line for people: `error [code]: message`. */

import { EmotionNetError } from "@emotionnet/core";
import type { CommanderError } from "commander";

/** Every error has a code; one that nobody foresaw is `unexpected`. */
export function describeError(error: unknown): string {
  if (error instanceof EmotionNetError) return errorLine(error.code, error.message);
  const message = error instanceof Error ? error.message : String(error);
  return `${errorLine("unexpected", message)} Run it again with --debug to see where.`;
}

export function errorLine(code: string, message: string): string {
  return `error [${code}]: ${message.replace(/\s*\n\s*/g, " ")}`;
}

/** What commander found wrong, in our form: its own text, the nearest right word, and where to read on. */
export function usageErrorOf(error: CommanderError, args: readonly string[]): EmotionNetError {
  // A mistyped --key=… must not show the key.
  const text = error.message.replace(/^error: /, "").replace(/(unknown option '[^'=]+)=[^\n]*'/, "$1'");
  const [problem, suggestion] = text.split("\n");
  const command = args.find((arg) => !arg.startsWith("-"));
  const isKnown = error.code !== "commander.unknownCommand" && command !== undefined;
  const sentences = [
    `${problem!.replace(/\.$/, "")}.`,
    suggestion?.replace(/^\((.*)\)$/, "$1"),
    `See emotionnet ${isKnown ? `${command} ` : ""}--help.`,
  ];
  return new EmotionNetError("usage", sentences.filter(Boolean).join(" "), { cause: error });
}
