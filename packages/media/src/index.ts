export { readFileBytes } from "./file/read-file-bytes.ts";
export { DEFAULT_MAX_PIXELS, type ReadPhotoOptions, readPhoto } from "./photo/read-photo.ts";
