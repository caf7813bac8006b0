export { annotatePhoto } from "./annotate/annotate-photo.ts";
export { expressionColour } from "./annotate/expression-colours.ts";
export { fileReadError, readFileBytes } from "./file/read-file-bytes.ts";
export { DEFAULT_MAX_PIXELS, type ReadPhotoOptions, readPhoto } from "./photo/read-photo.ts";
export { isWritablePhotoPath, writePhoto } from "./photo/write-photo.ts";
export {
  drawPortrait,
  type PortraitDrawing,
  type PortraitOptions,
  portraitSvg,
} from "./portrait/draw-portrait.ts";
export { drawScene, type SceneHead } from "./portrait/draw-scene.ts";
export { type ContactSheetOptions, contactSheet, type SheetCell } from "./sheet/contact-sheet.ts";
export { type Camera, type CameraFolders, listCameras } from "./video/cameras.ts";
export type { LivePlace } from "./video/live-clock.ts";
export type { VideoInfo } from "./video/probe-video.ts";
export { probeVideo, rateOf } from "./video/probe-video.ts";
export { RateMeter } from "./video/rate-meter.ts";
export { type LiveEvent, type LiveOptions, RECONNECT_DELAY } from "./video/read-live.ts";
export { type OpenedVideo, openVideo, type ReadVideoOptions, readVideo } from "./video/read-video.ts";
export type { VideoFrame } from "./video/video-frame.ts";
export {
  isVideoSource,
  kindOfVideoSource,
  type VideoSourceKind,
  withoutPassword,
} from "./video/video-source.ts";
export { isWritableVideoPath, VideoWriter, type VideoWriterOptions } from "./video/write-video.ts";
