/** `emotionnet export`: a trained model to an ONNX file. */

import { EmotionNet, EmotionNetError } from "@emotionnet/core";
import { classifierGraph } from "@emotionnet/train";
import writeFileAtomic from "write-file-atomic";
import type { ExportFlags } from "../commands/export.ts";
import { EXIT, type Session } from "../session.ts";
import { noteKey } from "./note-key.ts";

export async function runExport(session: Session, flags: ExportFlags): Promise<number> {
  noteKey(session, flags.key);
  const { model } = await EmotionNet.load(flags.model);
  await writeWhole(flags.out_file, classifierGraph(model));
  await session.print(`${flags.out_file}\n`);
  return EXIT.ok;
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFileAtomic(path, Buffer.from(bytes));
  } catch (cause) {
    throw new EmotionNetError(
      "file-unwritable",
      {
        got: `the path ${JSON.stringify(path)}, where nothing can be written`,
        wanted: "a file in a folder that exists and may be written to",
        mend: "Make the folder, or name another place.",
      },
      { cause },
    );
  }
}
