/** The shape model of models that have none. */

import { LANDMARK_VALUES, type ShapeModel } from "@emotionnet/core";

/** Explains nothing: for a model that only has to give probabilities. */
export function emptyShape(): ShapeModel {
  return {
    mean: new Float32Array(LANDMARK_VALUES),
    components: new Float32Array(0),
    componentCount: 0,
    residual: [0, 0],
  };
}
