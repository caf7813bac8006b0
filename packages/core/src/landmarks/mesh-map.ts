/**
 * For each of the 68 points the vertex of the MediaPipe face mesh (468 or 478 points) that stands for it.
 *
 * Eyes, nose and lips are the list in common use; on the hand-placed templates of the London Set (CC BY 4.0, 102 neutral
 * faces) its vertices lie nearer than their neighbours at every corner, lid and lip edge. Jaw and brows use vertices that
 * lie nearer to annotated points; both lists are symmetric.
 */
// biome-ignore format: one facial part a line
export const MESH_TO_IBUG68: readonly number[] = [
  127, 234, 177, 215, 172, 136, 149, 148, 152, 377, 378, 365, 397, 435, 401, 454, 356,
  70, 63, 105, 66, 55,
  285, 296, 334, 293, 300,
  168, 197, 5, 4, 75, 97, 2, 326, 305,
  33, 160, 158, 133, 153, 144,
  362, 385, 387, 263, 373, 380,
  61, 39, 37, 0, 267, 269, 291, 405, 314, 17, 84, 181,
  78, 82, 13, 312, 308, 317, 14, 87,
];
