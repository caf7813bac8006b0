/** `emotionnet inspect`: what a model file says about itself. */

import { createHash } from "node:crypto";
import { type ModelMetadata, metadataFromText, parameterCount, readModel } from "@emotionnet/core";
import { readFileBytes } from "@emotionnet/media";
import { readOnnx } from "@emotionnet/onnx";
import { isSealed, keyFrom, modelCard, modelFileOf } from "@emotionnet/train";
import type { InspectFlags } from "../commands/inspect.ts";
import { EXIT, type Session } from "../session.ts";
import { dataCardOf, setFolderNamed } from "./inspect-data.ts";

interface Inspection extends ModelMetadata {
  readonly file: string;
  readonly kind: "safetensors" | "onnx";
  /** Whether the file is sealed with a key; bytes and sha256 are those of the file as it lies there. */
  readonly sealed: boolean;
  readonly bytes: number;
  readonly sha256: string;
  /** Stored numbers of the network: kernels, biases and batch-norm statistics; folded in ONNX. */
  readonly parameters: number;
  /** ONNX only: tensors at its doors, as `name type[dimensions]`. */
  readonly inputs?: readonly string[];
  readonly outputs?: readonly string[];
  readonly opset?: number;
}

export async function runInspect(session: Session, file: string, flags: InspectFlags): Promise<number> {
  const setFolder = await setFolderNamed(file);
  if (setFolder !== undefined) {
    await session.print(await dataCardOf(setFolder, flags.json ? "json" : "text"));
    return EXIT.ok;
  }
  const inspection = await inspect(file, keyFrom(flags, process.env));
  if (flags.card) {
    await session.print(
      modelCard({ metadata: inspection, measured: [], madeBy: "emotionnet inspect --card" }),
    );
    return EXIT.ok;
  }
  await session.print(
    flags.json
      ? `${JSON.stringify(inspection, null, 2)}\n`
      : inspectionText(inspection, session.colours.bold),
  );
  return EXIT.ok;
}

async function inspect(file: string, key: string | undefined): Promise<Inspection> {
  const stored = await readFileBytes(file);
  const sealed = isSealed(stored);
  const { format, bytes } = await modelFileOf(stored, file, key);
  const sha256 = createHash("sha256").update(stored).digest("hex");
  const common = { file, sealed, bytes: stored.length, sha256 };
  if (format === "safetensors") {
    const { metadata } = readModel(bytes);
    return { ...common, kind: "safetensors", parameters: parameterCount(metadata.spec), ...metadata };
  }
  const graph = readOnnx(bytes);
  const metadata = metadataFromText(graph.metadata);
  return {
    ...common,
    kind: "onnx",
    parameters: parameterCount({ ...metadata.spec, batchNorm: false }),
    inputs: graph.inputs.map(doorText),
    outputs: graph.outputs.map(doorText),
    opset: graph.opset,
    ...metadata,
  };
}

function doorText(door: { name: string; type: string; dims: readonly (string | number)[] }): string {
  return `${door.name} ${door.type}[${door.dims.join(", ")}]`;
}

function inspectionText(inspection: Inspection, bold: (text: string) => string): string {
  const { spec, abstain } = inspection;
  const rule = (threshold: number) => (threshold === 0 ? "off" : `below ${threshold}`);
  const rows: [name: string, values: readonly string[]][] = [
    [
      "file",
      [
        `${inspection.file} (${inspection.kind}, ${inspection.sealed ? "sealed, " : ""}${inspection.bytes} bytes)`,
      ],
    ],
    ["sha256", [inspection.sha256]],
    ["classes", [spec.classes.join(", ")]],
    ["network", [[spec.inputs, ...spec.hidden, spec.classes.length].join("-")]],
    ["parameters", [inspection.parameters.toLocaleString("en")]],
    ["landmarks", [`${inspection.scheme}, normalised by ${inspection.normalisation}`]],
    ["temperature", [String(inspection.temperature)]],
    [
      "abstains",
      [
        `confidence ${rule(abstain.confidence)}, quality ${rule(abstain.quality)}, ` +
          `yaw ${(abstain.yaw ?? 90) < 90 ? `beyond ${abstain.yaw}°` : "off"}, size ${(abstain.size ?? 0) > 0 ? `below ${abstain.size} px` : "off"}`,
      ],
    ],
    ["licence", [inspection.licence]],
    ["data sources", inspection.dataSources],
    ["metrics", entries(inspection.metrics)],
    ["hashes", entries(inspection.hashes)],
    ["inputs", inspection.inputs ?? []],
    ["outputs", inspection.outputs ?? []],
  ];
  const lines = rows
    .filter(([, values]) => values.length > 0)
    .flatMap(([name, values]) =>
      values.map((value, line) => `${(line === 0 ? name : "").padEnd(14)}${value}`),
    );
  return `${bold(inspection.name)}\n${lines.join("\n")}\n`;
}

function entries(record: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(record).map(([name, value]) => `${name} = ${value}`);
}
