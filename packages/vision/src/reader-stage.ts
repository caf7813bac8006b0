/** `detect` finds faces, `mesh` reads their points, `map` makes landmarks, box and pose of the points and follows them. */
export type ReaderStage = "detect" | "mesh" | "map";

/** Told when a stage begins; the one before ends with it. */
export type OnReaderStage = (stage: ReaderStage) => void;
