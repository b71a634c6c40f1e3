// SPDX-License-Identifier: Apache-2.0
import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign, verify } from "node:crypto";
import { TLSSocket } from "node:tls";
import { WebSocket } from "ws";
import { decodeJson } from "@/agent/protocol/decode";
import { type AgentFrame, ConsoleFrame, EnrollAnswer, PROTOCOL } from "@/agent/protocol/messages";
import { CHANNEL_BYTES, CHANNEL_LABEL, type HandshakeFacts, handshakeBytes } from "@/agent/protocol/signing";

/** DER in front of a raw Ed25519 public key (RFC 8410): the same 12 bytes for every key. */
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

/** An agent's Ed25519 key pair. `publicKey` is raw, base64, as it stands on the wire. */
export interface PeerKeys {
  publicKey: string;
  privateKey: KeyObject;
}

/** A fresh key pair. */
export function newKeys(): PeerKeys {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return { publicKey: toRawKey(publicKey), privateKey };
}

/** The 32 raw bytes of an Ed25519 public key, base64. */
export function toRawKey(key: KeyObject): string {
  return key.export({ type: "spki", format: "der" }).subarray(SPKI_PREFIX.length).toString("base64");
}

/** The key object of a raw base64 Ed25519 public key. @throws when it is not 32 bytes */
export function fromRawKey(raw: string): KeyObject {
  const bytes = Buffer.from(raw, "base64");
  if (bytes.length !== 32) throw new Error(`A raw Ed25519 key has 32 bytes, this one ${bytes.length}.`);
  return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, bytes]), format: "der", type: "spki" });
}

/** The signature over the bytes, base64. */
export function signBytes(keys: PeerKeys, bytes: Uint8Array): string {
  return sign(null, bytes, keys.privateKey).toString("base64");
}

/** True when `signature` (base64) is the raw key's over the bytes. */
export function isSignedBy(rawKey: string, bytes: Uint8Array, signature: string): boolean {
  return verify(null, bytes, fromRawKey(rawKey), Buffer.from(signature, "base64"));
}

/** 24 random bytes, base64. */
export function newNonce(): string {
  return randomBytes(24).toString("base64");
}

type FrameOf<T extends ConsoleFrame["type"]> = Extract<ConsoleFrame, { type: T }>;

/** The console said no, or the socket ended before it said anything. `code` is the console's, or PEER_CLOSED. */
export class PeerRefused extends Error {
  constructor(
    readonly code: FrameOf<"refused">["code"] | "PEER_CLOSED" | "PEER_BAD_CONSOLE",
    message: string,
  ) {
    super(message);
    this.name = "PeerRefused";
  }
}

/** A socket to the console without a handshake: what a test scripts by hand. */
export interface PeerSocket {
  readonly socket: WebSocket;
  /** The TLS connection's own name, base64; null over plain ws. */
  readonly channel: string | null;
  /** Everything the console said, in order; frames that do not fit the contract are in `foreign`. */
  readonly frames: readonly ConsoleFrame[];
  readonly foreign: readonly string[];
  /** Pings of the console seen so far. */
  pings(): number;
  send(frame: AgentFrame): void;
  /** Sends text or bytes as they are: for what no agent should ever send. */
  sendRaw(content: string | Uint8Array): void;
  /**
   * The first frame of this type that also satisfies `fits`, received already or to come.
   * @throws PeerRefused when the socket ends first
   */
  waitFor<T extends ConsoleFrame["type"]>(type: T, fits?: (frame: FrameOf<T>) => boolean): Promise<FrameOf<T>>;
  /** Resolves when the socket is closed, with its close code. */
  readonly closed: Promise<{ code: number; reason: string }>;
  /** Closes in good order and waits for it. */
  close(): Promise<void>;
  /** Cuts the socket off. */
  terminate(): void;
}

/** A peer whose handshake the console accepted. */
export interface Peer extends PeerSocket {
  readonly welcome: FrameOf<"welcome">;
}

/** What enrolment gave: everything `connectPeer` needs but the address. */
export interface EnrolledPeer {
  agentId: string;
  cluster: string;
  role: EnrollAnswer["role"];
  consoleKey: string;
  node: string;
  keys: PeerKeys;
}

/** Trades a one-time token for trust in a key. `origin` is the console's, e.g. http://127.0.0.1:3000. @throws when refused */
export async function enrolPeer(options: {
  origin: string;
  token: string;
  node: string;
  keys?: PeerKeys;
  agentVersion?: string;
}): Promise<EnrolledPeer> {
  const keys = options.keys ?? newKeys();
  const response = await fetch(new URL("/api/v1/enroll", options.origin), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      token: options.token,
      node: options.node,
      publicKey: keys.publicKey,
      agentVersion: options.agentVersion ?? "peer",
    }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`Enrolment of ${options.node} was refused (${response.status}): ${text}`);
  const answer = decodeJson(EnrollAnswer, text);
  if (!answer.ok) throw new Error(`The console's answer to an enrolment does not fit: ${answer.error}`);
  return { ...answer.value, node: options.node, keys };
}

