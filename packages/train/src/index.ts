export { type Dataset, personOf } from "./dataset/dataset.ts";
export { type RecordPaths, readDataset, recordPaths, writeDataset } from "./dataset/dataset-file.ts";
export { selectSamples } from "./dataset/select.ts";
export { type PersonSplit, type Split, splitByPerson, splitPersons } from "./dataset/split.ts";
export {
  DEFAULT_SOURCES,
  type GenerateOptions,
  type GeneratorProgress,
  generateFaces,
  type Protocol,
} from "./generator/generate-faces.ts";
export { SOURCES, type Source } from "./generator/sensor.ts";
export {
  GENERATOR_VERSION,
  type SynthesisedSet,
  type SynthesiseOptions,
  synthesise,
} from "./generator/synthesise.ts";
