/**
 * What the default model says of real faces, the London Set and the canada neutrals, and writes it into
 * docs/reference/london.md:
 *
 *     npm run build && node dist/bench/london.js ../shared/data
 *
 * The folder holds `london-landmarks.json` (mesh points) and, for the second table, `photos/`. A minute.
 */

import { existsSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { analyze } from "@emotionnet/analyze";
import { EmotionNet, EXPRESSIONS, type Expression, normalise } from "@emotionnet/core";
import { measureCalibration } from "@emotionnet/train";
import { type LondonFace, readLondonSet } from "#packages/train/dist/generator/compare/london-set.js";
import { repository } from "./repository.ts";
import { table } from "./sections/section.ts";

const PAGE = "docs/reference/london.md";
const CORNERS = [48, 54] as const;
const OUTER_EYES = [36, 45] as const;

interface Answer {
  readonly group: string;
  readonly label: Expression;
  /** In the order of EXPRESSIONS. */
  readonly probabilities: readonly number[];
  readonly isUnknown: boolean;
}

/** How far the lip corners move from a person's neutral to its smiling face, in outer-eye distances. */
function cornerMovement(neutral: LondonFace, smiling: LondonFace): number {
  const [rest, smile] = [neutral, smiling].map((sample) => normalise(sample.landmarks)) as [
    Float32Array,
    Float32Array,
  ];
  const distance = (face: Float32Array, a: number, other: Float32Array, b: number) =>
    Math.hypot(face[2 * a]! - other[2 * b]!, face[2 * a + 1]! - other[2 * b + 1]!);
  const moved = CORNERS.reduce((sum, corner) => sum + distance(rest, corner, smile, corner), 0);
  return moved / CORNERS.length / distance(rest, OUTER_EYES[0], rest, OUTER_EYES[1]);
}

/** The third of the smiles whose corners move least. */
function faintSmiles(samples: readonly LondonFace[]): {
  readonly subjects: ReadonlySet<string>;
  readonly largest: number;
} {
  const smiles = samples
    .filter(({ label }) => label === "happy")
    .map((smiling) => {
      const neutral = samples.find(
        ({ subject, label }) => subject === smiling.subject && label === "neutral",
      )!;
      return { subject: smiling.subject, moved: cornerMovement(neutral, smiling) };
    })
    .sort((a, b) => a.moved - b.moved);
  const faint = smiles.slice(0, Math.round(smiles.length / 3));
  return { subjects: new Set(faint.map(({ subject }) => subject)), largest: faint.at(-1)!.moved };
}

function answersToPoints(
  net: EmotionNet,
  samples: readonly LondonFace[],
  faint: ReadonlySet<string>,
): Answer[] {
  return samples.map((sample) => {
    const { expression, probabilities } = net.classify(sample.landmarks);
    return {
      group: sample.label === "happy" ? smileGroup(faint.has(sample.subject)) : `${sample.set}, neutral`,
      label: sample.label,
      probabilities: EXPRESSIONS.map((name) => probabilities[name]!),
      isUnknown: expression === "unknown",
    };
  });
}

function smileGroup(isFaint: boolean): string {
  return isFaint ? "london, faint smiles" : "london, clear smiles";
}

async function answersToPhotos(folder: string, faint: ReadonlySet<string>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for await (const { source, faces } of analyze(folder)) {
    const [face] = faces;
    if (!face) throw new Error(`No face found in ${basename(source)}.`);
    const [number, label] = basename(source, ".jpg").split("_") as [string, string];
    answers.push({
      group: label === "smiling" ? smileGroup(faint.has(`l${number}`)) : "london, neutral",
      label: label === "smiling" ? "happy" : "neutral",
      probabilities: EXPRESSIONS.map((name) => face.probabilities[name]!),
      isUnknown: face.expression === "unknown",
    });
  }
  return answers;
}

function tableOf(answers: readonly Answer[]): string {
  const [neutral, happy] = [EXPRESSIONS.indexOf("neutral"), EXPRESSIONS.indexOf("happy")] as const;
  const groups: [string, readonly Answer[]][] = [...new Set(answers.map(({ group }) => group))]
    .sort()
    .map((group) => [group, answers.filter((answer) => answer.group === group)]);
  groups.push(["all smiles", answers.filter(({ label }) => label === "happy")]);
  groups.push(["all", answers]);
  return table(
    ["faces", "number", "right of two", "right of six", "unknown"],
    groups.map(([group, own]) => {
      const share = (test: (answer: Answer) => boolean) => {
        const count = own.filter(test).length;
        return `${count} (${((100 * count) / own.length).toFixed(1)} %)`;
      };
      return [
        group,
        String(own.length),
        share(
          ({ label, probabilities }) =>
            probabilities[happy]! > probabilities[neutral]! === (label === "happy"),
        ),
        share(({ label, probabilities }) => {
          return EXPRESSIONS[probabilities.indexOf(Math.max(...probabilities))] === label;
        }),
        share(({ isUnknown }) => isUnknown),
      ];
    }),
  );
}

function calibrationOf(answers: readonly Answer[]): string {
  const { expectedCalibrationError, brier, logLoss } = measureCalibration(
    Float32Array.from(answers.flatMap(({ probabilities }) => probabilities)),
    answers.map(({ label }) => EXPRESSIONS.indexOf(label)),
    EXPRESSIONS.length,
  );
  return `Calibration over all of them: ECE ${expectedCalibrationError.toFixed(3)} (15 bins of equal mass), Brier ${brier.toFixed(3)}, log-loss ${logLoss.toFixed(3)}.`;
}

const data = process.argv[2] ?? join(repository, "../shared/data");
const samples = readLondonSet(join(data, "london-landmarks.json"));
const { subjects: faint, largest } = faintSmiles(samples);
const toPoints = answersToPoints(await EmotionNet.load(), samples, faint);
const photos = join(data, "photos");
const toPhotos = existsSync(photos) ? await answersToPhotos(photos, faint) : [];
const photoPart =
  toPhotos.length === 0
    ? "The photographs were not there."
    : `${tableOf(toPhotos)}\n\n${calibrationOf(toPhotos)}`;
writeFileSync(
  join(repository, PAGE),
  `# The default model on real faces

Written by \`node dist/bench/london.js\` from the [Face Research Lab London Set](https://doi.org/10.6084/m9.figshare.5047666) (102 persons, neutral and
smiling, from the front) and the 40 neutral faces of [Young Adult White Faces](https://doi.org/10.6084/m9.figshare.4220517), both CC BY 4.0. The label is what the sitter
was asked for, not what can be seen. _Of two_: the likelier of neutral and happy. _Of six_: the likeliest of all classes. Faint smiles are the third
whose lip corners move least, up to ${(100 * largest).toFixed(1)} % of the outer-eye distance.

**These faces are development data, not a test**: the generator's mean shape, part of its identities and the ranges of its smiles were
fitted to them, and settings of training were chosen with an eye on them.

## Mesh points of all 244 photographs

${tableOf(toPoints)}

${calibrationOf(toPoints)}

## ${toPhotos.length} photographs of 20 of the persons, end to end

By the default preset, scaled to 720 pixels.

${photoPart}
`,
);
console.error(`Written to ${PAGE}.`);
