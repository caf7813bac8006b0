export {
  type BatchTiming,
  type BenchmarkAccuracy,
  type BenchmarkOptions,
  type BenchmarkReport,
  benchmarkModel,
  type MachineFacts,
  machineFacts,
} from "./benchmark/benchmark-model.ts";
export {
  BENCHMARK_PRECISIONS,
  type BenchmarkEngine,
  type BenchmarkPrecision,
} from "./benchmark/candidate.ts";
export { CARD_DEVICES, type CardDevice } from "./benchmark/card-devices.ts";
export { type DatasetConfigJson, readDatasetConfig } from "./convert/config.ts";
export { type ConversionReport, type ConvertOptions, convertDataset } from "./convert/convert-dataset.ts";
export type { DataCard } from "./convert/import/data-card.ts";
export {
  IMPORT_FORMATS,
  type ImportFormat,
  type ImportOptions,
  type ImportReport,
  importLabels,
} from "./convert/import/import-labels.ts";
export { CARD_FILE, conversionPaths } from "./convert/paths.ts";
export type { ConversionProgress } from "./convert/progress.ts";
export { verifyRecords } from "./convert/verify.ts";
export { type Dataset, personOf } from "./dataset/dataset.ts";
export { type RecordPaths, readDataset, recordPaths, writeDataset } from "./dataset/dataset-file.ts";
export { joinDatasets, selectSamples } from "./dataset/select.ts";
export { type PersonSplit, type Split, splitByPerson, splitPersons } from "./dataset/split.ts";
export { type Calibration, measureCalibration } from "./evaluate/calibration.ts";
export { classificationReport } from "./evaluate/classification-report.ts";
export { confusionFigure } from "./evaluate/confusion-figure.ts";
export { confusionText } from "./evaluate/confusion-text.ts";
export { evaluateAnswers, type ModelEvaluation } from "./evaluate/evaluate-answers.ts";
export {
  type EvaluateFromSpecOptions,
  evaluateFromSpec,
  type SpecEvaluation,
} from "./evaluate/evaluate-from-spec.ts";
export { type EvaluateOptions, evaluateModel, evaluatePredictor } from "./evaluate/evaluate-model.ts";
export { type EvaluationContext, evaluationJson } from "./evaluate/evaluation-json.ts";
export { fullResults } from "./evaluate/full-results.ts";
export {
  type Inference,
  type InferOptions,
  type InferredFace,
  inferLabels,
} from "./evaluate/infer-labels.ts";
export { kpiTable } from "./evaluate/kpi-table.ts";
export {
  type ClassCounts,
  type ClassScores,
  confusionMatrix,
  type Evaluation,
  type Scores,
  scoreConfusion,
  scoreCounts,
} from "./evaluate/metrics.ts";
export { agreedClasses, modelPredictor, openPredictor, type Predictor } from "./evaluate/predictor.ts";
export { kpiTitle, type ReportPaths, writeReports } from "./evaluate/write-reports.ts";
export { type CalibrateOptions, type CalibrationRanges, calibrate } from "./export/calibrate.ts";
export {
  CLASSIFIER_INPUT,
  CLASSIFIER_OUTPUT,
  type ClassifierGraphOptions,
  classifierGraph,
  DATA_TYPES,
  type DataType,
} from "./export/classifier-graph.ts";
export { deepstreamFiles } from "./export/deploy/deepstream.ts";
export { type BatchSizes, tritonFiles } from "./export/deploy/triton.ts";
export { type FolderFile, writeFolder } from "./export/deploy/write-folder.ts";
export {
  type CalibrationData,
  type ExportOptions,
  exportModel,
  readModelToExport,
} from "./export/export-model.ts";
export { modelFromOnnx, type OnnxWeights, readDeployedModel } from "./export/model-from-onnx.ts";
export { assertOpset, DEFAULT_OPSET } from "./export/opset.ts";
export { DEFAULT_SOURCES, type DrawingOptions, type Protocol } from "./generator/draw-slot.ts";
export { type DrawnSet, type DrawnTraining, drawnTraining } from "./generator/drawn-faces.ts";
export { type GenerateOptions, type GeneratorProgress, generateFaces } from "./generator/generate-faces.ts";
export { SOURCES, type Source } from "./generator/sensor.ts";
export {
  GENERATOR_VERSION,
  type SynthesisedSet,
  type SynthesiseOptions,
  synthesise,
} from "./generator/synthesise.ts";
export { type SynthesisedLabels, synthesiseLabels } from "./generator/synthesise-labels.ts";
export { assertKey, KEY_VARIABLE, keyFrom } from "./key/key.ts";
export { type ModelFile, modelFileOf, readModelFile, readTrainableModel } from "./key/read-model-file.ts";
export { isSealed, open, openModel, SEALED_EXTENSIONS, seal } from "./key/seal.ts";
export { describeProblem, type LabelProblem, summariseProblems } from "./labels/label-problem.ts";
export { type LabelledFace, type ReadLabels, readLabels } from "./labels/read-labels.ts";
export { type FaceLabel, labelJson } from "./labels/write-labels.ts";
export { readAttributes } from "./report/attributes.ts";
export { type DataCardFacts, type DataCardInput, dataCardText, joinedDataCard } from "./report/data-card.ts";
export { readDataCardFacts, readDataCardFile } from "./report/data-card-facts.ts";
export {
  type AbstentionReport,
  buildReport,
  type EvaluationReport,
  gateFigures,
  gateNames,
  type ReportOptions,
} from "./report/evaluation-report.ts";
export { type GateCondition, type GateResult, gateText, judgeGate, parseGate } from "./report/gate.ts";
export { type Measured, type ModelCardInput, modelCard } from "./report/model-card.ts";
export { reportHtml } from "./report/report-html.ts";
export { reportJson } from "./report/report-json.ts";
export { reportText } from "./report/report-text.ts";
export type { Attribute, Slice, SliceGroup } from "./report/slices.ts";
export { type FullReportPaths, type WriteReportOptions, writeFullReport } from "./report/write-report.ts";
export { classWeightsOfSpec, networkOfSpec, parseTrainingSpec, readTrainingSpec } from "./spec/read-spec.ts";
export { type RecordPart, recordFilesOf } from "./spec/record-files.ts";
export type { TrainingSpec } from "./spec/training-spec.ts";
export { predictDataset } from "./trainer/predict.ts";
export type { EpochRecord } from "./trainer/run-files.ts";
export { type TrainFromSpecOptions, trainFromSpec } from "./trainer/train-from-spec.ts";
export { type TrainingOutcome, type TrainOptions, trainModel } from "./trainer/train-model.ts";
export type { TrainProgress } from "./trainer/training-run.ts";
