// SPDX-License-Identifier: Apache-2.0
import { hostname } from "node:os";
import { type Host, HostError } from "./host/host";
import { decode } from "./protocol/decode";
import { NodeName } from "./protocol/names";

/** Where a node keeps its own name, the running kernel's word first on a real node. */
const REAL = ["/proc/sys/kernel/hostname", "/etc/hostname"];
const TREE = ["/etc/hostname", "/proc/sys/kernel/hostname"];

/** The node's own name: from its files, else this machine's. Null when none of them is a node name. */
export async function ownNodeName(host: Host): Promise<string | null> {
  for (const path of host.isReal ? REAL : TREE) {
    const name = decode(NodeName, (await textOrNull(host, path))?.trim());
    if (name.ok) return name.value;
  }
  const name = decode(NodeName, hostname());
  return name.ok ? name.value : null;
}

/** The boot that the node is in; null when it does not say. */
export async function bootId(host: Host): Promise<string | null> {
  const text = (await textOrNull(host, "/proc/sys/kernel/random/boot_id"))?.trim() ?? "";
  return /^[0-9A-Za-z-]{1,64}$/.test(text) ? text : null;
}

async function textOrNull(host: Host, path: string): Promise<string | null> {
  try {
    return await host.read(path, { mayBeUnfinished: true, maxBytes: 4_096 });
  } catch (error) {
    if (error instanceof HostError) return null; // not readable is as good as not said: there are other sources for it
    throw error;
  }
}
