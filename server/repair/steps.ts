// SPDX-License-Identifier: Apache-2.0
import type { RepairStep } from "@/agent/protocol/console/repair";
import { keyOf, type View } from "@/agent/protocol/console/view";
import { every } from "@/server/findings/define";
import { peerArgument, type RepairCase } from "./case";
import type { OfferStep } from "./plan";
import { openDisconnect, REPAIR_VERBS, runsOf } from "./runs";
import { NOTHING_RESYNCED, nameOf } from "./words";
import { hasWritten } from "./written";

type StepId = RepairStep["id"];
type State = RepairStep["state"];

/** The steps of each way, in their order. */
const WAYS: Readonly<Record<NonNullable<RepairCase["method"]>, readonly StepId[]>> = {
  reconnect: ["disconnect", "connect", "verify"],
  write: ["disconnect", "write", "connect", "verify"],
  invalidate: ["take", "verify"],
};

/** The steps with their states, as the view shows them. */
export function stepsOf(view: View, repair: RepairCase, offer: OfferStep): RepairStep[] {
  const { method, ask } = repair;
  if (method === null) return [];
  const states = statesOf(view, repair);
  return WAYS[method].map((id) => {
    const state = states[id];
    const verb = verbOf(id);
    return {
      id,
      ...wordsOf(view, repair, id),
      kind: verb !== null ? "command" : id === "write" ? "manual" : "look",
      state,
      offer: verb !== null && state === "next" ? offer(verb, ask) : null,
      found: foundOf(view, repair, id),
    };
  });
}

function verbOf(id: StepId): string | null {
  return id === "disconnect" || id === "connect" || id === "take" ? REPAIR_VERBS[id] : null;
}

/** Which is next is told by how the line stands, not by what was asked for. */
function statesOf(view: View, repair: RepairCase): Record<StepId, State> {
  const { ask, stage } = repair;
  const left = openDisconnect(view, ask);
  const [last] = runsOf(view, ask);
  const running = last && last.run.endedAtMs === null ? last.step : null;
  const isDone = stage === "same" || (stage === "moving" && running === null);
  const at = (id: "disconnect" | "connect" | "take", otherwise: State): State => (running === id ? "running" : otherwise);
  const isApart = left !== null || running === "connect";
  const wrote = isApart && hasWritten(view, repair, left?.endedAtMs ?? null);
  return {
    disconnect: at("disconnect", isApart || isDone ? "done" : stage === "marked" && running === null ? "next" : "later"),
    write: isDone || wrote || running === "connect" ? "done" : isApart ? "next" : "later",
    // Whether somebody wrote may have gone by unseen: it can be connected all the same, and is warned of.
    connect: at("connect", isDone ? "done" : left !== null && running === null ? "next" : "later"),
    take: at("take", isDone ? "done" : stage === "marked" && running === null ? "next" : "later"),
    verify: stage !== "same" ? "later" : isProven(view, repair, last?.run.endedAtMs ?? 0) ? "done" : "next",
  };
}

/** A clean verify that began after the repair. */
function isProven(view: View, { ask }: RepairCase, sinceMs: number): boolean {
  const verify = view.get(keyOf.verify(ask.resource, ask.volume));
  const last = verify?.kind === "verify" ? verify.last : null;
  return last !== null && last.result === "clean" && last.startedAtMs >= sinceMs;
}

function foundOf(view: View, { ask, stage }: RepairCase, id: StepId): string | null {
  if (id !== "connect" && id !== "take") return null;
  const last = runsOf(view, ask).find(({ step }) => step === id);
  if (!last || last.run.outcome === null || last.run.outcome === "done" || last.run.outcome === "refused") return null;
  if (stage === "marked") return `${NOTHING_RESYNCED} ${last.run.says ?? ""}`.trim();
  return stage === "same" ? null : last.run.says;
}

type Words = Pick<RepairStep, "title" | "says" | "command" | "check">;

function wordsOf(view: View, repair: RepairCase, id: StepId): Words {
  const { ask, from, to } = repair;
  const name = nameOf(ask);
  const target = [to.resource, ...(peerArgument(repair) === null ? [] : [peerArgument(repair)])].join(":");
  switch (id) {
    case "disconnect":
      return {
        title: `Disconnect ${name} on ${ask.to}`,
        says: `${ask.to} lets go of ${ask.from}, which goes on alone. Nothing is overwritten yet.`,
        command: { node: ask.to, line: `drbdadm disconnect ${target}` },
        check: `${ask.to} says StandAlone; ${ask.from} is still Primary, and waits for it.`,
      };
    case "write":
      return {
        title: `Have one block written on ${ask.from}`,
        says: `DRBD ${from.version ?? "9"} resynchronises only when the Primary has written something since. The console never writes to a device: a busy service does this by itself, else do it there.`,
        command: writeCommand(view, repair),
        check: `${ask.from}'s kernel log says “new current UUID” for ${name}.`,
      };
    case "connect":
      return {
        title: `Connect ${name} on ${ask.to}`,
        says: `They meet again: what is marked, and what was written meanwhile, is copied from ${ask.from} to ${ask.to}.`,
        command: { node: ask.to, line: `drbdadm connect ${target}` },
        check: `Connected, UpToDate on both, nothing marked out of sync, and no lock drbd-fence-by-handler-… left.`,
      };
    case "take":
      return {
        title: `Take the marked blocks on ${ask.to} from ${ask.from}`,
        says: "The marked blocks, and no others, are copied while both stay connected. Without --reset-bitmap=no it would be the whole device: never leave it out.",
        command: { node: ask.to, line: `drbdadm invalidate ${to.resource}:${to.peerName ?? ask.from}/${ask.volume} --reset-bitmap=no` },
        check: "Connected, UpToDate on both, nothing marked out of sync.",
      };
    case "verify":
      return {
        title: `Verify ${name} again`,
        says: "Only a clean verify proves that the copies are the same. If the same blocks differ again, suspect the disk or controller under them.",
        command: null,
        check: "The result is clean.",
      };
    default: {
      const never: never = id;
      return never;
    }
  }
}

/** A file on what is mounted there is a write that harms nothing; of a raw device only its user can tell. */
function writeCommand(view: View, { mirror, from }: RepairCase): Words["command"] {
  const key = keyOf.mirror(mirror.resource, mirror.volume);
  const mount = every(view, "mount").find(([, one]) => one.from.node === from.node && one.standsOn.some((below) => below.key === key));
  if (!mount) return null;
  const folder = mount[1].mount.mountPoint;
  return { node: from.node, line: `date > ${quoted(`${folder.replace(/\/$/, "")}/.drbd-repair`)} && sync` };
}

function quoted(path: string): string {
  return /^[A-Za-z0-9_./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
