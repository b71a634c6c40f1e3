// SPDX-License-Identifier: Apache-2.0
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import { CHANNEL_BYTES, CHANNEL_LABEL, CHANNEL_TLS } from "@/agent/protocol/signing";

/**
 * What is known of the connection an agent speaks on. `bound`: TLS that ends here; `id` is the same at its other end and
 * nowhere else. `plain`: no TLS reaches us. `old`: TLS too old for its exporter to name one connection.
 */
export type Channel = { is: "bound"; id: string } | { is: "plain" } | { is: "old" };

export function channelOf(socket: Duplex | undefined): Channel {
  if (!(socket instanceof TLSSocket)) return { is: "plain" };
  if (socket.getProtocol() !== CHANNEL_TLS) return { is: "old" };
  return { is: "bound", id: socket.exportKeyingMaterial(CHANNEL_BYTES, CHANNEL_LABEL, Buffer.alloc(0)).toString("base64") };
}
