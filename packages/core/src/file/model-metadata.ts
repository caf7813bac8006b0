/** Metadata of a model ↔ text by name, the form both safetensors and ONNX files carry. */

import { EmotionNetError } from "../errors.ts";
import { NORMALISATION } from "../landmarks/normalise.ts";
import { landmarkValues, MODEL_SCHEMES, type ModelScheme } from "../landmarks/scheme.ts";
import type { NetworkSpec } from "../network/spec.ts";
import type { AbstainThresholds, ModelMetadata } from "./model.ts";

/** Keys whose value is stored as it is; the others are stored as JSON. */
const TEXT_KEYS = ["format", "name", "scheme", "normalisation", "licence"] as const;
const JSON_KEYS = ["spec", "temperature", "abstain", "dataSources", "metrics", "hashes"] as const;

/** Wider layers than this are refused before anything is allocated. */
const MAXIMUM_WIDTH = 65_536;

/** Metadata → text by name: plain text for text, JSON for the rest, with sorted names inside `metrics` and `hashes`. */
export function metadataToText(metadata: ModelMetadata): Record<string, string> {
  const text: Record<string, string> = {};
  for (const key of TEXT_KEYS) text[key] = metadata[key];
  for (const key of JSON_KEYS) text[key] = JSON.stringify(metadata[key]);
  text.metrics = JSON.stringify(sorted(metadata.metrics));
  text.hashes = JSON.stringify(sorted(metadata.hashes));
  return text;
}

/**
 * Text by name → checked metadata; names it does not know are left out.
 * @throws EmotionNetError `model-metadata` or `model-classes`, naming the entry.
 */
export function metadataFromText(text: Readonly<Record<string, string>>): ModelMetadata {
  const values: Record<string, unknown> = {};
  for (const key of [...TEXT_KEYS, ...JSON_KEYS]) {
    const value = Object.hasOwn(text, key) ? text[key] : undefined;
    if (value === undefined) throw wrong(key, "nothing", "an entry of that name");
    values[key] = value;
  }
  for (const key of JSON_KEYS) {
    try {
      values[key] = JSON.parse(values[key] as string);
    } catch (cause) {
      throw wrong(key, JSON.stringify(text[key]?.slice(0, 80)), "JSON", cause);
    }
  }
  return checkMetadata(values);
}

/** Returns the metadata when every entry is of its kind; throws like {@link metadataFromText} otherwise. */
export function checkMetadata(metadata: unknown): ModelMetadata {
  if (!isRecord(metadata)) throw wrong("metadata", describe(metadata), "an object");
  const { format, name, scheme, normalisation, licence, temperature, abstain } = metadata;
  if (format !== "emotionnet-1") throw wrong("format", describe(format), '"emotionnet-1"');
  if (typeof name !== "string") throw wrong("name", describe(name), "text");
  if (!isScheme(scheme)) throw wrong("scheme", describe(scheme), describe(MODEL_SCHEMES).slice(1, -1));
  if (normalisation !== NORMALISATION) {
    throw wrong("normalisation", describe(normalisation), `"${NORMALISATION}"`);
  }
  if (typeof licence !== "string") throw wrong("licence", describe(licence), "text");
  const spec = checkSpec(metadata.spec, scheme);
  if (!isNumber(temperature) || temperature <= 0) {
    throw wrong("temperature", describe(temperature), "a number above 0");
  }
  const thresholds = checkThresholds(abstain);
  const dataSources = metadata.dataSources;
  if (!Array.isArray(dataSources) || !dataSources.every((line) => typeof line === "string")) {
    throw wrong("dataSources", describe(dataSources), "a list of texts");
  }
  const metrics = checkRecord("metrics", metadata.metrics, isNumber, "numbers by name");
  const hashes = checkRecord("hashes", metadata.hashes, isText, "texts by name");
  return {
    format,
    name,
    spec,
    scheme,
    normalisation,
    temperature,
    abstain: thresholds,
    licence,
    dataSources,
    metrics,
    hashes,
  };
}

function checkThresholds(abstain: unknown): AbstainThresholds {
  const least = isRecord(abstain) ? abstain : {};
  const { confidence, quality, yaw, size } = least;
  if (!isFraction(confidence) || !isFraction(quality)) {
    throw wrong("abstain", describe(abstain), "confidence and quality from 0 to 1");
  }
  if (yaw !== undefined && !(isNumber(yaw) && yaw >= 0 && yaw <= 90)) {
    throw wrong("abstain.yaw", describe(yaw), "degrees from 0 to 90");
  }
  if (size !== undefined && !(isNumber(size) && size >= 0)) {
    throw wrong("abstain.size", describe(size), "pixels from 0");
  }
  return {
    confidence,
    quality,
    ...(yaw === undefined ? {} : { yaw }),
    ...(size === undefined ? {} : { size }),
  };
}

function checkSpec(spec: unknown, scheme: ModelScheme): NetworkSpec {
  if (!isRecord(spec)) throw wrong("spec", describe(spec), "an object");
  const { inputs, hidden, batchNorm, dropout } = spec;
  if (inputs !== landmarkValues(scheme)) {
    throw wrong("spec.inputs", describe(inputs), `${landmarkValues(scheme)} for ${scheme}`);
  }
  if (!Array.isArray(hidden) || !hidden.every(isWidth)) {
    throw wrong("spec.hidden", describe(hidden), `a list of widths from 1 to ${MAXIMUM_WIDTH}`);
  }
  if (typeof batchNorm !== "boolean") throw wrong("spec.batchNorm", describe(batchNorm), "true or false");
  if (!isFraction(dropout) || dropout === 1) {
    throw wrong("spec.dropout", describe(dropout), "a number from 0 to below 1");
  }
  return { inputs, hidden, classes: checkClasses(spec.classes), batchNorm, dropout };
}

function checkClasses(classes: unknown): readonly string[] {
  const names =
    Array.isArray(classes) && classes.every((name) => isText(name) && name.trim() !== "") ? classes : [];
  if (names.length < 2 || new Set(names).size !== names.length || names.includes("unknown")) {
    throw new EmotionNetError("model-classes", {
      got: `the class list ${describe(classes)}`,
      wanted: 'at least two different names, none of them empty or "unknown"',
      mend: "Train or export the model again with its class names.",
    });
  }
  return names;
}

function checkRecord<Value>(
  key: string,
  record: unknown,
  isValue: (value: unknown) => value is Value,
  wanted: string,
): Record<string, Value> {
  if (!isRecord(record) || !Object.values(record).every(isValue)) throw wrong(key, describe(record), wanted);
  return record as Record<string, Value>;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

function isFraction(value: unknown): value is number {
  return isNumber(value) && value >= 0 && value <= 1;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isScheme(value: unknown): value is ModelScheme {
  return (MODEL_SCHEMES as readonly unknown[]).includes(value);
}

function isWidth(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAXIMUM_WIDTH;
}

function sorted<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function describe(value: unknown): string {
  return (JSON.stringify(value) ?? "nothing").slice(0, 200);
}

function wrong(key: string, got: string, wanted: string, cause?: unknown): EmotionNetError {
  const parts = {
    got: `${got} as "${key}" in the model's metadata`,
    wanted,
    mend: "Use a model written by this version of EmotionNet, or train it again.",
  };
  return new EmotionNetError("model-metadata", parts, { cause });
}
