// SPDX-License-Identifier: Apache-2.0
import { type Host, HostError } from "@/agent/host/host";
import type { Unread } from "@/agent/protocol/errors";
import type { Pacemaker } from "@/agent/protocol/model/pacemaker";
import { type Collector, defineCollector, ParseError } from "../define";
import { unread } from "../unread";
import { withoutStatus } from "./cib-status";
import { type CibPart, type CibRead, combine, configurationMark, isCibDue } from "./combine";
import { Doorbell } from "./doorbell";
import { parseCib } from "./parse-cib";
import { type CrmMon, parseCrmMon } from "./parse-crm-mon";
import { refusalOf } from "./refusals";

/** Ways to ask crm_mon, the fullest first; an older one answers an unknown option with a usage error. */
const FORMS = [
  { source: "crm_mon --output-as=xml", args: ["-1", "--output-as=xml", "--include=all", "--inactive", "--fence-history=3"] },
  { source: "crm_mon --output-as=xml", args: ["-1", "--output-as=xml", "-r", "-f"] }, // 2.0.3
  { source: "crm_mon --as-xml", args: ["-1", "--as-xml", "-r", "-f"] }, // up to 2.0.2
] as const;

/** The CIB as Pacemaker last wrote it: since 1.1.8, and before. */
const CIB_FILES = ["/var/lib/pacemaker/cib/cib.xml", "/var/lib/heartbeat/crm/cib.xml"] as const;

/** A pace for clusters whose crm_mon has no bell, and for trees that nothing rings in. */
const POLL_MS = 5_000;
const WITH_BELL_MS = 30_000;
/** A poorer form of the question is given up for the best one this often: Pacemaker may have been upgraded. */
const RETRY_BEST_MS = 3_600_000;
const TOOL = { timeoutMs: 10_000, maxBytes: 16 * 1024 * 1024 } as const;

/** The cluster as Pacemaker on this node sees it; see design.md §3 for the order of the ways to ask. */
export function pacemakerCollector(): Collector<"pacemaker"> {
  const bell = new Doorbell();
  const state: State = { form: 0, bestTriedAtMs: 0, cib: null };
  return defineCollector({
    name: "pacemaker",
    reads: "Pacemaker (crm_mon, cibadmin)",
    // After a failed reading too: Pacemaker that comes back rings nothing while no bell is hung up.
    everyMs: POLL_MS,
    timeoutMs: 25_000,
    paceMs: () => (bell.isTrusted ? WITH_BELL_MS : POLL_MS),
    read: (host) => readPacemaker(host, state, bell),
    doorbells: (host) => ({ ring: (onRing, signal) => bell.ring(host, onRing, signal) }),
    // Every status update moves num_updates; it is no change of the cluster.
    steady: (value) => ({ ...value, configEpoch: value.configEpoch === null ? null : { ...value.configEpoch, numUpdates: 0 } }),
  });
}

/** The collector of this agent. */
export const pacemaker = pacemakerCollector();

/** What is remembered between two reads; losing it costs one more question, never a value. */
interface State {
  form: number;
  bestTriedAtMs: number;
  cib: { read: CibRead; part: CibPart } | null;
}

/** Answers that could not be used, and mere exits without one; an answer says more. */
interface Failures {
  said: Error[];
  exits: Error[];
}

function whyOf(failures: Failures): Error | null {
  return failures.said[0] ?? failures.exits[0] ?? null;
}

async function readPacemaker(host: Host, state: State, bell: Doorbell): Promise<Pacemaker | null> {
  if (host.now() - state.bestTriedAtMs >= RETRY_BEST_MS) state.form = 0;
  const failures: Failures = { said: [], exits: [] };
  const mon = await askCrmMon(host, state, failures);
  if (mon !== null) {
    bell.learn(host, mon.apiVersion);
    return combine(mon, await configuration(host, state, mon));
  }
  state.cib = null;
  const cib = await askCibadmin(host, failures);
  if (cib !== null) return cib;
  const failure = whyOf(failures);
  const named = await readNamedCib(host, failure);
  if (named !== null) return named;
  // Where a tool is installed, its failure is the answer: the file would turn every node into "not known to be up".
  if (failure !== null) throw failure;
  return readCibFile(host);
}

