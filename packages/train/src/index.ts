export { type Dataset, personOf } from "./dataset/dataset.ts";
export { type RecordPaths, readDataset, recordPaths, writeDataset } from "./dataset/dataset-file.ts";
export { selectSamples } from "./dataset/select.ts";
export { type PersonSplit, type Split, splitByPerson, splitPersons } from "./dataset/split.ts";
