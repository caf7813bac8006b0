/**
 * The few web-standard functions core uses, typed here because core is compiled without DOM and Node types.
 * All of them exist in browsers, workers, Node, Deno, Bun and edge runtimes; what may be missing is optional.
 */

interface Platform {
  readonly TextEncoder: new () => { encode(text: string): Uint8Array };
  readonly TextDecoder: new (
    label: string,
    options: { fatal: boolean },
  ) => { decode(bytes: Uint8Array): string };
  readonly URL: {
    new (address: string): { readonly href: string };
    createObjectURL?(blob: object): string;
    revokeObjectURL?(address: string): void;
  };
  readonly Blob?: new (parts: string[], options: { type: string }) => object;
  readonly Worker?: new (address: string, options: { type: "module" }) => WorkerLike;
  /** The worker itself, within a web worker. */
  readonly self?: object;
  atob(base64: string): string;
  readonly fetch?: (url: string) => Promise<FetchResponse>;
  readonly WebAssembly?: WebAssemblyPlatform;
  readonly process?: { getBuiltinModule?(name: string): unknown };
  readonly crypto?: { readonly subtle?: { digest(name: string, data: Uint8Array): Promise<ArrayBuffer> } };
}

/** The part of the answer of `fetch` that is read. */
export interface FetchResponse {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** What is used of a worker; a web worker is one. */
export interface WorkerLike {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  addEventListener(type: "message" | "error" | "messageerror", listener: (event: unknown) => void): void;
  terminate(): unknown;
  /** Whether the process waits for it, where the host knows processes. */
  ref?(): void;
  unref?(): void;
}

/** The part of WebAssembly that the SIMD kernel needs; `Module` and `Instance` block, which workers may. */
export interface WebAssemblyPlatform {
  validate(bytes: Uint8Array): boolean;
  readonly Memory: new (limits: { initial: number }) => WebAssemblyMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: Record<string, Record<string, unknown>>,
  ) => { readonly exports: Record<string, unknown> };
  instantiate(
    bytes: Uint8Array,
    imports: Record<string, Record<string, unknown>>,
  ): Promise<{ readonly instance: { readonly exports: Record<string, unknown> } }>;
}

/** Linear memory; `buffer` is replaced when it grows. */
export interface WebAssemblyMemory {
  readonly buffer: ArrayBuffer;
}

export const platform = globalThis as unknown as Platform;

/** Base64 → bytes. */
export function bytesOfBase64(base64: string): Uint8Array {
  const text = platform.atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}

/** SHA-256 as 64 hexadecimal digits. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const subtle = platform.crypto?.subtle;
  if (!subtle) throw new TypeError("This runtime has no crypto.subtle (pages need https or localhost).");
  const digest = new Uint8Array(await subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