/** The first form that this crm_mon understands; null when there is none, with the reasons in `failures`. */
async function askCrmMon(host: Host, state: State, failures: Failures): Promise<CrmMon | null> {
  for (let index = state.form; index < FORMS.length; index += 1) {
    const form = FORMS[index];
    if (form === undefined) break;
    if (index === 0) state.bestTriedAtMs = host.now();
    const result = await host.run("crm_mon", form.args, TOOL);
    if (result === null) break;
    const refusal = refusalOf("crm_mon", result.exitCode);
    if (refusal !== null) throw refusal;
    try {
      // A failed crm_mon that still prints a document says in it why; one that prints a usage text does not.
      if (result.exitCode === 0 || result.stdout.trimStart().startsWith("<")) {
        const mon = parseCrmMon(result.stdout, form.source);
        state.form = index;
        return mon;
      }
      failures.exits.push(new HostError("HOST_READ", `crm_mon ${form.args.join(" ")}: exit ${result.exitCode}`));
    } catch (error) {
      // A poorer form may still answer, and so may the CIB; if nothing does, this says most of what went wrong.
      if (!(error instanceof ParseError || error instanceof HostError)) throw error;
      failures.said.push(error);
    }
  }
  state.form = 0; // nothing answered: the next read starts with the best again
  return null;
}

/** The constraints and the epoch: those of the last reading while the configuration did not move. */
async function configuration(host: Host, state: State, mon: CrmMon): Promise<CibPart | Unread> {
  const mark = configurationMark(mon);
  const now = host.now();
  if (state.cib !== null && !isCibDue(state.cib.read, mark, now)) return state.cib.part;
  const markSeenAtMs = state.cib?.read.mark === mark ? state.cib.read.markSeenAtMs : now;
  state.cib = null;
  const failures: Failures = { said: [], exits: [] };
  try {
    const cib = await askCibadmin(host, failures, withoutStatus);
    if (cib !== null) {
      state.cib = { read: { mark, markSeenAtMs, readAtMs: host.now() }, part: cib };
      return cib;
    }
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    failures.said.push(error);
  }
  const failure = whyOf(failures) ?? new HostError("HOST_READ", "cibadmin is not installed");
  const gap = unread("constraints", failure);
  return { ...gap, message: `only the bans that crm_mon lists are known, not every constraint: ${gap.message}`.slice(0, 2_000) };
}

/** `wanted`: what of its text is parsed. */
async function askCibadmin(host: Host, failures: Failures, wanted = (text: string) => text): Promise<Pacemaker | null> {
  const result = await host.run("cibadmin", ["-Q"], TOOL);
  if (result === null) return null;
  const refusal = refusalOf("cibadmin", result.exitCode);
  if (refusal !== null) throw refusal;
  if (result.exitCode !== 0) {
    failures.exits.push(new HostError("HOST_READ", `cibadmin -Q: exit ${result.exitCode}`)); // its words may quote the CIB
    return null;
  }
  try {
    return parseCib(wanted(result.stdout), "cibadmin -Q");
  } catch (error) {
    if (!(error instanceof ParseError || error instanceof HostError)) throw error;
    failures.said.push(error);
    return null;
  }
}

/** A recorded CIB that this node's own tools are too old, too new or not there to read: with no live cluster behind it the agent reads it itself. */
async function readNamedCib(host: Host, failure: Error | null): Promise<Pacemaker | null> {
  const text = await host.namedCib({ maxBytes: TOOL.maxBytes });
  if (text === null) return null;
  const cib = parseCib(text, "CIB_file");
  const why = failure ?? new HostError("HOST_READ", "Pacemaker's tools are not installed here");
  const gap = unread("what Pacemaker's own tools would work out", why);
  return { ...cib, unread: [...cib.unread, { ...gap, message: `the agent read the CIB itself: ${gap.message}`.slice(0, 2_000) }] };
}

/** The last resort, for a tree without the tools: a configuration, and no status. */
async function readCibFile(host: Host): Promise<Pacemaker | null> {
  for (const path of CIB_FILES) {
    const text = await host.read(path, { maxBytes: TOOL.maxBytes, mayBeUnfinished: true });
    if (text !== null) return parseCib(text, "CIB on disk");
  }
  return null;
}
