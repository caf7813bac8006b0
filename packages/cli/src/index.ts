/** The library behind the command: any picture source in, expressions out. */

export { type AnalyzeOptions, type AnalyzeProgress, analyze } from "@emotionnet/analyze";
export {
  type Classification,
  EmotionNetError,
  type ErrorCode,
  EXPRESSIONS,
  type Expression,
  type FaceResult,
  type SourceResult,
} from "@emotionnet/core";
