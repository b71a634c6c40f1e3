// SPDX-License-Identifier: Apache-2.0
import { type Collector, defineCollector, ParseError } from "@/agent/collectors/define";
import { unread, unreadPart } from "@/agent/collectors/unread";
import { type Host, HostError } from "@/agent/host/host";
import type { Unread } from "@/agent/protocol/errors";
import type { Corosync, CorosyncLink } from "@/agent/protocol/model/corosync";
import { ask, forbiddenWhereItRuns } from "./ask";
import { QuorumBell } from "./bell";
import { LinkBell } from "./link-bell";
import { type CorosyncConfig, parseConfig } from "./parse-config";
import { type LinkStatus, parseReachable, parseRings } from "./parse-links";
import { parseQuorum, type QuorumStatus } from "./parse-quorum";

const CONFIG = "/etc/corosync/corosync.conf";
/** What is asked again only when something rings or moves is asked at least this often. */
const SLOW_MS = 30_000;
/**
 * So long after a link moved the quorum is asked at every read: the bell may be dead, and the members change only when the token
 * and then the consensus time out. Source: corosync.conf(5), token 3 s and 650 ms for each node beyond the second, consensus 1.2 of it.
 */
const UNSETTLED_MS = 20_000;
const EVERY_MS = 3_000;

/** What is remembered between two reads: losing it costs one more question, never a value. */
interface State {
  quorum: { value: QuorumStatus; readAtMs: number } | null;
  /** The last text of `-s`, and when it was last another one. */
  rings: { text: string; movedAtMs: number } | null;
  /** Whether the links had stood still for long at the last read. */
  isSettled: boolean;
  /** What `cfgtool -n` added to this text of `-s`; `value` null: it cannot be asked so. */
  reachable: { rings: string; value: LinkStatus | null; readAtMs: number } | null;
  config: { value: CorosyncConfig | null; readAtMs: number } | null;
}

/** A part of the answer. `stopped`: the tool is here, and no Corosync answers it. */
type Outcome<V> = { is: "absent" } | { is: "stopped" } | { is: "failed"; error: HostError | ParseError } | { is: "read"; value: V };

/** Corosync as this node sees it: a dead link is in no CIB, it shows nowhere else. */
export function corosyncCollector(): Collector<"corosync"> {
  const bells = { quorum: new QuorumBell(), links: new LinkBell() };
  const state: State = { quorum: null, rings: null, isSettled: false, reachable: null, config: null };
  return defineCollector({
    name: "corosync",
    reads: `Corosync (corosync-quorumtool, corosync-cfgtool), ${CONFIG}`,
    everyMs: EVERY_MS,
    absentEveryMs: 15_000,
    // A dead link and a lost quorum ring; where one of the bells does not hang, or just after a link moved, both are looked for.
    paceMs({ links }) {
      const rings = bells.links.isTrusted && bells.quorum.isTrusted;
      return links !== null && rings && state.isSettled ? SLOW_MS : EVERY_MS;
    },
    timeoutMs: 20_000,
    read: (host) => readCorosync(host, state, bells),
    doorbells: (host) => ({
      ring(onRing, signal) {
        bells.quorum.ring(host, onRing, signal);
        bells.links.ring(host, onRing, signal);
      },
    }),
  });
}

/** The collector of this agent. */
export const corosync = corosyncCollector();

interface Bells {
  quorum: QuorumBell;
  links: LinkBell;
}

async function readCorosync(host: Host, state: State, bells: Bells): Promise<Corosync | null> {
  const links = await outcomeOf(() => readLinks(host, state));
  const quorum = links.is === "stopped" ? links : await outcomeOf(() => readQuorum(host, state, bells.quorum, links.is !== "read"));
  // Without its tools there is no Corosync here, whatever configuration somebody left behind.
  if (quorum.is === "absent" && links.is === "absent") return null;
  const problems: Unread[] = [];
  if (quorum.is === "stopped") {
    // quorumtool says the same to a user who is not served as where no Corosync runs; cfgtool tells them apart.
    if (links.is === "failed" && links.error instanceof HostError && links.error.code === "HOST_FORBIDDEN") throw links.error;
    Object.assign(state, { quorum: null, rings: null, reachable: null });
    await forbiddenWhereItRuns(host);
    const config = await readConfig(host, state, problems);
    return { ...NOTHING_SAID, ...config, isRunning: false, unread: problems };
  }
  if (quorum.is === "failed" && links.is !== "read") throw quorum.error;
  if (links.is === "failed" && quorum.is !== "read") throw links.error;
  bells.quorum.learn(host);
  if (links.is === "read") bells.links.learn(links.value);
  const status = partOf("quorum", quorum, problems);
  const ways = partOf("links", links, problems);
  const config = await readConfig(host, state, problems);
  return {
    ...NOTHING_SAID,
    ...config,
    isRunning: true,
    transport: ways?.transport ?? config.transport,
    localNodeId: status?.localNodeId ?? ways?.localNodeId ?? null,
    quorum: status?.quorum ?? null,
    members: status?.members ?? null,
    qdevice: status?.qdevice ?? null,
    links: ways?.links ?? null,
    unread: problems,
  };
}

