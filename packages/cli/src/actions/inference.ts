/** `emotionnet inference`: label files to result.txt. */

import { inferLabels, keyFrom, openPredictor } from "@emotionnet/train";
import type { InferenceFlags } from "../commands/inference.ts";
import { EXIT, type Session } from "../session.ts";

export async function runInference(session: Session, flags: InferenceFlags): Promise<number> {
  const predictor = await openPredictor(flags.model, keyFrom(flags, process.env));
  try {
    const { faces, resultPath } = await inferLabels({
      predictor,
      specPath: flags.experiment_spec_file,
      input: flags.input_data_json_path,
      outputFolder: flags.output_folder,
      imageRoot: flags.image_root_path,
      log: session.notice,
      onProgress: session.progress.show,
      signal: session.signal,
    });
    session.progress.clear();
    session.notice(`Results: ${resultPath}`);
    const lines = faces.map((face) =>
      flags.json ? JSON.stringify(face) : `${face.image} ${face.expression} `,
    );
    await session.print(`${lines.join("\n")}\n`);
    return EXIT.ok;
  } finally {
    await predictor.release();
  }
}
