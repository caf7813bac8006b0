/** The cards that training leaves beside the model. */

import { basename, join } from "node:path";
import type { ModelMetadata } from "@emotionnet/core";
import writeFileAtomic from "write-file-atomic";
import type { Dataset } from "../dataset/dataset.ts";
import { dataCardText } from "../report/data-card.ts";
import { readDataCardFacts, setFolderOf } from "../report/data-card-facts.ts";
import { modelCard } from "../report/model-card.ts";
import { writing } from "./run-files.ts";

export interface CardsOptions {
  readonly directory: string;
  readonly metadata: ModelMetadata;
  /** The first record file that was trained on; what its set says about itself goes into the data card. */
  readonly recordPath: string;
  readonly parts: readonly { readonly name: string; readonly dataset: Dataset }[];
}

/**
 * Writes `model_card.md` and `data_card.md`. @throws EmotionNetError `file-unwritable`
 */
export async function writeCards({ directory, metadata, recordPath, parts }: CardsOptions): Promise<void> {
  const folder = setFolderOf(recordPath);
  const facts = await readDataCardFacts(folder);
  const cards: [path: string, text: string][] = [
    [join(directory, "model_card.md"), modelCard({ metadata, measured: [], madeBy: "emotionnet train" })],
    [join(directory, "data_card.md"), dataCardText({ name: basename(folder), facts, parts })],
  ];
  for (const [path, text] of cards) await writing(path, () => writeFileAtomic(path, text));
}
