/** The classifier in Node beside other engines: the default model, and the 512-wide profile. */

import { type ClassifierRace, type RacedProfile, raceClassifier } from "../classifier.ts";
import { writeBatchFigure } from "./batch-figure.ts";
import { type Section, table, times, whole } from "./section.ts";

const TITLES: Readonly<Record<RacedProfile, string>> = {
  compact: "The default model in Node",
  reference: "The 512-wide reference profile in Node",
};

const NOTES: Readonly<Record<RacedProfile, string>> = {
  compact: "",
  reference: `

The reference profile was trained for six epochs on 20,000 simulated faces for this race; its F1 says what rounding costs, not how good the
profile can be.`,
};

export const compactSection = classifierSection("compact");
export const referenceSection = classifierSection("reference");

function classifierSection(profile: RacedProfile): Section {
  return {
    name: profile,
    async write(log) {
      const race = await raceClassifier(profile, log);
      return `${textOf(race)}\n\n${writeBatchFigure(race)}${NOTES[profile]}`;
    },
  };
}

function textOf({ profile, network, faces, batches, accuracy }: ClassifierRace): string {
  const names = accuracy.map(({ name }) => name);
  const speed = table(
    ["faces/s (ratio)", ...batches.map(({ batch }) => `batch ${batch}`)],
    names.map((name, index) => [
      name,
      ...batches.map(
        ({ standings, ratios }) => `${whole(standings[index]!.median)} (${times(ratios[index]!)})`,
      ),
    ]),
  );
  const scores = table(
    ["accuracy of what was timed", "macro F1, simulated"],
    accuracy.map(({ name, macroF1 }) => [name, macroF1.toFixed(4)]),
  );
  const rounds = batches[0]!.standings[0]!.rates.length;
  return `## ${TITLES[profile]}

\`node dist/bench/classifier.js ${profile}\`: ${network}, landmarks normalised inside the call, one thread each, median of ${rounds} interleaved rounds; the
ratio is the median over the rounds against onnxruntime-node on the bare layers, its fastest form; \`exported\` is the graph that \`emotionnet export\`
writes, which normalises inside. Macro F1 on ${whole(faces)} simulated faces that no training saw.

${speed}

${scores}`;
}
