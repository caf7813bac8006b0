/**
 * Loads items in order, at most `held` at a time counting the one handed out: while the caller works on one, the next
 * are being loaded. `load` must not reject.
 */
export async function* readAhead<Item, Loaded>(
  items: readonly Item[],
  load: (item: Item) => Promise<Loaded>,
  held: number,
): AsyncGenerator<Loaded, void, undefined> {
  const loading: Promise<Loaded>[] = [];
  let next = 0;
  while (next < items.length || loading.length > 0) {
    while (next < items.length && loading.length < held) loading.push(load(items[next++]!));
    yield await loading.shift()!;
  }
}