const NOTHING_SAID = { localNodeId: null, quorum: null, members: null, qdevice: null, links: null };

async function outcomeOf<V>(read: () => Promise<V | "stopped" | null>): Promise<Outcome<V>> {
  try {
    const value = await read();
    if (value === null) return { is: "absent" };
    return value === "stopped" ? { is: "stopped" } : { is: "read", value };
  } catch (error) {
    if (!(error instanceof HostError || error instanceof ParseError)) throw error;
    return { is: "failed", error };
  }
}

function partOf<V>(what: string, outcome: Outcome<V>, problems: Unread[]): V | null {
  if (outcome.is === "read") return outcome.value;
  if (outcome.is === "failed") problems.push(unread(what, outcome.error));
  else problems.push(unreadPart(what, "COLLECT_READ", `the tool that says the ${what} is not installed, or Corosync was just stopped`));
  return null;
}

/** Asked when the bell rang or a link moved; where no bell is known to ring, or no link says anything (`isBlind`), at every read. */
async function readQuorum(host: Host, state: State, bell: QuorumBell, isBlind: boolean): Promise<QuorumStatus | "stopped" | null> {
  const rang = bell.take();
  state.isSettled = host.now() - (state.rings?.movedAtMs ?? Number.NEGATIVE_INFINITY) >= UNSETTLED_MS;
  const isCalm = !rang && !isBlind && state.isSettled;
  if (state.quorum && isCalm && bell.isTrusted && isRecent(state.quorum, host)) return state.quorum.value;
  state.quorum = null;
  const text = await ask(host, "corosync-quorumtool", "-s");
  if (text === null || text === "stopped") return text;
  state.quorum = { value: parseQuorum(text), readAtMs: host.now() };
  return state.quorum.value;
}

/** `-s` tells of every peer; `-n`, since Corosync 3.1, of the far addresses too: asked only when `-s` says something new. */
async function readLinks(host: Host, state: State): Promise<LinkStatus | "stopped" | null> {
  const text = await ask(host, "corosync-cfgtool", "-s");
  if (text === null || text === "stopped") return text;
  const rings = parseRings(text);
  if (state.rings?.text !== text) state.rings = { text, movedAtMs: state.rings === null ? Number.NEGATIVE_INFINITY : host.now() };
  if (state.reachable?.rings !== text || !isRecent(state.reachable, host)) {
    state.reachable = { rings: text, value: await readReachable(host), readAtMs: host.now() };
  }
  const { value } = state.reachable;
  if (value === null) return rings;
  const agrees = value.links.every((one) => matching(rings.links, one)?.isConnected !== !one.isConnected);
  // Something moved between the two questions: `-s` stands, and the other is asked again.
  if (!agrees) state.reachable = null;
  return agrees ? merged(rings, value) : rings;
}

/** Null where this tool has no `-n`: before 3.1 it says so or prints nothing. It only adds to what is known already. */
async function readReachable(host: Host): Promise<LinkStatus | null> {
  try {
    const text = await ask(host, "corosync-cfgtool", "-n");
    return text === null || text === "stopped" ? null : parseReachable(text);
  } catch (error) {
    if (error instanceof HostError || error instanceof ParseError) return null;
    throw error;
  }
}

function matching(links: readonly CorosyncLink[], { link, peerId }: CorosyncLink): CorosyncLink | undefined {
  return links.find((one) => one.link === link && one.peerId === peerId);
}

function merged(rings: LinkStatus, reachable: LinkStatus): LinkStatus {
  const links = rings.links.map((one) => {
    const more = matching(reachable.links, one);
    return more ? { ...one, words: more.words, remoteAddress: more.remoteAddress, mtu: more.mtu } : one;
  });
  const added = reachable.links.filter((one) => matching(rings.links, one) === undefined);
  return { ...rings, links: [...links, ...added] };
}

async function readConfig(host: Host, state: State, problems: Unread[]): Promise<CorosyncConfig> {
  if (state.config && isRecent(state.config, host)) return state.config.value ?? NO_CONFIG;
  state.config = null;
  try {
    const text = await host.read(CONFIG, { mayBeUnfinished: true });
    state.config = { value: text === null ? null : parseConfig(text), readAtMs: host.now() };
    return state.config.value ?? NO_CONFIG;
  } catch (error) {
    problems.push(unread("corosync.conf", error));
    return NO_CONFIG;
  }
}

const NO_CONFIG: CorosyncConfig = { clusterName: null, transport: null, configured: null };

/** The clock may have been set back: then it is not known how old this is. */
function isRecent({ readAtMs }: { readAtMs: number }, host: Host): boolean {
  const ageMs = host.now() - readAtMs;
  return ageMs >= 0 && ageMs < SLOW_MS;
}
