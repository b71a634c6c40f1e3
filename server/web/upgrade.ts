// SPDX-License-Identifier: Apache-2.0
import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import { WebSocketServer } from "ws";
import { MAX_FRAME_BYTES } from "@/agent/protocol/messages";
import type { Console, Session } from "@/server/console";
import { type Feed, wallSessionId } from "@/server/feed/feed";
import type { Hub } from "@/server/hub/hub";
import { channelOf } from "@/server/tls/channel";
import { isOwnPage } from "./address";

export interface UpgradeDeps {
  hub: Hub;
  feed: Feed;
  sessionOf: (cookieHeader: string | null) => Promise<Session | null>;
  wallOf: Console["wallOf"];
  /** The address people use, where it is another than the one asked for. */
  publicUrl: string | null;
  /** Hot reload in development. False when it takes nothing: nothing else is upgraded. */
  upgradePage: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
}

/** A browser's frames are a line long. */
const MAX_BROWSER_FRAME_BYTES = 4 * 1024;
/** A wall has nothing to say. */
const MAX_WALL_FRAME_BYTES = 1;
/** Under this name a wall's socket is spoken; its key comes beside it, so that it stands in no address and no log. */
const WALL_PROTOCOL = "quarterdeck.wall";
const WALL_KEY = "key.";
/** Who does not answer our goodbye within this is cut off. */
const GOODBYE_MS = 500;

/** Is this browser's page one of ours? A browser always sends Origin; a page of another site sends its own. */
function isOwnOrigin(request: IncomingMessage, publicUrl: string | null): boolean {
  const { origin, host } = request.headers;
  return origin !== undefined && host !== undefined && isOwnPage(origin, host, request.socket instanceof TLSSocket, publicUrl);
}

/** Sockets that may be in their handshake at one time. */
const MAX_STRANGERS = 64;

/** Decides what an upgrade becomes: authorised here, before a WebSocket exists. */
export function createUpgrade(deps: UpgradeDeps) {
  // Compression by socket costs ten times the CPU here; the feed packs a long patch once for all its browsers.
  const shared = { noServer: true, perMessageDeflate: false, closeTimeout: GOODBYE_MS };
  const agents = new WebSocketServer({ ...shared, maxPayload: MAX_FRAME_BYTES });
  const browsers = new WebSocketServer({ ...shared, maxPayload: MAX_BROWSER_FRAME_BYTES });
  const walls = new WebSocketServer({ ...shared, maxPayload: MAX_WALL_FRAME_BYTES, handleProtocols: () => WALL_PROTOCOL });

  function refuse(socket: Duplex, status: number): void {
    socket.once("finish", () => socket.destroy());
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  }

  function admitAgent(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const channel = channelOf(socket);
    // Not "no TLS": a handshake that is not bound must never be answered where TLS ends here.
    if (channel.is === "old") refuse(socket, 426);
    else agents.handleUpgrade(request, socket, head, (accepted) => deps.hub.add(accepted, channel.is === "bound" ? channel.id : null));
  }

  async function admitBrowser(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    if (!isOwnOrigin(request, deps.publicUrl)) return refuse(socket, 403);
    const cookie = request.headers.cookie ?? null;
    const session = await deps.sessionOf(cookie);
    if (session === null) return refuse(socket, 401);
    browsers.handleUpgrade(request, socket, head, (accepted) => deps.feed.add(accepted, session));
    // A session that ended or changed while it was looked up closed the sockets it had; this one came after.
    const now = await deps.sessionOf(cookie);
    if (now?.role !== session.role) deps.feed.close((id) => id === session.id, now === null ? "sessionEnded" : "roleChanged");
  }

  async function admitWall(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    if (!isOwnOrigin(request, deps.publicUrl)) return refuse(socket, 403);
    const offered = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((one) => one.trim());
    const text = offered.find((one) => one.startsWith(WALL_KEY))?.slice(WALL_KEY.length) ?? "";
    const key = offered.includes(WALL_PROTOCOL) ? await deps.wallOf(text) : null;
    if (key === null) return refuse(socket, 401);
    walls.handleUpgrade(request, socket, head, (accepted) => deps.feed.addWall(accepted, key));
    // A key that was revoked while it was looked up closed the sockets it had; this one came after.
    if ((await deps.wallOf(text)) === null) deps.feed.close((id) => id === wallSessionId(key.id), "sessionEnded");
  }

  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on("error", () => socket.destroy());
    // Only the path decides; what stands there may be anything, also what is no address at all.
    const pathname = (request.url ?? "").split("?", 1)[0];
    // Each may hold a frame in memory before anybody knows who it is; agents come back a moment later, with jitter.
    if (pathname === "/ws/agent" && deps.hub.strangers() >= MAX_STRANGERS) refuse(socket, 503);
    else if (pathname === "/ws/agent") admitAgent(request, socket, head);
    else if (pathname === "/ws/console") admitBrowser(request, socket, head).catch(() => socket.destroy());
    else if (pathname === "/ws/wall") admitWall(request, socket, head).catch(() => socket.destroy());
    else if (!deps.upgradePage(request, socket, head)) refuse(socket, 404);
  };
}
