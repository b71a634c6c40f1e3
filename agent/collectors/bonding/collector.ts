// SPDX-License-Identifier: Apache-2.0
import { defineCollector, ParseError } from "@/agent/collectors/define";
import { followLinks } from "@/agent/collectors/link-news";
import { unread, unreadPart } from "@/agent/collectors/unread";
import { type Host, HostError } from "@/agent/host/host";
import type { Unread } from "@/agent/protocol/errors";
import type { Bond } from "@/agent/protocol/model/bonding";
import { nest } from "./nest";
import { parseBond } from "./parse";

const FOLDER = "/proc/net/bonding";

/** First read and three more: the kernel walks its port list again for every page, so a page break can lose or repeat a port. */
const ATTEMPTS = 4;

/** The kernel gives a page at a time; what fits into one is never torn. */
const PAGE_BYTES = 4_096;
/** Texts of one page that the port list agreed with, by host and bond: such a text says the same again. */
const agreed = new WeakMap<Host, Map<string, { text: string; bond: Bond }>>();

type Outcome =
  | { kind: "read"; bond: Bond; unread: Unread[] }
  | { kind: "gone" }
  | { kind: "unread"; name: string; error: unknown; ports: readonly string[] };

/**
 * Every bond of the node, nested to any depth.
 * Everything in it is steady, failure counts included: there are no counters that run while nothing happens.
 */
export const bonding = defineCollector({
  name: "bonding",
  reads: `${FOLDER}/*, /sys/class/net/*/bonding/slaves`,
  everyMs: 2_000,
  absentEveryMs: 15_000,
  timeoutMs: 5_000,
  doorbells: (host) => ({ ring: (bell, signal) => followLinks(host, bell, signal) }),
  async read(host) {
    const names = await host.list(FOLDER);
    if (names === null) return null;
    const outcomes = await Promise.all(names.map((name) => readBond(host, name)));
    const bonds = outcomes.flatMap((outcome) => (outcome.kind === "read" ? [outcome.bond] : []));
    const failures = outcomes.flatMap((outcome) => (outcome.kind === "unread" ? [outcome] : []));
    const first = failures[0];
    // Nothing at all was read: a value without bonds would look like a node whose bonds were taken away.
    if (bonds.length === 0 && first !== undefined) throw first.error;
    return {
      bonds: nest(bonds, new Map(failures.map((failure) => [failure.name, failure.ports]))),
      unread: [
        ...failures.map((failure) => unread(failure.name, failure.error)),
        ...outcomes.flatMap((outcome) => (outcome.kind === "read" ? outcome.unread : [])),
        ...bonds.flatMap(hiddenLacp),
      ],
    };
  },
});

/** One bond, or why not. A bond that vanishes between the listing and the read was taken away: nothing is wrong. */
async function readBond(host: Host, name: string): Promise<Outcome> {
  const path = `${FOLDER}/${name}`;
  let problem: unknown = null;
  let expected: readonly string[] | null = null;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    try {
      const text = await host.read(path);
      if (text === null) return { kind: "gone" };
      const known = agreed.get(host)?.get(name);
      if (known?.text === text) return { kind: "read", bond: known.bond, unread: [] };
      const list = await sysfsPorts(host, name);
      expected = list.ports;
      const bond = parseBond(name, text);
      const shown = bond.ports.map((port) => port.name);
      if (expected !== null && sameNames(shown, expected)) remember(host, name, text, bond);
      if (expected === null || sameNames(shown, expected)) return { kind: "read", bond, unread: list.unread };
      problem = new ParseError(`${path}: shows the ports ${spell(shown)}, but /sys/class/net/${name}/bonding/slaves ${spell(expected)}`);
    } catch (error) {
      problem = error;
      // The host has its own second tries; only a text that makes no sense is worth another read of ours.
      if (!(error instanceof ParseError)) break;
    }
  }
  if (!(problem instanceof ParseError) && !(problem instanceof HostError)) throw problem;
  return { kind: "unread", name, error: problem, ports: expected ?? [] };
}

function remember(host: Host, name: string, text: string, bond: Bond): void {
  const known = agreed.get(host) ?? new Map<string, { text: string; bond: Bond }>();
  agreed.set(host, known);
  if (Buffer.byteLength(text) < PAGE_BYTES) known.set(name, { text, bond });
  else known.delete(name);
}

/**
 * The port names as sysfs knows them (one read, never torn); null when it does not say, or not all of them. It only checks what
 * the bond's own text says, so a list that cannot be read takes nothing away from that text.
 */
async function sysfsPorts(host: Host, name: string): Promise<{ ports: readonly string[] | null; unread: Unread[] }> {
  try {
    const text = await host.read(`/sys/class/net/${name}/bonding/slaves`, { mayBeUnfinished: true });
    if (text === null || text.includes("++more++")) return { ports: null, unread: [] };
    return { ports: text.split(/\s+/).filter((port) => port !== ""), unread: [] };
  } catch (error) {
    return { ports: null, unread: [unread(`${name} port list (nothing else checks the ports shown)`, error)] };
  }
}

function sameNames(shown: readonly string[], expected: readonly string[]): boolean {
  const names = new Set(shown);
  return names.size === expected.length && expected.every((port) => names.has(port));
}

function spell(names: readonly string[]): string {
  return names.length === 0 ? "(none)" : names.slice(0, 20).join(", ");
}

function hiddenLacp(bond: Bond): Unread[] {
  if (bond.lacp === null || bond.lacp.permitted) return [];
  const message = `${bond.name}: the kernel shows LACP's aggregator and partner only to CAP_NET_ADMIN; run the agent with it`;
  return [unreadPart(`${bond.name} LACP`, "COLLECT_FORBIDDEN", message)];
}
