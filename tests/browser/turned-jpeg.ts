/** JPEG files that say how they must be turned. */

/** The same file, with an EXIF mark that it must be turned by a quarter, clockwise (orientation 6). */
export function turned(jpeg: Uint8Array): Uint8Array {
  const exif = [
    ...[0xff, 0xe1, 0x00, 0x22], // APP1, 34 bytes
    ...[0x45, 0x78, 0x69, 0x66, 0, 0], // "Exif"
    ...[0x4d, 0x4d, 0, 42, 0, 0, 0, 8], // TIFF, big-endian, its directory at byte 8
    ...[0, 1], // one entry:
    ...[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0], // orientation, short, one value, 6
    ...[0, 0, 0, 0], // no further directory
  ];
  return Uint8Array.from([...jpeg.subarray(0, 2), ...exif, ...jpeg.subarray(2)]);
}
