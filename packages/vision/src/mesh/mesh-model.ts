/** Sizes of the attention mesh. */

/** Side of the square picture that the network takes. */
export const MESH_INPUT_SIZE = 192;

/** 468 vertices of the face and twice five of the irises. */
export const MESH_POINTS = 478;
