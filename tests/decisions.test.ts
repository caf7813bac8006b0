/** The list of decisions names every page once, in order, by its own heading. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "./cli-support.ts";

const folder = join(repository, "docs/decisions");

test("docs/decisions/README.md lists every page by its heading", () => {
  const pages = readdirSync(folder).filter((name) => /^\d{3}-/.test(name));
  const lines = pages.sort().map((name) => {
    const [heading] = readFileSync(join(folder, name), "utf8").split("\n");
    expect(heading, name).toMatch(new RegExp(`^# ${name.slice(0, 3)}:? `));
    return `- [${heading!.slice(2)}](${name})`;
  });
  const listed = readFileSync(join(folder, "README.md"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("- "));
  expect(listed).toEqual(lines);
});
