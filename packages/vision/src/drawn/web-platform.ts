/** The few functions of browsers that read pixels, typed here because this package is compiled without DOM types. */

import type { Drawable } from "../image/drawable.ts";

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WebVideoFrame {
  readonly displayWidth: number;
  readonly displayHeight: number;
  /** With the margin that is not shown. */
  readonly codedWidth: number;
  readonly codedHeight: number;
  /** The part of the frame that shows something. */
  readonly visibleRect: Rectangle | null;
  /** How it has to be turned when drawn; browsers that do not know this have not turned it either. */
  readonly rotation?: number;
  readonly flip?: boolean;
  copyTo(target: Uint8Array, options: { format: "RGBA"; rect: Rectangle }): Promise<unknown>;
  close(): void;
}

export interface WebContext {
  readonly canvas: WebCanvas;
  fillStyle: string;
  fillRect(x: number, y: number, width: number, height: number): void;
  drawImage(source: object, x: number, y: number, width: number, height: number): void;
  getImageData(
    x: number,
    y: number,
    width: number,
    height: number,
  ): { readonly width: number; readonly height: number; readonly data: Uint8ClampedArray };
}

interface WebCanvas {
  width: number;
  height: number;
  getContext(kind: "2d", options?: { alpha: false; willReadFrequently: true }): WebContext | null;
}

interface WebImageDecoder {
  decode(): Promise<{ readonly image: WebVideoFrame }>;
  close(): void;
}

interface FrameOptions {
  readonly timestamp: number;
  /** Kept when left out. */
  readonly alpha?: "discard";
  readonly visibleRect?: Rectangle;
}

interface WebPlatform {
  readonly VideoFrame?: new (source: object, options: FrameOptions) => WebVideoFrame;
  readonly ImageDecoder?: new (options: { data: ArrayBuffer; type: string }) => WebImageDecoder;
  readonly OffscreenCanvas?: new (width: number, height: number) => WebCanvas;
  readonly createImageBitmap?: (source: Drawable) => Promise<Extract<Drawable, { close(): void }>>;
}

export const web = globalThis as unknown as WebPlatform;

/** What is drawn, as a frame of its own; undefined in browsers without frames. @throws what the browser does for what it cannot draw. */
export function newFrame(source: object): WebVideoFrame | undefined {
  return web.VideoFrame && new web.VideoFrame(source, { timestamp: 0, alpha: "discard" });
}
