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
export { type ContactSheetOptions, contactSheet, type SheetCell } from "./sheet/contact-sheet.ts";
