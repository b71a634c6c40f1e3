// SPDX-License-Identifier: Apache-2.0
import type { Socket } from "node:net";
import { type SecureVersion, TLSSocket } from "node:tls";
import { CHANNEL_BYTES, CHANNEL_LABEL, CHANNEL_TLS } from "./protocol/signing";

/**
 * Why what is at the other end of a connection is believed to be the console.
 * `none`: no TLS, so on loopback or where an admin allowed it: its key answers, but whoever is on the way reads and writes.
 * `key`: it signs this very TLS connection with the pinned key; whose certificate it is does not matter.
 * `authority`: a reverse proxy ends TLS, so nothing can be signed about it: a certificate authority vouches for its name.
 */
export type TlsTrust = "none" | "key" | "authority";

export function tlsTrust(address: string, isProxied: boolean): TlsTrust {
  if (new URL(address).protocol !== "https:") return "none";
  return isProxied ? "authority" : "key";
}

/** How to connect. `ca`: PEM, the only authorities that are believed; null: Node's own, or for `key` none is asked. */
export function tlsOptions(trust: TlsTrust, ca: string | null): { minVersion?: SecureVersion; rejectUnauthorized?: boolean; ca?: string } {
  switch (trust) {
    case "none":
      return {};
    case "key":
      return { minVersion: CHANNEL_TLS, rejectUnauthorized: ca !== null, ...(ca === null ? {} : { ca }) };
    case "authority":
      return { minVersion: "TLSv1.2", rejectUnauthorized: true, ...(ca === null ? {} : { ca }) };
  }
}

/** The TLS connection's own name (see CHANNEL_LABEL), base64; null when it has none, and then it must not be trusted by key. */
export function channelOf(socket: Socket): string | null {
  if (!(socket instanceof TLSSocket) || socket.getProtocol() !== CHANNEL_TLS) return null;
  return socket.exportKeyingMaterial(CHANNEL_BYTES, CHANNEL_LABEL, Buffer.alloc(0)).toString("base64");
}
