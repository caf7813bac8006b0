/** stdout and stderr as the command uses them. */

import { once } from "node:events";
import type { Writable } from "node:stream";
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

/** A writer that waits while the reader is slow, and ends the command quietly when the reader has gone (`| head`). */
export function printer(stream: Output): (text: string) => Promise<void> {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  return async (text) => {
    if (!stream.write(text)) await once(stream, "drain");
  };
}
