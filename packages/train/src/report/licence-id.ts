/** Licences as model hubs name them. */

/** SPDX names that hubs write in lower case. */
const KNOWN = [
  "Apache-2.0",
  "MIT",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "CC-BY-4.0",
  "CC-BY-SA-4.0",
  "CC-BY-NC-4.0",
  "CC-BY-NC-SA-4.0",
] as const;

/** Front matter for a licence: its known id, or `other` with its name. */
export function licenceId(licence: string): Record<string, string> {
  const known = KNOWN.find((name) => name.toLowerCase() === licence.trim().toLowerCase());
  return known
    ? { license: known.toLowerCase() }
    : { license: "other", license_name: licence.trim() || "unknown" };
}
