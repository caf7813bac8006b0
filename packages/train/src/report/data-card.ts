/** The card of a data set: what it holds, where it comes from, and what it must not be used for. */

import { LANDMARK_COUNT } from "@emotionnet/core";
import { stringify } from "yaml";
import { type Dataset, faceValues, personOf } from "../dataset/dataset.ts";
import { licenceId } from "./licence-id.ts";

/** What a set folder's `data-card.json` may say; both kinds of sets are known. */
export interface DataCardFacts {
  readonly simulated?: boolean;
  readonly description?: string;
  readonly importedFrom?: string;
  readonly licence?: string;
  readonly personsKnown?: boolean;
  readonly persons?: number;
  readonly faces?: number;
  readonly split?: string;
  readonly protocol?: string;
  readonly seed?: number;
  readonly classShares?: string;
  readonly generator?: { readonly version: string };
  /** Simulated sets: whose points they look like, with their shares. */
  readonly sources?: Readonly<Record<string, number>>;
  readonly leftOut?: number;
  readonly facesByExpression?: Readonly<Record<string, number>>;
  /** Simulated sets: faces by part and class. */
  readonly counts?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Simulated sets: persons by part. */
  readonly personsByPart?: Readonly<Record<string, number>>;
}

export interface DataCardInput {
  /** Name of the set. */
  readonly name: string;
  readonly facts: DataCardFacts;
  /** Samples that were read, with the name of their part (train, test, …). */
  readonly parts?: readonly { readonly name: string; readonly dataset: Dataset }[];
}

/** Markdown with YAML front matter; simulated sets say so in their title and in front of their counts. */
export function dataCardText(input: DataCardInput): string {
  return joinedDataCard(input.name, [input]);
}

/** One card of sets that were used together: each keeps its own facts and licence. @param sets one or more */
export function joinedDataCard(name: string, sets: readonly DataCardInput[]): string {
  const simulated = sets.filter(isSimulated);
  const mark =
    simulated.length === 0 ? "" : simulated.length < sets.length ? " (partly simulated)" : " (simulated)";
  const licences = new Set(sets.map(licenceOf));
  const licence =
    licences.size === 1
      ? licenceOf(sets[0]!)
      : sets.map((set) => `${licenceOf(set)} (${set.name})`).join("; ");
  const matter = {
    ...licenceId(licence),
    pretty_name: `${name}${mark}`,
    task_categories: ["tabular-classification"],
    tags: ["facial-expression", "facial-landmarks", ...(simulated.length > 0 ? ["synthetic"] : [])],
  };
  const sections = [
    `---\n${stringify(matter, { lineWidth: 0, aliasDuplicateObjects: false })}---`,
    `# ${matter.pretty_name}`,
    ...sets.map((set) => (sets.length === 1 ? factLines(set) : `## ${titleOf(set)}\n\n${factLines(set)}`)),
    countsTable(sets),
    INTENDED_USE,
    `## Limits`,
    simulated.length > 0 ? SIMULATED_LIMITS : "",
    simulated.length < sets.length ? REAL_LIMITS : "",
  ];
  return `${sections.filter(Boolean).join("\n\n")}\n`;
}

function isSimulated({ facts }: DataCardInput): boolean {
  return facts.simulated === true;
}

function titleOf(set: DataCardInput): string {
  return `${set.name}${isSimulated(set) ? " (simulated)" : ""}`;
}

function licenceOf({ facts }: DataCardInput): string {
  return facts.licence ?? (facts.simulated === true ? "Apache-2.0" : "unknown");
}

function factLines(set: DataCardInput): string {
  const { facts, parts = [] } = set;
  const measured = parts[0] && faceValues(parts[0].dataset) / 2;
  const pointCount = measured ?? (isSimulated(set) ? LANDMARK_COUNT : undefined);
  const lines = [
    facts.description ? `- ${facts.description}` : "",
    `- **Content**: ${pointCount === undefined ? "" : `${pointCount} `}landmarks a face (x, y in pixels), hidden-point flags, an expression label and a frame name that tells the person; no pictures.`,
    facts.importedFrom
      ? `- **Imported from**: ${facts.importedFrom}; ${facts.leftOut ?? 0} faces or files could not be used.`
      : "",
    protocolLine(facts),
    facts.split ? `- **Split**: ${facts.split}.` : "",
    facts.personsKnown === false
      ? "- **Persons are not known**: every face counts as a person of its own."
      : "",
    `- **Licence**: ${licenceOf(set)}.`,
    isSimulated(set) ? SIMULATED_SOURCES : "",
  ];
  return lines.filter(Boolean).join("\n");
}

