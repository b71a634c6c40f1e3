// SPDX-License-Identifier: Apache-2.0
import { inflateRawSync } from "node:zlib";
import { WebSocket } from "ws";
import { z } from "zod";
import type { AskedScope, BrowserFrame } from "@/agent/protocol/console/feed";
import type { BenchConsole } from "./console";

/** The header of a WebSocket frame without a mask. Source: RFC 6455, section 5.2 */
const headerBytes = (size: number): number => (size < 126 ? 2 : size < 65_536 ? 4 : 10);

/** A browser's socket without the browser: hears every frame as text, unparsed, so that many of them cost little here. */
export interface BrowserSocket {
  /** Bytes that came in so far, frames' headers and pings included. */
  bytes: () => number;
  close: () => void;
}

/** `bytes`: what it took on the wire, without the frame's header. */
type Hear = (text: string, bytes: number) => void;

let last: { packed: Buffer; text: string } = { packed: Buffer.alloc(0), text: "" };

/** The same patch goes to every browser: unpacked once, so that a hundred of them cost little here. */
function unpacked(content: Buffer): string {
  if (!last.packed.equals(content)) last = { packed: content, text: String(inflateRawSync(content)) };
  return last.text;
}

/** Opens it and waits for its first snapshot. */
export async function openBrowserSocket(
  { origin, cookie }: Pick<BenchConsole, "origin" | "cookie">,
  scope: AskedScope,
  hear: Hear,
): Promise<BrowserSocket> {
  const socket = new WebSocket(`${origin.replace("http", "ws")}/ws/console`, { headers: { origin, cookie }, perMessageDeflate: false });
  socket.on("open", () => socket.send(JSON.stringify({ type: "scope", scope } satisfies BrowserFrame)));
  return listen(socket, hear);
}

/** A wall's socket with a key of its own for every cluster, the same way. */
export async function openWallSocket({ origin, ask }: Pick<BenchConsole, "origin" | "ask">, hear: Hear): Promise<BrowserSocket> {
  const made = await ask("POST", "/api/v1/wall-keys", { name: "bench", clusters: null, days: null });
  const { url } = z.object({ url: z.url() }).parse(made);
  const key = url.slice(url.lastIndexOf("/") + 1);
  const options = { origin, perMessageDeflate: false };
  return listen(new WebSocket(`${origin.replace("http", "ws")}/ws/wall`, ["quarterdeck.wall", `key.${key}`], options), hear);
}

async function listen(socket: WebSocket, hear: Hear): Promise<BrowserSocket> {
  let bytes = 0;
  await new Promise<void>((resolve, reject) => {
    socket.on("error", reject);
    socket.on("ping", (content: Buffer) => {
      bytes += content.length + headerBytes(content.length);
    });
    socket.on("message", (content: Buffer, isPacked) => {
      bytes += content.length + headerBytes(content.length);
      const text = isPacked ? unpacked(content) : String(content);
      hear(text, content.length);
      if (text.includes('"type":"snapshot"')) resolve();
    });
  });
  return { bytes: () => bytes, close: () => socket.terminate() };
}
