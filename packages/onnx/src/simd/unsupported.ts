import { EmotionNetError } from "@emotionnet/core";

/** What the planner throws for a graph that it cannot run; the graph then goes to ONNX Runtime. */
export function unsupported(got: string): EmotionNetError {
  return new EmotionNetError("onnx-graph", {
    got,
    wanted: "operators, shapes and types that the own engine knows",
    mend: "Let ONNX Runtime run this graph.",
  });
}
