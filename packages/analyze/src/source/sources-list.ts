/** A YAML file that lists sources: a sequence of paths, patterns, addresses and cameras. */

import { dirname, isAbsolute, join } from "node:path";
import { EmotionNetError } from "@emotionnet/core";
import { kindOfVideoSource, readFileBytes } from "@emotionnet/media";
import { isSeq, parseDocument } from "yaml";

/** Whether the ending of a path says that it lists sources. */
export function isSourcesList(path: string): boolean {
  return /\.ya?ml$/i.test(path);
}

/**
 * The sources in a list, in its order; paths are relative to the folder of the list.
 * @throws EmotionNetError `sources-list` for a file that is no list of sources, `file-not-found`, `file-unreadable`.
 */
export async function readSourcesList(path: string): Promise<string[]> {
  const text = new TextDecoder().decode(await readFileBytes(path));
  const document = parseDocument(text);
  const problem = document.errors[0];
  if (problem) {
    const line = problem.linePos?.[0].line ?? 1;
    throw listError(path, `which is no YAML in line ${line} (${problem.message.split("\n")[0]})`);
  }
  if (!isSeq(document.contents) || document.contents.items.length === 0) {
    throw listError(path, "which holds no list");
  }
  const entries = document.toJS() as unknown[];
  return entries.map((entry, index) => {
    if (typeof entry !== "string" || entry === "") {
      throw listError(path, `whose entry ${index + 1} is ${JSON.stringify(entry)}`);
    }
    if (isSourcesList(entry)) throw listError(path, `whose entry ${index + 1} is another list`);
    const isPath = kindOfVideoSource(entry) === "file" && !isAbsolute(entry);
    return isPath ? join(dirname(path), entry) : entry;
  });
}

function listError(path: string, what: string): EmotionNetError {
  return new EmotionNetError("sources-list", {
    got: `${JSON.stringify(path)}, ${what}`,
    wanted: 'a YAML list of sources, one a line: "- clip.mp4", "- rtsp://camera.local/stream"',
    mend: "Correct the file; quote an entry that YAML reads as something else.",
  });
}
