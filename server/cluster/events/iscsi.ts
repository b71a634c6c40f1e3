// SPDX-License-Identifier: Apache-2.0
import type { Level } from "@/agent/protocol/console/view";
import type { Iscsi, IscsiSession, IscsiTarget } from "@/agent/protocol/model/iscsi";
import { hasPortals } from "../iscsi-targets";
import { judgeDisk, judgeSession } from "../iscsi-words";
import { type Change, type Telling, type Told, told } from "./tell";

/** What changed at a node's targets, and at its own sessions. */
export function tellIscsi({ node, before, after, facts }: Change<Iscsi>): Telling {
  const news: Told[] = [];
  const nameOf = (initiator: string) => {
    for (const one of facts.nodes.values())
      if (one.sources.iscsi?.lastOk?.value.sessions?.some(({ initiatorName }) => initiatorName === initiator)) return one.node;
    return initiator;
  };
  // What could not be read is no change: only two lists can be compared.
  if (before?.targets && after.targets) news.push(...tellTargets(node, before.targets, after.targets, nameOf));
  if (before?.sessions && after.sessions) news.push(...tellSessions(node, before.sessions, after.sessions));
  return { told: news, memory: {} };
}

function tellTargets(
  node: string,
  before: readonly IscsiTarget[],
  after: readonly IscsiTarget[],
  nameOf: (initiator: string) => string,
): Told[] {
  const news: Told[] = [];
  const old = new Map(before.map((target) => [target.iqn, target]));
  for (const target of after) {
    const was = old.get(target.iqn);
    old.delete(target.iqn);
    const say = (text: string, level: Level) => news.push(told(target.iqn, `${target.iqn} ${text}`, level));
    const state = servingWord(target);
    if (!was) say(`on ${node}: ${state.word}`, state.level);
    else if (hasPortals(was) && hasPortals(target) && servingWord(was).word !== state.word)
      say(`on ${node} ${state.word}, was ${servingWord(was).word}`, state.level);
    if (!was) continue;
    const had = initiatorsOf(was);
    const has = initiatorsOf(target);
    for (const one of has.names) if (had.isWhole && !had.names.has(one)) say(`on ${node}: ${nameOf(one)} logged in`, "ok");
    for (const one of had.names) if (has.isWhole && !has.names.has(one)) say(`on ${node}: ${nameOf(one)} is logged in no more`, "risk");
  }
  for (const gone of old.values()) news.push(told(gone.iqn, `${gone.iqn} no longer on ${node}`, "risk"));
  return news;
}

function servingWord({ portalGroups }: IscsiTarget): { word: string; level: Level } {
  const enabled = portalGroups.filter(({ isEnabled }) => isEnabled !== false);
  if (enabled.length === 0) return { word: "disabled", level: "risk" };
  return enabled.every(({ portals }) => portals.length === 0)
    ? { word: "without a portal", level: "bad" }
    : { word: "served", level: "ok" };
}

function initiatorsOf({ portalGroups }: IscsiTarget): { names: ReadonlySet<string>; isWhole: boolean } {
  return {
    names: new Set(portalGroups.flatMap(({ sessions }) => sessions.map(({ initiator }) => initiator))),
    isWhole: portalGroups.every(({ hasAllSessions }) => hasAllSessions),
  };
}

function tellSessions(node: string, before: readonly IscsiSession[], after: readonly IscsiSession[]): Told[] {
  const news: Told[] = [];
  const old = new Map(before.map((session) => [session.name, session]));
  for (const session of after) {
    const was = old.get(session.name);
    old.delete(session.name);
    const say = (text: string, level: Level) => news.push(told(session.name, `${node}: ${text}`, level));
    const to = session.target ?? "a target that is not said";
    if (!was) say(`${session.name} to ${to}, ${sessionWord(session)}`, judgeSession(session).level);
    else if (sessionWord(was) !== sessionWord(session))
      say(`${session.name} ${sessionWord(session)}, was ${sessionWord(was)}`, judgeSession({ ...session, disks: [{ ...NO_DISK }] }).level);
    const disks = new Map(was?.disks.map((disk) => [disk.name, disk]));
    for (const disk of was ? session.disks : []) {
      const had = disks.get(disk.name);
      disks.delete(disk.name);
      if (!had) say(`${disk.name} appeared on ${session.name}`, "ok");
      else if (had.state !== disk.state && had.state !== null && disk.state !== null)
        say(`${disk.name} ${disk.state}, was ${had.state}`, judgeDisk(disk).level);
    }
    for (const gone of disks.values()) say(`${gone.name} is gone`, "bad");
  }
  for (const gone of old.values()) news.push(told(gone.name, `${node}: ${gone.name} is gone`, "risk"));
  return news;
}

/** Stands in for the disks where only the session's own state is judged. */
const NO_DISK = { name: "", lun: null, state: "running", sizeBytes: null };

function sessionWord({ state, connectionState }: IscsiSession): string {
  const own = state ?? "state not said";
  return own === "LOGGED_IN" && connectionState === "failed" ? "LOGGED_IN with its connection failed" : own;
}
