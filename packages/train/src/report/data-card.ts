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
  readonly leftOut?: number;
  readonly facesByExpression?: Readonly<Record<string, number>>;
  /** Simulated sets: faces by part and class. */
  readonly counts?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface DataCardInput {
  /** Name of the set. */
  readonly name: string;
  readonly facts: DataCardFacts;
  /** Samples that were read, with the name of their part (train, test, …). */
  readonly parts?: readonly { readonly name: string; readonly dataset: Dataset }[];
}

/** Markdown with YAML front matter; simulated sets say so in their title and in front of their counts. */
export function dataCardText({ name, facts, parts = [] }: DataCardInput): string {
  const isSimulated = facts.simulated === true;
  const licence = facts.licence ?? (isSimulated ? "Apache-2.0" : "unknown");
  const matter = {
    ...licenceId(licence),
    pretty_name: `${name}${isSimulated ? " (simulated)" : ""}`,
    task_categories: ["tabular-classification"],
    tags: ["facial-expression", "facial-landmarks", ...(isSimulated ? ["synthetic"] : [])],
  };
  const measured = parts[0] && faceValues(parts[0].dataset) / 2;
  const pointCount = measured ?? (isSimulated ? LANDMARK_COUNT : undefined);
  const lines = [
    facts.description ? `- ${facts.description}` : "",
    `- **Content**: ${pointCount === undefined ? "" : `${pointCount} `}landmarks a face (x, y in pixels), hidden-point flags, an expression label and a frame name that tells the person; no pictures.`,
    facts.importedFrom
      ? `- **Imported from**: ${facts.importedFrom}; ${facts.leftOut ?? 0} faces or files could not be used.`
      : "",
    facts.protocol ? `- **Simulated protocol**: ${facts.protocol}, seed ${facts.seed}.` : "",
    facts.split ? `- **Split**: ${facts.split}.` : "",
    facts.personsKnown === false
      ? "- **Persons are not known**: every face counts as a person of its own."
      : "",
    `- **Licence**: ${licence}.`,
  ];
  const sections = [
    `---\n${stringify(matter, { lineWidth: 0, aliasDuplicateObjects: false })}---`,
    `# ${matter.pretty_name}`,
    lines.filter(Boolean).join("\n"),
    countsTable(facts, parts),
    isSimulated ? simulatedLimits : realLimits,
  ];
  return `${sections.filter(Boolean).join("\n\n")}\n`;
}

function countsTable(facts: DataCardFacts, parts: NonNullable<DataCardInput["parts"]>): string {
  const mark = facts.simulated === true ? "simulated: " : "";
  const read = parts.map(({ name, dataset }) => ({
    name,
    persons: String(new Set(dataset.names.map(personOf)).size),
    counts: Object.fromEntries(
      dataset.classes.map((label, id) => [label, dataset.labels.filter((own) => own === id).length]),
    ),
  }));
  const stored = Object.entries(
    facts.counts ?? (facts.facesByExpression ? { all: facts.facesByExpression } : {}),
  );
  const persons = stored.length === 1 ? String(facts.persons ?? "") : "";
  const rows = read.length > 0 ? read : stored.map(([name, counts]) => ({ name, persons, counts }));
  const classes = [...new Set(rows.flatMap(({ counts }) => Object.keys(counts)))];
  if (rows.length === 0) return "";
  const body = rows.map(({ name, persons: people, counts }) => {
    const faces = Object.values(counts).reduce((sum, count) => sum + count, 0);
    return `| ${[mark + name, people, String(faces), ...classes.map((label) => String(counts[label] ?? 0))].join(" | ")} |`;
  });
  const head = ["part", "persons", "faces", ...classes];
  return `## Faces\n\n| ${head.join(" | ")} |\n|${"---|".repeat(head.length)}\n${body.join("\n")}`;
}

const simulatedLimits = `## Limits

Simulated: no person's picture stands behind any row. The faces vary as the generator was told to, by shapes fitted to few hundred
real ones; what it does not know (facial palsy, injuries, children, most cultural differences in expression, hands and masks in
front of faces) is not in it. Good for training and for comparing methods; figures measured on it are figures about the simulation.`;

const realLimits = `## Limits

Labels say which expression was posed or seen by whoever labelled them, not what a person felt. Landmarks of faces can identify
people: keep to the licence and to what the persons agreed to. A set says little about persons unlike those in it; report figures
by group where groups are known, and not for fewer than 30 persons.`;
