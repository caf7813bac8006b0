/** Hashes of record files, by which a model tells what it was made from. */

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

/** SHA-256 of a file as hexadecimal digits, without holding it in memory. @throws the system's error */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
