/** The cards that training leaves beside the model. */

import { join } from "node:path";
import type { ModelMetadata } from "@emotionnet/core";
import { writeWhole } from "@emotionnet/files";
import { type DataCardInput, joinedDataCard } from "../report/data-card.ts";
import { modelCard } from "../report/model-card.ts";
import { writing } from "./run-files.ts";

export interface CardsOptions {
  readonly directory: string;
  readonly metadata: ModelMetadata;
  /** The sets that were trained on, one or more. */
  readonly data: readonly DataCardInput[];
}

/**
 * Writes `model_card.md` and `data_card.md`. @throws EmotionNetError `file-unwritable`
 */
export async function writeCards({ directory, metadata, data }: CardsOptions): Promise<void> {
  const cards: [path: string, text: string][] = [
    [join(directory, "model_card.md"), modelCard({ metadata, measured: [], madeBy: "emotionnet train" })],
    [join(directory, "data_card.md"), joinedDataCard(data.map(({ name }) => name).join(" and "), data)],
  ];
  for (const [path, text] of cards) await writing(path, () => writeWhole(path, text));
}
