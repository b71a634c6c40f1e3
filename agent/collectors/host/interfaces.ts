// SPDX-License-Identifier: Apache-2.0
import { unread } from "@/agent/collectors/unread";
import { type Host, HostError } from "@/agent/host/host";
import type { Unread } from "@/agent/protocol/errors";
import type { HostInterface } from "@/agent/protocol/model/host";
import { parseNumber, parseWord } from "./parse";

const FOLDER = "/sys/class/net";

/** Every interface but the loopback, which says nothing about the node. */
export async function readInterfaces(host: Host, problems: Unread[]): Promise<HostInterface[]> {
  const names = ((await host.list(FOLDER)) ?? []).filter((name) => name !== "lo");
  const interfaces = await Promise.all(names.map((name) => readInterface(host, name, problems)));
  return interfaces.filter((one) => one !== null);
}

/** One interface; null when the name is none (`bonding_masters` is a file) or the interface has just gone. */
async function readInterface(host: Host, name: string, problems: Unread[]): Promise<HostInterface | null> {
  try {
    const [address, mtu, carrier, speed] = await Promise.all([
      host.read(`${FOLDER}/${name}/address`, { mayBeUnfinished: true }),
      host.read(`${FOLDER}/${name}/mtu`),
      readAttribute(host, `${FOLDER}/${name}/carrier`),
      readAttribute(host, `${FOLDER}/${name}/speed`),
    ]);
    if (address === null && mtu === null) return null;
    return {
      name,
      // Interfaces without a link layer (tunnels) print an empty line.
      mac: address === null || address.trim() === "" ? null : parseWord(`${name} address`, address).toLowerCase(),
      linkUp: carrier === null ? null : carrier !== 0,
      // -1 is SPEED_UNKNOWN, which some drivers printed unsigned. Mb/s, 10^6 bit/s.
      speedBitsPerSec: speed === null || speed < 0 || speed >= 4_294_967_295 ? null : speed * 1_000_000,
      mtu: mtu === null ? null : parseNumber(`${name} mtu`, mtu),
    };
  } catch (error) {
    problems.push(unread(`interface ${name}`, error));
    return null;
  }
}

/** An attribute that the kernel refuses (EINVAL) while the interface is administratively down, or when its driver has none. */
async function readAttribute(host: Host, path: string): Promise<number | null> {
  try {
    const text = await host.read(path);
    return text === null ? null : parseNumber(path, text);
  } catch (error) {
    if (error instanceof HostError && error.code === "HOST_READ") return null; // EINVAL: it cannot be asked now
    throw error;
  }
}
