/** Starting ffmpeg and ffprobe. */

import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { toolMissingError } from "./video-errors.ts";

export interface Tool {
  readonly child: ChildProcess;
  readonly input: Writable | null;
  readonly output: Readable;
  /** What it writes to descriptor 3. */
  readonly extra: Readable;
  /** Its last complaints, one a line. */
  readonly said: () => string;
  /**
   * Settles when it has ended and its pipes are empty: its exit status, null when it was killed. Rejects with
   * `system-tool-missing` when there is no such program.
   */
  readonly ended: Promise<number | null>;
  /** Ends it at once. Harmless when it has ended already. */
  readonly kill: () => void;
}

/** Characters of complaints that are kept: enough for the last lines, however long it runs. */
const keptCharacters = 4000;

const running = new Set<ChildProcess>();

function endWithThisProcess(child: ChildProcess): void {
  if (running.size === 0) process.on("exit", endAll);
  running.add(child);
  child.once("close", () => {
    running.delete(child);
    if (running.size === 0) process.removeListener("exit", endAll);
  });
}

function endAll(): void {
  for (const child of running) child.kill("SIGKILL");
}

export function startTool(
  tool: "ffmpeg" | "ffprobe",
  args: readonly string[],
  input: "ignore" | "pipe" = "ignore",
): Tool {
  const child = spawn(tool, args, {
    stdio: [input, "pipe", "pipe", "pipe"],
    windowsHide: true,
    // Ctrl-C on a terminal is sent to a whole group of processes; when these end is decided here.
    detached: process.platform !== "win32",
  });
  // One that is written to ends when its pipe does, and then what it has written can be read.
  if (input === "ignore") endWithThisProcess(child);
  let said = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-keptCharacters);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "EACCES") reject(toolMissingError(tool, error));
      else reject(error);
    });
    child.on("close", resolve);
  });
  // Whoever waits hears of a failure; nobody has to wait.
  ended.catch(() => {});
  return {
    child,
    input: child.stdin,
    output: child.stdout!,
    extra: child.stdio[3] as Readable,
    said: () => said.trim(),
    ended,
    // Not a polite signal: a decoder blocked on a full pipe would wait for its reader.
    kill: () => child.kill("SIGKILL"),
  };
}
