export { bestRotation, centroid, type Rotation, rotate } from "./rotation.ts";
export { type Eigen, symmetricEigen } from "./symmetric-eigen.ts";