function protocolLine({ protocol, seed, classShares, generator, sources }: DataCardFacts): string {
  if (!protocol) return "";
  const shares = Object.entries(sources ?? {}).map(
    ([source, share]) => `${source} ${Math.round(100 * share)} %`,
  );
  const details = [
    `${protocol}, seed ${seed}`,
    classShares ? `classes ${classShares === "balanced" ? "balanced" : "as often as in Multi-PIE"}` : "",
    shares.length > 0 ? `points like those of: ${shares.join(", ")}` : "",
    generator ? `generator version ${generator.version}` : "",
  ];
  return `- **Simulated protocol**: ${details.filter(Boolean).join("; ")}.`;
}

interface Row {
  readonly name: string;
  readonly persons: string;
  readonly counts: Readonly<Record<string, number>>;
}

function countsTable(sets: readonly DataCardInput[]): string {
  const rows = sets.flatMap((set) =>
    rowsOf(set).map((row) => ({
      ...row,
      name: `${isSimulated(set) ? "simulated: " : ""}${sets.length > 1 ? `${set.name}, ` : ""}${row.name}`,
    })),
  );
  if (rows.length === 0) return "";
  const classes = [...new Set(rows.flatMap(({ counts }) => Object.keys(counts)))];
  const body = rows.map(({ name, persons, counts }) => {
    const faces = Object.values(counts).reduce((sum, count) => sum + count, 0);
    return `| ${[name, persons, String(faces), ...classes.map((label) => String(counts[label] ?? 0))].join(" | ")} |`;
  });
  const head = ["part", "persons", "faces", ...classes];
  return `## Faces\n\n| ${head.join(" | ")} |\n|${"---|".repeat(head.length)}\n${body.join("\n")}`;
}

/** What was read, else what the set says of itself. */
function rowsOf({ facts, parts = [] }: DataCardInput): Row[] {
  if (parts.length > 0) {
    return parts.map(({ name, dataset }) => ({
      name,
      persons: String(new Set(dataset.names.map(personOf)).size),
      counts: Object.fromEntries(
        dataset.classes.map((label, id) => [label, dataset.labels.filter((own) => own === id).length]),
      ),
    }));
  }
  const stored = Object.entries(
    facts.counts ?? (facts.facesByExpression ? { all: facts.facesByExpression } : {}),
  );
  const only = stored.length === 1 ? facts.persons : undefined;
  return stored.map(([name, counts]) => ({
    name,
    persons: String(facts.personsByPart?.[name] ?? only ?? ""),
    counts,
  }));
}

const SIMULATED_SOURCES = `- **Sources** (simulated): this project's generator, whose face shapes are fitted to landmark positions of ICT-FaceKit (MIT), of the Face Research
  Lab London Set and of Young Adult White Faces (both CC BY 4.0); no face of theirs is in the set. NOTICE names their authors.`;

const INTENDED_USE = `## Intended use

Training, comparing and checking programs that tell expressions by landmarks, research on face shapes, teaching.

**Out of scope**: finding out who somebody is, and preparing decisions about persons (employment, education, credit, insurance, policing, borders, health).`;

const SIMULATED_LIMITS = `Simulated: no person's picture stands behind any row. The faces vary as the generator was told to, by shapes fitted to few hundred
real ones, most of them young adults; what it does not know (facial palsy, injuries, children, old age, most cultural differences in
expression, hands and masks in front of faces) is not in it. Good for training and for comparing methods; figures measured on it are
figures about the simulation.`;

const REAL_LIMITS = `Labels say which expression was posed or seen by whoever labelled them, not what a person felt. Landmarks of faces can identify
people: keep to the licence and to what the persons agreed to. A set says little about persons unlike those in it; report figures
by group where groups are known, and not for fewer than 30 persons.`;
