/** The word somebody probably meant: for messages about unknown keys and flags. */

/** Words further away than this share of their length are not what was meant. */
const FARTHEST_SHARE = 0.4;

/** The candidate with the fewest typing errors from `word` (case aside), or nothing when none is near. */
export function nearestWord(word: string, candidates: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    const limit = Math.max(1, FARTHEST_SHARE * Math.max(word.length, candidate.length));
    if (distance < fewest && distance <= limit) {
      nearest = candidate;
      fewest = distance;
    }
  }
  return nearest;
}

/** Levenshtein distance: insertions, deletions and replacements that turn `from` into `to`. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
