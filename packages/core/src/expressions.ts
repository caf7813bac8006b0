/** The six classes in the original's order; the index is the class id and the column of every output. */
export const EXPRESSIONS = ["neutral", "happy", "surprise", "squint", "disgust", "scream"] as const;

export type Expression = (typeof EXPRESSIONS)[number];