/** The address of the agents' socket at an origin. */
export function agentUrl(origin: string): string {
  return new URL("/ws/agent", origin.replace(/^http/, "ws")).href;
}

/** Opens a socket and says nothing. `isSilent`: pings are not answered either. */
export async function openPeer(options: { url: string; isSilent?: boolean }): Promise<PeerSocket> {
  // As an agent does: the certificate may be anybody's, because the handshake signs the connection.
  const socket = new WebSocket(options.url, { autoPong: !options.isSilent, perMessageDeflate: false, rejectUnauthorized: false });
  let channel: string | null = null;
  socket.on("upgrade", ({ socket: line }) => {
    if (line instanceof TLSSocket) channel = line.exportKeyingMaterial(CHANNEL_BYTES, CHANNEL_LABEL, Buffer.alloc(0)).toString("base64");
  });
  const frames: ConsoleFrame[] = [];
  const foreign: string[] = [];
  const waiting = new Set<{ look: () => boolean; fail: (cause: Error) => void }>();
  let pings = 0;
  let end: { code: number; reason: string } | null = null;

  const endOf = (): PeerRefused => {
    const refused = frames.find((frame) => frame.type === "refused");
    return refused
      ? new PeerRefused(refused.code, refused.message)
      : new PeerRefused("PEER_CLOSED", `The socket closed (${end?.code ?? "?"} ${end?.reason ?? ""}).`);
  };
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on("close", (code, reason) => {
      end = { code, reason: String(reason) };
      for (const waiter of waiting) waiter.fail(endOf());
      waiting.clear();
      resolve(end);
    });
  });
  socket.on("ping", () => {
    pings += 1;
  });
  socket.on("message", (content) => {
    const frame = decodeJson(ConsoleFrame, String(content));
    if (frame.ok) frames.push(frame.value);
    else foreign.push(String(content));
    for (const waiter of waiting) if (waiter.look()) waiting.delete(waiter);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("open", () => resolve());
    socket.on("error", reject); // after the opening it only precedes "close", which tells the waiters
  });

  return {
    socket,
    channel,
    frames,
    foreign,
    pings: () => pings,
    send: (frame) => socket.send(JSON.stringify(frame)),
    sendRaw: (content) => socket.send(content),
    waitFor: <T extends ConsoleFrame["type"]>(type: T, fits: (frame: FrameOf<T>) => boolean = () => true) =>
      new Promise<FrameOf<T>>((resolve, reject) => {
        const isWanted = (frame: ConsoleFrame): frame is FrameOf<T> => frame.type === type;
        const look = () => {
          const found = frames.filter(isWanted).find(fits);
          if (found) resolve(found);
          return found !== undefined;
        };
        if (look()) return;
        if (end) reject(endOf());
        else waiting.add({ look, fail: reject });
      }),
    closed,
    close: async () => {
      socket.close();
      await closed;
    },
    terminate: () => socket.terminate(),
  };
}

/**
 * Opens a socket and proves the key, as an agent does; the console's own proof is checked against `consoleKey`.
 * @throws PeerRefused with the console's code when it says no
 */
export async function connectPeer(options: {
  /** ws://host:port/ws/agent (see `agentUrl`). */
  url: string;
  agentId: string;
  node: string;
  keys: PeerKeys;
  /** Signs the proof in place of `keys`: a forger who knows the agent's public key only. */
  signWith?: PeerKeys;
  consoleKey: string;
  agentVersion?: string;
  bootId?: string | null;
  protocol?: number;
  /** The kinds of step that its policy allows. */
  steps?: string[];
  isSilent?: boolean;
}): Promise<Peer> {
  const peer = await openPeer({ url: options.url, isSilent: options.isSilent ?? false });
  try {
    const nonce = newNonce();
    peer.send({
      type: "hello",
      protocol: options.protocol ?? PROTOCOL,
      agentId: options.agentId,
      node: options.node,
      agentVersion: options.agentVersion ?? "peer",
      bootId: options.bootId ?? null,
      nonce,
      ...(options.steps === undefined ? {} : { steps: options.steps }),
      ...(peer.channel === null ? {} : { channel: "tls" }),
    });
    const challenge = await peer.waitFor("challenge");
    const facts: Omit<HandshakeFacts, "signer"> = {
      agentId: options.agentId,
      node: options.node,
      agentNonce: nonce,
      consoleNonce: challenge.nonce,
      agentKey: options.keys.publicKey,
      consoleKey: options.consoleKey,
      channel: peer.channel,
    };
    if (!isSignedBy(options.consoleKey, handshakeBytes({ ...facts, signer: "console" }), challenge.signature)) {
      throw new PeerRefused("PEER_BAD_CONSOLE", "The console did not prove the pinned key.");
    }
    peer.send({ type: "proof", signature: signBytes(options.signWith ?? options.keys, handshakeBytes({ ...facts, signer: "agent" })) });
    return { ...peer, welcome: await peer.waitFor("welcome") };
  } catch (cause) {
    peer.terminate();
    throw cause;
  }
}
