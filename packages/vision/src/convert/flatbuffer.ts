/** Reads tables of a FlatBuffers file: just what a TensorFlow Lite model needs. */

/**
 * A table at a place of a FlatBuffers file. Fields are known by their number in the schema; an absent field gives the
 * default. Reading outside the file throws RangeError.
 */
export class FlatTable {
  readonly #view: DataView;
  readonly #position: number;

  private constructor(view: DataView, position: number) {
    this.#view = view;
    this.#position = position;
  }

  /** The outermost table of a file. */
  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatTable(view, view.getUint32(0, true));
  }

  int8(field: number, fallback = 0): number {
    const at = this.#fieldPosition(field);
    return at === undefined ? fallback : this.#view.getInt8(at);
  }

  int32(field: number, fallback = 0): number {
    const at = this.#fieldPosition(field);
    return at === undefined ? fallback : this.#view.getInt32(at, true);
  }

  text(field: number): string {
    return new TextDecoder().decode(this.bytes(field));
  }

  /** A vector of bytes, as a view into the file. */
  bytes(field: number): Uint8Array {
    const { start, length } = this.#vector(field);
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + start, length);
  }

  int32s(field: number): number[] {
    const { start, length } = this.#vector(field);
    return Array.from({ length }, (_, index) => this.#view.getInt32(start + 4 * index, true));
  }

  table(field: number): FlatTable | undefined {
    const at = this.#fieldPosition(field);
    return at === undefined ? undefined : this.#follow(at);
  }

  tables(field: number): FlatTable[] {
    const { start, length } = this.#vector(field);
    return Array.from({ length }, (_, index) => this.#follow(start + 4 * index));
  }

  #follow(at: number): FlatTable {
    return new FlatTable(this.#view, at + this.#view.getUint32(at, true));
  }

  #vector(field: number): { start: number; length: number } {
    const at = this.#fieldPosition(field);
    if (at === undefined) return { start: 0, length: 0 };
    const start = at + this.#view.getUint32(at, true);
    return { start: start + 4, length: this.#view.getUint32(start, true) };
  }

  /** Each table points back at its list of field offsets; 0 or a list that is too short means absent. */
  #fieldPosition(field: number): number | undefined {
    const list = this.#position - this.#view.getInt32(this.#position, true);
    const entry = 4 + 2 * field;
    if (entry >= this.#view.getUint16(list, true)) return undefined;
    const offset = this.#view.getUint16(list + entry, true);
    return offset === 0 ? undefined : this.#position + offset;
  }
}
