/** Readers of flag values; a wrong value is wrong usage. */

import { InvalidArgumentError } from "commander";

/** A whole number from 1. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < 1) {
    throw new InvalidArgumentError("Wanted a whole number from 1.");
  }
  return value;
}

/** A whole number from 1, or `auto`. */
export function wholeNumberOrAuto(text: string): number | "auto" {
  return text === "auto" ? text : wholeNumber(text);
}

/** A whole number from 0. */
export function seedNumber(text: string): number {
  return text === "0" ? 0 : wholeNumber(text);
}

/** A number above 0, such as 12.5. */
export function rateNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
    throw new InvalidArgumentError("Wanted a number above 0.");
  }
  return value;
}

/** The name of one folder, not a path. */
export function folderName(text: string): string {
  if (text.trim() === "" || /[/\\\0]/.test(text) || text === "." || text === "..") {
    throw new InvalidArgumentError("Wanted the name of one folder, without slashes.");
  }
  return text;
}
