/** stdout and stderr as the command uses them. */

import type { Writable } from "node:stream";
import { EmotionNetError } from "@emotionnet/core";
import picocolors from "picocolors";

export type Colours = ReturnType<typeof picocolors.createColors>;

/** A stream that may be a terminal. */
export type Output = Writable & { readonly isTTY?: boolean };

/** Where results and everything else go. */
export interface Screen {
  readonly stdout: Output;
  readonly stderr: Output;
}

/** Colours on a terminal, plain text elsewhere or when NO_COLOR is set (no-color.org). */
export function coloursFor(stream: Output): Colours {
  const isPlain = (process.env.NO_COLOR ?? "") !== "" || process.env.TERM === "dumb";
  return picocolors.createColors(stream.isTTY === true && !isPlain);
}

/**
 * A writer that waits until the reader has room, and ends the command quietly when the reader has gone (`| head`), with the status
 * that `process.exitCode` has until then.
 * @returns it; what it gives rejects with EmotionNetError `file-unwritable`, for example for a file on a full disk.
 */
export function printer(stream: Output): (text: string) => Promise<void> {
  // Whoever prints is told by what it waits for.
  stream.on("error", () => {});
  return (text) =>
    new Promise((resolve, reject) => {
      stream.write(text, (error?: NodeJS.ErrnoException | null) => {
        if (error?.code === "EPIPE") process.exit();
        if (error) reject(unwritableOutput(error));
        else resolve();
      });
    });
}

function unwritableOutput(cause: NodeJS.ErrnoException): EmotionNetError {
  const parts = {
    got: `the standard output, which cannot be written any further (${cause.code ?? cause.message})`,
    wanted: "room for all results",
    mend: "Make room, or send the results elsewhere; what was written before is right but not all.",
  };
  return new EmotionNetError("file-unwritable", parts, { cause });
}
