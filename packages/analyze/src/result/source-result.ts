/** Pixels or points → the result that becomes one line of output. */

import {
  type Box,
  type EmotionNet,
  EmotionNetError,
  type Face,
  type FaceResult,
  normalisingSimilarity,
  type Points,
  type RgbImage,
  type SourceResult,
  toScheme,
} from "@emotionnet/core";
import type { FaceReader } from "@emotionnet/vision";

/** Faces of one photo, classified; an error of the engine becomes an error result. */
export async function classifyPhoto(
  reader: FaceReader,
  net: EmotionNet,
  source: string,
  image: RgbImage,
): Promise<SourceResult> {
  const { width, height } = image;
  try {
    const faces = (await reader.read(image)).map((face) => faceResult(net, face, "pixels"));
    return { source, frame: 0, time: 0, width, height, faces };
  } catch (error) {
    return { ...errorResult(source, error), width, height };
  }
}

/**
 * One set of points, classified. There is no picture, so width and height are 0; without depth the pose has its roll only,
 * yaw and pitch are 0.
 */
export function classifyPoints(
  net: EmotionNet,
  source: string,
  frame: number,
  points: Points | EmotionNetError,
): SourceResult {
  try {
    if (points instanceof EmotionNetError) throw points;
    const landmarks = toScheme(points, net.metadata.scheme);
    const face = {
      box: boundsOf(landmarks),
      score: 1,
      landmarks,
      pose: { yaw: 0, pitch: 0, roll: rollOf(landmarks) },
    };
    return { source, frame, time: 0, width: 0, height: 0, faces: [faceResult(net, face, "any")] };
  } catch (error) {
    return { ...errorResult(source, error), frame };
  }
}

/** The line of an input that could not be looked at. */
export function errorResult(source: string, error: unknown): SourceResult {
  const known = error instanceof EmotionNetError;
  const code = known ? error.code : "engine";
  const message = error instanceof Error ? error.message : String(error);
  return { source, frame: 0, time: 0, width: 0, height: 0, faces: [], error: { code, message } };
}

/** A face with its answer. @param units `any` when sizes mean nothing, as without a picture. */
export function faceResult(net: EmotionNet, face: Face, units: "pixels" | "any"): FaceResult {
  return { ...describeFace(face), ...net.classify(face.landmarks, { units }) };
}

/** What is told of a face beside its answer. */
export function describeFace(face: Face): Pick<FaceResult, "box" | "score" | "landmarks" | "pose"> {
  const { box, score, landmarks, pose } = face;
  const pairs = Array.from(
    { length: landmarks.length / 2 },
    (_, point) => [landmarks[2 * point]!, landmarks[2 * point + 1]!] as const,
  );
  return { box, score, landmarks: pairs, pose };
}

function boundsOf(landmarks: Float32Array): Box {
  const xs = landmarks.filter((_, index) => index % 2 === 0);
  const ys = landmarks.filter((_, index) => index % 2 === 1);
  const x = Math.min(...xs);
  const y = Math.min(...ys);
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** Degrees by which the face is turned clockwise: the turn that normalising takes back. */
function rollOf(landmarks: Float32Array): number {
  const { a, b } = normalisingSimilarity(landmarks);
  return (-Math.atan2(b, a) * 180) / Math.PI;
}
