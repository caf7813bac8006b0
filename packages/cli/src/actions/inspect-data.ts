/** `emotionnet inspect SET`: the card of a data set. */

import { stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { EmotionNetError } from "@emotionnet/core";
import { CARD_FILE, dataCardText, readDataCardFacts, readDataCardFile } from "@emotionnet/train";

/** The folder of the set that a path names: a folder, or the card in it; nothing for other files. */
export async function setFolderNamed(path: string): Promise<string | undefined> {
  if (basename(path) === CARD_FILE) return dirname(path);
  return (await stat(path).catch(() => undefined))?.isDirectory() ? path : undefined;
}

/** The data card of a set's folder as Markdown, or as it is stored. @throws EmotionNetError `file-not-found` */
export async function dataCardOf(folder: string, form: "text" | "json"): Promise<string> {
  const file = await readDataCardFile(folder);
  const facts = await readDataCardFacts(folder);
  if (!file || Object.keys(facts).length === 0) {
    throw new EmotionNetError("file-not-found", {
      got: `${folder}, in which there is no ${CARD_FILE} that can be read`,
      wanted: "the folder of a data set that synth or dataset_convert made, or a model file",
      mend: "Name the set's own folder, for example data/synthetic.",
    });
  }
  return form === "json" ? file.text : dataCardText({ name: basename(resolve(folder)), facts });
}
