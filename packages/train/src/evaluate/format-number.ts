/** Numbers as Python prints them, so that reports agree with scikit-learn's to the last digit. */

/** Enough decimals to show every tie exactly: a tie at `digits` decimals has `digits + 1` of them. */
const exactDecimals = 100;

/** Fixed decimals; an exact tie goes to the even digit as in Python, where `toFixed` always goes up. */
export function formatFixed(value: number, digits: number): string {
  const [whole, decimals] = Math.abs(value).toFixed(exactDecimals).split(".") as [string, string];
  const isTie = /^50*$/.test(decimals.slice(digits));
  const kept = digits === 0 ? whole : `${whole}.${decimals.slice(0, digits)}`;
  const rounded = isTie && Number(kept.at(-1)) % 2 === 0 ? kept : Math.abs(value).toFixed(digits);
  return value < 0 ? `-${rounded}` : rounded;
}

/** Rounded to `digits` decimals, trailing zeros dropped: 0.70140 → "0.7014", 1 → "1". */
export function formatShort(value: number, digits: number): string {
  return String(Number(formatFixed(value, digits)));
}
