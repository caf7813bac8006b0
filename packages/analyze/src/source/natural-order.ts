const collator = new Intl.Collator("en", { numeric: true });

/** Order of paths as a person expects it, folder by folder: `2.jpg` before `10.jpg`. Ties are broken by code units. */
export function compareNaturally(a: string, b: string): number {
  const left = a.split(/[\\/]/);
  const right = b.split(/[\\/]/);
  for (let part = 0; part < Math.min(left.length, right.length); part++) {
    const order = collator.compare(left[part]!, right[part]!);
    if (order !== 0) return order;
  }
  if (left.length !== right.length) return left.length - right.length;
  return a < b ? -1 : Number(a > b);
}
