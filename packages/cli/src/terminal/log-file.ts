/** A file in place of the screen, as the original's `--log_file` has it. */

import { openSync, writeFileSync } from "node:fs";
import { Writable } from "node:stream";
import { EmotionNetError } from "@emotionnet/core";
import type { Screen } from "./streams.ts";

/**
 * Both streams to the end of a file; each write is on the way to the disk when it returns, so that a killed command loses no line.
 * @throws EmotionNetError `file-unwritable`.
 */
export function openLogFile(path: string): Screen {
  let file: number;
  try {
    file = openSync(path, "a");
  } catch (cause) {
    throw new EmotionNetError(
      "file-unwritable",
      {
        got: `the log file ${path}, which cannot be written (${(cause as NodeJS.ErrnoException).code ?? cause})`,
        wanted: "a file in a folder that exists",
        mend: "Make the folder, or name another place with --log_file.",
      },
      { cause },
    );
  }
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      try {
        writeFileSync(file, chunk);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
  return { stdout: stream, stderr: stream };
}
