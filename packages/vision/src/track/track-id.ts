/** Ids for tracks. */

const letters = "abcdefghijkmnpqrstuvwxyz23456789";
const length = 5;

/** A short random word, one of 33 million, that is none of `taken`. It says nothing about the face and is kept nowhere. */
export function newTrackId(taken: ReadonlySet<string>): string {
  for (;;) {
    const draws = crypto.getRandomValues(new Uint8Array(length));
    // 32 letters: every draw modulo 32 is equally likely.
    const id = Array.from(draws, (draw) => letters[draw % letters.length]).join("");
    if (!taken.has(id)) return id;
  }
}
