/**
 * A small RTSP server for the tests (RFC 2326, RTP interleaved on the same connection, Basic authentication). Its packets and
 * its session description are ffmpeg's own; it loops a clip in real time, as a camera would send it.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { createSocket, type Socket as DatagramSocket } from "node:dgram";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

export interface RtspServerOptions {
  /** H.264 with key frames often enough for whoever comes in the middle. */
  readonly clip: string;
  /** Default: any free one. */
  readonly port?: number;
  /** "name:password" that a client must give. */
  readonly credentials?: string;
}

export class RtspServer {
  readonly port: number;
  readonly #clients = new Set<Socket>();
  readonly #playing = new Set<Socket>();
  readonly #server: Server;
  readonly #packets: DatagramSocket;
  readonly #credentials: string | undefined;
  readonly #sender: ChildProcess;
  readonly #description: string;
  #isPluggedIn = true;
  #withheld = 0;

  private constructor(
    parts: { server: Server; packets: DatagramSocket; sender: ChildProcess; description: string },
    credentials: string | undefined,
  ) {
    this.#server = parts.server;
    this.port = (parts.server.address() as AddressInfo).port;
    this.#packets = parts.packets;
    this.#sender = parts.sender;
    this.#description = parts.description;
    this.#credentials = credentials;
    this.#server.on("connection", (socket) => this.#serve(socket));
    this.#packets.on("message", (packet) => this.#forward(packet));
  }

  static async start({ clip, port = 0, credentials }: RtspServerOptions): Promise<RtspServer> {
    const packets = createSocket("udp4").bind(0, "127.0.0.1");
    await once(packets, "listening");
    const { port: packetPort } = packets.address();
    const sdp = `${clip}.${packetPort}.sdp`;
    const input = ["-re", "-stream_loop", "-1", "-i", clip, "-an", "-c:v", "copy"];
    const target = `rtp://127.0.0.1:${packetPort}?rtcpport=${packetPort}&pkt_size=1200`;
    // Without a reader of its second output it ends: so it does with this process, however that ends.
    const leash = ["-an", "-c:v", "copy", "-f", "h264", "pipe:1"];
    const args = ["-v", "error", "-nostdin", ...input, "-f", "rtp", "-sdp_file", sdp, target, ...leash];
    const sender = spawn("ffmpeg", args, { stdio: ["ignore", "pipe", "ignore"] });
    sender.stdout.resume();
    while (!existsSync(sdp) || !readFileSync(sdp, "utf8").includes("a=fmtp")) await delay(20);
    const description = readFileSync(sdp, "utf8")
      .replace(/^m=video \d+/m, "m=video 0")
      .concat("a=control:track1\r\n");
    rmSync(sdp);
    const server = createServer().listen(port, "127.0.0.1");
    await once(server, "listening");
    return new RtspServer({ server, packets, sender, description }, credentials);
  }

  /** Frames that came while it was unplugged, or before anybody played again after that. */
  get withheld(): number {
    return this.#withheld;
  }

  get address(): string {
    return `rtsp://127.0.0.1:${this.port}/stream`;
  }

  /** As when somebody pulls the plug: all connections break, and the port is closed. */
  async stop(): Promise<void> {
    this.#sender.kill("SIGKILL");
    for (const client of this.#clients) client.destroy();
    this.#packets.close();
    this.#server.close();
    await once(this.#server, "close");
  }

  /** The network fails, and the camera goes on: connections break, new ones are refused, frames come and reach nobody. */
  async unplug(): Promise<void> {
    this.#isPluggedIn = false;
    this.#withheld = 0;
    for (const client of this.#clients) client.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  /** The network is back. */
  async plugIn(): Promise<void> {
    this.#server.listen(this.port, "127.0.0.1");
    await once(this.#server, "listening");
    this.#isPluggedIn = true;
  }

  /** RTCP goes to channel 1 (packet types 200 to 204, RFC 3550), RTP to channel 0. */
  #forward(packet: Buffer): void {
    const isControl = packet[1]! >= 200 && packet[1]! <= 204;
    // The last packet of a frame carries the marker bit (RFC 6184).
    const endsFrame = !isControl && packet[1]! >= 128;
    if (endsFrame && !(this.#isPluggedIn && this.#playing.size > 0)) this.#withheld++;
    const head = Buffer.from([0x24, isControl ? 1 : 0, packet.length >> 8, packet.length & 255]);
    for (const client of this.#playing) client.write(Buffer.concat([head, packet]));
  }

  #serve(socket: Socket): void {
    this.#clients.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#clients.delete(socket);
      this.#playing.delete(socket);
    });
    let bytes = Buffer.alloc(0);
    socket.on("data", (part: Buffer) => {
      bytes = Buffer.concat([bytes, part]);
      for (;;) {
        const length = messageLength(bytes);
        if (length === undefined) return;
        if (bytes[0] !== 0x24) this.#answer(socket, bytes.toString("latin1", 0, length));
        bytes = bytes.subarray(length);
      }
    });
  }

  #answer(socket: Socket, request: string): void {
    const [method, url] = request.split(" ");
    const headerOf = (name: string) => new RegExp(`^${name}: *(.*?)\r$`, "im").exec(request)?.[1];
    const respond = (status: string, headers: string[] = [], body = "") => {
      const length = body ? [`Content-Length: ${body.length}`] : [];
      const all = [`RTSP/1.0 ${status}`, `CSeq: ${headerOf("CSeq")}`, ...headers, ...length];
      socket.write(`${all.join("\r\n")}\r\n\r\n${body}`);
    };
    const wanted = this.#credentials && `Basic ${Buffer.from(this.#credentials).toString("base64")}`;
    if (method === "OPTIONS") respond("200 OK", ["Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN"]);
    else if (wanted && headerOf("Authorization") !== wanted) {
      respond("401 Unauthorized", ['WWW-Authenticate: Basic realm="test"']);
    } else if (method === "DESCRIBE") {
      respond("200 OK", ["Content-Type: application/sdp", `Content-Base: ${url}/`], this.#description);
    } else if (method === "SETUP" && !headerOf("Transport")?.includes("TCP")) {
      respond("461 Unsupported Transport");
    } else if (method === "SETUP") {
      respond("200 OK", ["Transport: RTP/AVP/TCP;unicast;interleaved=0-1", "Session: 1"]);
    } else if (method === "PLAY") {
      respond("200 OK", ["Session: 1"]);
      this.#playing.add(socket);
    } else {
      respond("200 OK", ["Session: 1"]);
      if (method === "TEARDOWN") this.#playing.delete(socket);
    }
  }
}

/** Bytes of the first whole message: a request without a body, or a packet of the client; undefined while there is none. */
function messageLength(bytes: Buffer): number | undefined {
  if (bytes[0] === 0x24) {
    const length = bytes.length < 4 ? Number.POSITIVE_INFINITY : 4 + bytes.readUInt16BE(2);
    return length <= bytes.length ? length : undefined;
  }
  const end = bytes.indexOf("\r\n\r\n");
  return end < 0 ? undefined : end + 4;
}
