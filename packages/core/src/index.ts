export { type Evidence, reasonToAbstain } from "./classifier/abstain.ts";
export { type ClassifyOptions, EmotionNet, type LoadOptions } from "./classifier/emotion-net.ts";
export type { ModelSource, UrlLike } from "./classifier/load-model.ts";
export {
  fitQuality,
  shapeQuality,
  shapeResidual,
  shapeYaw,
} from "./classifier/shape-quality.ts";
export { softmaxInto } from "./classifier/softmax.ts";
export { EmotionNetError, ERROR_CODES, type ErrorCode, type ErrorParts } from "./errors.ts";
export { EXPRESSIONS, type Expression } from "./expressions.ts";
export type {
  AbstainThresholds,
  Model,
  ModelMetadata,
  Plausibility,
  ShapeLimits,
  ShapeModel,
} from "./file/model.ts";
export { checkModel, readModel, writeModel } from "./file/model-file.ts";
export { metadataFromText, metadataToText } from "./file/model-metadata.ts";
export {
  readSafetensors,
  type Tensor,
  type TensorFile,
  type TensorType,
  writeSafetensors,
} from "./file/safetensors.ts";
export { checkGolden, type GoldenCase, type GoldenVectors } from "./golden-vectors.ts";
export type { RgbImage } from "./image.ts";
export type { KernelChoice } from "./kernel/kernel.ts";
export type { Precision } from "./kernel/packing.ts";
export { fitShape, type ShapeFit } from "./kernel/shape-fit.ts";
export { FLIP, flipLandmarks, flipOrder } from "./landmarks/flip.ts";
export { MEAN_SHAPE } from "./landmarks/mean-shape.ts";
export { MESH_TO_IBUG68 } from "./landmarks/mesh-map.ts";
export {
  FIRST_INNER_POINT,
  NORMALISATION,
  normalise,
  normaliseInto,
  normalisingSimilarity,
  outerEyeDistance,
  type Similarity,
} from "./landmarks/normalise.ts";
export {
  LANDMARK_COUNT,
  LANDMARK_VALUES,
  type LandmarkScheme,
  landmarkValues,
  MODEL_SCHEMES,
  type ModelScheme,
  modelSchemeOf,
  PARTS,
  type Points,
  SCHEMES,
  schemeOfCount,
  toIbug68,
  toScheme,
} from "./landmarks/scheme.ts";
export { nearestWord } from "./nearest-word.ts";
export {
  layerShapes,
  type NetworkSpec,
  networkSpec,
  PROFILES,
  type ProfileName,
  parameterCount,
} from "./network/spec.ts";
export {
  BATCH_NORM_EPSILON,
  type BatchNormWeights,
  type DenseWeights,
  foldBatchNorm,
} from "./network/weights.ts";
export type { WorkerLike } from "./platform.ts";
export type { ClassifierPool, PoolOptions } from "./pool/classifier-pool.ts";
export type { CreateWorker } from "./pool/worker-host.ts";
export {
  ABSTAIN_REASONS,
  type AbstainReason,
  type Box,
  type Classification,
  type Face,
  type FaceResult,
  type Missed,
  type Pose,
  type SourceResult,
} from "./results.ts";
export {
  type ExpressionBegin,
  type ExpressionEnd,
  type ExpressionEvent,
  ExpressionEvents,
} from "./temporal/expression-events.ts";
export { ExpressionTrack, type TrackOptions, type TrackUpdate } from "./temporal/expression-track.ts";
export { FrameClock } from "./temporal/frame-clock.ts";
export { type HeadTurn, headTurn } from "./temporal/head-turn.ts";
export { HYSTERESIS, Hysteresis, type HysteresisOptions, UNKNOWN_LABEL } from "./temporal/hysteresis.ts";
export { NeutralBaseline } from "./temporal/neutral-baseline.ts";
export { OneEuroFilter, type OneEuroOptions } from "./temporal/one-euro-filter.ts";
export { ProbabilitySmoother } from "./temporal/probability-smoother.ts";
export { type TimeShare, type TrackSummary, timeShare } from "./temporal/track-summary.ts";
