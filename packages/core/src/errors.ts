/** Every error of the project, by its stable code. Programs may switch on the code; the message is for people. */
export const ERROR_CODES = [
  "landmarks-count",
  "landmarks-not-finite",
  "landmarks-degenerate",
  "landmarks-file",
  "probabilities-invalid",
  "time-invalid",
  "model-not-found",
  "model-damaged",
  "model-shape",
  "model-classes",
  "model-metadata",
  "onnx-graph",
  "engine",
  "file-not-found",
  "file-is-folder",
  "file-unreadable",
  "file-unwritable",
  "photo-empty",
  "photo-format",
  "photo-damaged",
  "photo-too-large",
  "no-photos",
  "video-format",
  "video-damaged",
  "stream-unreachable",
  "broker-refused",
  "broker-unreachable",
  "thread-lost",
  "sources-list",
  "dataset-missing",
  "dataset-damaged",
  "dataset-empty",
  "dataset-exists",
  "persons-mixed",
  "spec-invalid",
  "checkpoint-invalid",
  "key-missing",
  "key-wrong",
  "sealed-damaged",
  "model-encrypted",
  "vision-models-missing",
  "vision-models-changed",
  "system-tool-missing",
  "usage",
  "interrupted",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** What every message says: what was got, what was wanted, and how to mend it. */
export interface ErrorParts {
  readonly got: string;
  readonly wanted: string;
  readonly mend: string;
}

/**
 * The one error class. `message` reads "Got …; wanted …. …" when built from parts.
 * A wrong input never shows its stack trace from the command.
 */
export class EmotionNetError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, parts: ErrorParts | string, options?: ErrorOptions) {
    super(
      typeof parts === "string" ? parts : `Got ${parts.got}; wanted ${parts.wanted}. ${parts.mend}`,
      options,
    );
    this.name = "EmotionNetError";
    this.code = code;
  }
}
