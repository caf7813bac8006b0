import { basename, extname } from "node:path";

/** A name for files about a source: without its folders and ending, and without signs that no file name may have. */
export function fileStem(source: string): string {
  return basename(source, extname(source)).replace(/[:?*"<>|]+/g, "-");
}
