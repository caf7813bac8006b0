/** Where the programs of this folder find the repository's files. */

import { fileURLToPath } from "node:url";

/** The repository's root, with a separator at its end; compiled, this file is dist/bench/repository.js. */
export const repository = fileURLToPath(new URL("../../", import.meta.url));
