/** Debian's own Python, which has Debian's packages; the `python3` on the path may be another one. */

import { execFileSync } from "node:child_process";

export const debianPython = "/usr/bin/python3";

/** Whether it is there and can import all of these modules. */
export function hasPythonModules(...modules: readonly string[]): boolean {
  try {
    execFileSync(debianPython, ["-c", `import ${modules.join(", ")}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
