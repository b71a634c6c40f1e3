// SPDX-License-Identifier: Apache-2.0
import type { Entity, EntityOf, Freshness, Said } from "@/agent/protocol/console/view";
import type { Pacemaker } from "@/agent/protocol/model/pacemaker";
import { FIRST_SOURCES } from "@/agent/protocol/sources";
import type { Timing } from "@/agent/protocol/timing";
import type { NodeFacts } from "./facts";
import { standingOf } from "./freshness";
import { said } from "./said";
import { placesOf } from "./service-roles";
import { type Hearing, nodeWords } from "./testimony";
import { joinWords } from "./words";

interface Around {
  nowMs: number;
  timing: Timing;
}

/** A disk from elsewhere, by the name a person knows it by. */
interface Disk {
  name: string;
  said: Said;
}

/** What the entities say of each node: gathered once for all of them. */
export interface Load {
  services: string[];
  /** Services that only stand in the cluster's memory of the node. */
  remembered: string[];
  /** Mirrors whose Primary it is, by its own word. */
  mirrors: string[];
  /** What it uses from other nodes: AoE devices and iSCSI sessions. */
  disks: Disk[];
}

export function loadsOf(entities: Iterable<Entity>): ReadonlyMap<string, Load> {
  const loads = new Map<string, Load>();
  const of = (node: string): Load => {
    const load = loads.get(node) ?? { services: [], remembered: [], mirrors: [], disks: [] };
    loads.set(node, load);
    return load;
  };
  for (const entity of entities) {
    if (entity.kind === "aoe") of(entity.from.node).disks.push({ name: entity.device.name, said: entity.said });
    if (entity.kind === "session") {
      const names = entity.session.disks.map(({ name }) => name);
      of(entity.from.node).disks.push({ name: names.length > 0 ? joinWords(names) : entity.session.name, said: entity.said });
    }
    if (entity.kind === "resource" && isOfOneNode(entity)) {
      for (const { node, said: own } of entity.places) {
        if (own.word.startsWith("was on")) of(node).remembered.push(entity.id);
        else if (own.level !== "absent") of(node).services.push(entity.id);
      }
    }
    if (entity.kind === "mirror") {
      const name = entity.volume === 0 ? entity.resource : `${entity.resource}/${entity.volume}`;
      for (const { node, role, drbd } of entity.copies) if (role === "Primary" && drbd !== null) of(node).mirrors.push(name);
    }
  }
  return loads;
}

/** Services of their own and groups; what runs everywhere (clones) and fencing devices say nothing of one node. */
function isOfOneNode({ parents, agent, type }: EntityOf<"resource">): boolean {
  return parents.length === 0 && !agent?.startsWith("stonith:") && (type === "primitive" || type === "group" || type === "bundle");
}

const NOTHING: Load = { services: [], remembered: [], mirrors: [], disks: [] };

/** What a node carries, as a sentence. */
export function carriesOf(node: NodeFacts, link: Freshness, hearing: Hearing, loads: ReadonlyMap<string, Load>, around: Around): Said {
  const load = loads.get(node.node) ?? NOTHING;
  return node.role === "client" ? clientCarries(node, load, around) : memberCarries(node, link, hearing, load, around);
}

