export { makeFolder } from "./make-folder.ts";
export { writeWhole } from "./write-whole.ts";
