export { type Dataset, personOf } from "./dataset/dataset.ts";