function memberCarries(node: NodeFacts, link: Freshness, { shown, dissent }: Hearing, load: Load, around: Around): Said {
  const { services, remembered, mirrors } = load;
  const drbd = standingOf(node, "drbd", around.nowMs, around.timing);
  const knowsServices = shown?.standing.isCurrent === true && shown.value.quorate === true;
  const knowsMirrors = drbd.isCurrent || (drbd.status === "absent" && drbd.freshness === "live");
  const hasNoCluster = shown === null && standingOf(node, "pacemaker", around.nowMs, around.timing).status === "absent";
  const isKnown = (knowsServices || hasNoCluster) && knowsMirrors && link === "live";
  const gone = shown ? nodeWords(shown.value).get(node.node) : undefined;
  const isGone = gone === "offline" || gone === "unclean";
  const parts: string[] = [];
  if (services.length > 0) parts.push(`${knowsServices ? "runs" : "ran"} ${joinWords(services)}`);
  if (remembered.length > 0) parts.push(`ran ${joinWords(remembered)} when it was last seen`);
  if (mirrors.length > 0) parts.push(`${knowsMirrors ? "Primary" : "was Primary"} for ${joinWords(mirrors)}`);
  const text = parts.join("; ");
  const sentence = text === "" ? "" : `${text[0]?.toUpperCase() ?? ""}${text.slice(1)}.`;
  const own = dissent.find((other) => other.node === node.node);
  const claimed = own ? runsBy(own.value, node.node).filter((id) => !services.includes(id)) : [];
  if (shown && claimed.length > 0) {
    const claim = `Its own Pacemaker says it runs ${joinWords(claimed)}.`;
    return said("risk", services.length > 0 ? `${sentence} ${claim}` : claim, `${shown.node}'s Pacemaker does not say so.`);
  }
  if (node.isRecorded && !isKnown && !isGone) {
    const why = "The recording holds no more of what could run on it.";
    if (sentence !== "") return said("ok", sentence, why);
    return knowsServices ? said("ok", "No service of the cluster runs on it.", why) : said("unknown", "Not known.", why);
  }
  if (isKnown && !isGone) return said("ok", sentence || "Nothing runs on it.");
  if (isGone && remembered.length === 0) {
    const word = knowsServices && gone === "offline" ? "No service of the cluster runs on it." : "Not known.";
    return said("unknown", word, `The cluster calls it ${gone}.`);
  }
  const why = drbd.why ?? shown?.standing.why ?? "Not everything that could run on it can be read now.";
  if (sentence !== "") return said("old", sentence, why);
  if (knowsServices) return said("unknown", "No service of the cluster runs on it.", why);
  return said("unknown", "Not known.", why);
}

/** What one node runs by one testimony: services of their own and groups. */
function runsBy(value: Pacemaker, node: string): string[] {
  const kinds = new Map(value.collections.map(({ id, kind }) => [id, kind]));
  const ids = value.resources.flatMap((resource) => {
    const isEverywhere = resource.parents.some((parent) => ["clone", "promotable"].includes(kinds.get(parent) ?? ""));
    if (isEverywhere || resource.agent.startsWith("stonith:")) return [];
    const isHere = placesOf([resource], value).some((place) => place.node === node && !place.isGone && place.said.level !== "absent");
    return isHere ? [resource.parents[0] ?? resource.id] : [];
  });
  return [...new Set(ids)];
}

/** The sources that say what a client uses; one that its agent does not read at all has nothing to say. */
const USES = ["aoe", "iscsi"] as const;

function clientCarries(node: NodeFacts, { disks }: Load, around: Around): Said {
  const standings = USES.filter((source) => node.sources[source] || (node.reads ?? FIRST_SOURCES).includes(source)).map((source) =>
    standingOf(node, source, around.nowMs, around.timing),
  );
  const unsure = standings.find(({ isCurrent, status, freshness }) => !isCurrent && !(status === "absent" && freshness === "live"));
  const names = joinWords(disks.map(({ name }) => name));
  const isOne = disks.length === 1;
  const bad = disks.filter(({ said: own }) => own.level === "bad");
  const [first] = bad;
  if (first) return said("bad", `${joinWords(bad.map(({ name }) => name))} ${bad.length === 1 ? "is" : "are"} not there.`, first.said.why);
  if (unsure) {
    if (disks.length === 0) return said("unknown", "Not known whether its disks are there.", unsure.why);
    if (disks.every(({ said: own }) => own.level === "old")) return said("old", `It had ${names}.`, unsure.why);
  }
  if (disks.length === 0) return said("absent", "It has no AoE or iSCSI disks.");
  const odd = disks.find(({ said: own }) => own.level !== "ok" && own.level !== "unknown");
  if (odd) return said(odd.said.level, `${odd.name}: ${odd.said.word}.`, odd.said.why);
  const unknown = disks.find(({ said: own }) => own.level === "unknown");
  if (unknown) return said("unknown", `Not known whether its ${isOne ? "disk is" : "disks are"} there.`, unknown.said.why);
  if (unsure) return said("unknown", `Not known whether all its disks are there.`, unsure.why);
  return said("ok", isOne ? "Its disk is there." : "Its disks are there.");
}
