/** The files an importer reads, each with its hash. */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { LabelProblem } from "../../labels/label-problem.ts";

export interface InputFiles {
  /** Text of a file, counted among the inputs; nothing when it cannot be read, which is told. */
  readText(file: string): Promise<string | undefined>;
  /** The same as bytes. */
  readBytes(file: string): Promise<Uint8Array | undefined>;
  /** Lines `<sha256>  <file>` in reading order, as `sha256sum -c` takes them. */
  readonly lines: readonly string[];
}

/** @param root the files' names are relative to it. */
export function inputFiles(root: string, tell: (problem: LabelProblem) => void): InputFiles {
  const lines: string[] = [];
  const readBytes = async (file: string): Promise<Buffer | undefined> => {
    try {
      const bytes = await readFile(join(root, file));
      lines.push(`${createHash("sha256").update(bytes).digest("hex")}  ${file}`);
      return bytes;
    } catch (error) {
      const received = String((error as NodeJS.ErrnoException).code ?? error);
      tell({ file, where: "", expected: "a readable file", received, effect: "skipped" });
      return undefined;
    }
  };
  return { lines, readBytes, readText: async (file) => (await readBytes(file))?.toString("utf8") };
}
