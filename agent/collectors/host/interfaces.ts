// SPDX-License-Identifier: Apache-2.0
import { linkNews } from "@/agent/collectors/link-news";
import { unread } from "@/agent/collectors/unread";
import { type Host, HostError } from "@/agent/host/host";
import type { Unread } from "@/agent/protocol/errors";
import type { HostInterface } from "@/agent/protocol/model/host";
import { parseNumber, parseWord } from "./parse";

const FOLDER = "/sys/class/net";

/** While nothing is said of the links they are asked this often. */
const KNOWN_MS = 30_000;

interface Known {
  names: string;
  news: number;
  atMs: number;
  interfaces: HostInterface[];
}
/** What was last read of a node whose links tell of their changes: four files each, of which two wait for the network's lock. */
const lastRead = new WeakMap<Host, Known>();

/** Every interface but the loopback, which says nothing about the node. */
export async function readInterfaces(host: Host, problems: Unread[]): Promise<HostInterface[]> {
  const list = ((await host.list(FOLDER)) ?? []).filter((name) => name !== "lo");
  const names = list.join(" ");
  // Before the read: what is said meanwhile may be about something it had already passed.
  const news = linkNews(host);
  const atMs = host.now();
  const known = lastRead.get(host);
  const ageMs = known ? atMs - known.atMs : -1;
  // A clock set back makes the age negative: ask.
  if (known && known.names === names && known.news === news && ageMs >= 0 && ageMs < KNOWN_MS) return known.interfaces;
  lastRead.delete(host);
  const failures: Unread[] = [];
  const read = await Promise.all(list.map((name) => readInterface(host, name, failures)));
  problems.push(...failures);
  const interfaces = read.filter((one) => one !== null);
  if (news !== null && failures.length === 0) lastRead.set(host, { names, news, atMs, interfaces });
  return interfaces;
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
