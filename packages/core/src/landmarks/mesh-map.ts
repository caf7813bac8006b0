/**
 * For each of the 68 points the vertex of the MediaPipe face mesh (468 or 478 points) that stands for it.
 */
// biome-ignore format: one facial part a line
export const MESH_TO_IBUG68: readonly number[] = [
  127, 234, 177, 215, 172, 136, 149, 176, 152, 377, 378, 365, 397, 435, 401, 454, 356,
  70, 63, 105, 66, 55,
  285, 296, 334, 293, 300,
  168, 197, 5, 4, 75, 97, 2, 326, 305,
  33, 160, 158, 133, 153, 144,
  362, 385, 387, 263, 373, 380,
  61, 74, 37, 11, 267, 304, 291, 405, 314, 17, 84, 181,
  62, 38, 13, 268, 292, 317, 14, 87,
];
