/**
 * The facial actions the recipes speak of: the expression shapes of ICT-FaceKit (ARKit names) that move landmarks.
 * The Facial Action Coding System's unit is given where one corresponds.
 */

/** Actions with a left and a right half that can differ. */
export const SIDED_ACTIONS = [
  "browDown", // AU4
  "browInnerUp", // AU1
  "browOuterUp", // AU2
  "cheekPuff", // AU34
  "cheekRaiser", // AU6
  "cheekSquint", // AU6
  "eyeBlink", // AU43
  "eyeSquint", // AU7
  "eyeWide", // AU5
  "mouthDimple", // AU14
  "mouthFrown", // AU15
  "mouthLowerDown", // AU16
  "mouthPress", // AU24
  "mouthSmile", // AU12
  "mouthStretch", // AU20
  "mouthUpperUp", // AU10
  "noseSneer", // AU9
] as const;

/** Actions of the whole face. `jawSide` and `mouthSide` go to the face's own left; negative weights go right. */
export const WHOLE_ACTIONS = [
  "jawForward", // AU29
  "jawOpen", // AU26, AU27
  "jawSide", // AU30
  "mouthClose", // lips together while the jaw is open
  "mouthFunnel", // AU22
  "mouthPucker", // AU18
  "mouthRollLower", // AU28
  "mouthRollUpper",
  "mouthShrugLower", // AU17
  "mouthShrugUpper",
  "mouthSide",
] as const;

export type SidedAction = (typeof SIDED_ACTIONS)[number];
export type WholeAction = (typeof WHOLE_ACTIONS)[number];
export type Action = SidedAction | WholeAction;
