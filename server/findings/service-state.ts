// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf } from "@/agent/protocol/console/view";
import { clusterOf, defineRule, every, goneNodes, type Rule, type ViewSoFar } from "./define";
import { serviceOver } from "./service-over";

type Service = EntityOf<"resource">;
type Entry = [string, Service];

/** What can be wrong with a service, each told by a rule of its own: who lives with one of them switches off that one. */
const KINDS = ["twice", "failed", "blocked", "orphaned", "stopped", "unclear"] as const;
type Kind = (typeof KINDS)[number];
const RULE_NAMES = KINDS.map((kind) => `service-${kind}`);

const WORDS: ReadonlyMap<string, Kind> = new Map([
  ["running twice", "twice"],
  ["failed", "failed"],
  ["blocked", "blocked"],
  ["orphaned", "orphaned"],
]);

/** The worst of a group's or clone's own members, as it stands in the whole's level; itself where it has none that says more. */
function leadOf(view: ViewSoFar, service: Service, depth = 0): Service {
  // Groups in clones in bundles: Pacemaker itself nests no deeper.
  if (depth > 4) return service;
  const members = service.children.flatMap((id) => {
    const member = view.get(keyOf.resource(id));
    return member?.kind === "resource" && member.said.level === service.said.level ? [leadOf(view, member, depth + 1)] : [];
  });
  return members.find(({ said }) => WORDS.has(said.word)) ?? members[0] ?? service;
}

function kindOf(view: ViewSoFar, service: Service): Kind {
  return WORDS.get(leadOf(view, service).said.word) ?? (service.said.level === "unknown" ? "unclear" : "stopped");
}

const sorted = new WeakMap<ViewSoFar, ReadonlyMap<Kind, readonly Entry[]>>();

/** The services that are not well, by what is wrong with them. What stood on a gone node is that node's finding. */
function unwell(view: ViewSoFar, kind: Kind): readonly Entry[] {
  const known = sorted.get(view) ?? new Map(KINDS.map((one) => [one, all(view).filter(([, service]) => kindOf(view, service) === one)]));
  sorted.set(view, known);
  return known.get(kind) ?? [];
}

function all(view: ViewSoFar): Entry[] {
  const quorum = clusterOf(view)?.pacemaker?.quorum.level;
  if (quorum === "bad") return [];
  const gone = goneNodes(view);
  const isSomeNodeAway = every(view, "node").some(([, { role, state }]) => role === "member" && state.level !== "ok");
  return every(view, "resource").filter(([, { said, parents, places, agent }]) => {
    if (parents.length > 0 || !["bad", "risk", "unknown"].includes(said.level)) return false;
    // Where nobody says whether there is a quorum, that one finding tells why no service is known.
    if (said.level === "unknown" && quorum === "unknown") return false;
    if (said.level === "unknown" && places.some((place) => gone.has(place.node))) return false;
    // Fence devices have no place while a node is gone, joins or is in standby: that is the node's finding.
    return !(said.word === "stopped" && agent?.startsWith("stonith:") && isSomeNodeAway);
  });
}

function titleOf(id: string, word: string): string {
  if (word === "running twice") return `${id} runs twice`;
  if (word === "failed") return `${id} failed`;
  if (word === "blocked") return `${id} is blocked`;
  if (word === "stopped") return `${id} is stopped`;
  return `${id}: ${word}`;
}

function serviceRule(kind: Kind, doc: Omit<Rule["doc"], "area">, todo: (id: string) => string | null): Rule {
  const name = `service-${kind}`;
  return defineRule({
    name,
    doc: { area: "cluster", ...doc },
    find: (view) =>
      unwell(view, kind).map(([key, { id, said, places, agent }]) => ({
        id: `${name}:${id}`,
        // Without a fencing device nothing that serves is down: it is at risk.
        level: agent?.startsWith("stonith:") && said.word === "stopped" ? ("risk" as const) : said.level,
        title: titleOf(id, said.word),
        why: said.why ?? "",
        todo: said.level === "bad" || kind === "orphaned" ? todo(id) : null,
        about: [key, ...places.map(({ node }) => keyOf.node(node))],
      })),
    over: (id, view) => serviceOver(id, view, RULE_NAMES),
  });
}

const CLEANED = "See why, then clean it up.";
const cleanUp = (id: string) => `See why, then: crm_resource --cleanup -r ${id}`;

export const serviceTwice = serviceRule(
  "twice",
  {
    title: "A service runs twice",
    means: "It is active on two nodes at once: both write to what one of them should have.",
    levels: ["bad"],
    fires: "crm_mon's XML has a service that is no clone active on more than one node.",
    not: "Clones, a live migration, and what is only remembered of a node that is gone.",
    todo: "Stop it on the node that should not have it, look what both have written, then clean it up.",
    needs: [87],
  },
  (id) => `Stop it on the node that should not have it, look what both have written, then: crm_resource --cleanup -r ${id}`,
);

export const serviceFailed = serviceRule(
  "failed",
  {
    title: "A service failed",
    means: "Pacemaker marks it failed: it does not do its work, or nobody knows whether it does.",
    levels: ["bad"],
    fires: "The failed mark in crm_mon's XML, with the reason of the operation that failed.",
    not: "An operation that failed and whose service runs again, and what stood on a node that is gone.",
    todo: CLEANED,
    needs: [84, 90],
  },
  cleanUp,
);

export const serviceBlocked = serviceRule(
  "blocked",
  {
    title: "A service is blocked",
    means: "Pacemaker will do nothing with it until a person has cleaned up: mostly a stop that failed and could not be fenced.",
    levels: ["bad"],
    fires: "The blocked mark in crm_mon's XML.",
    not: "A service that only waits for another one.",
    todo: CLEANED,
    needs: [84, 90],
  },
  cleanUp,
);

export const serviceStopped = serviceRule(
  "stopped",
  {
    title: "A service runs nowhere, or not as it should",
    means: "It is stopped, not all of a group is started, or nothing of a promotable clone is promoted, and nobody ordered it.",
    levels: ["bad", "risk"],
    fires: "Its state in crm_mon's XML, judged with the operations that failed.",
    not: "One stopped by target-role, one the cluster is just moving, unmanaged ones, and what stood on a node that is gone.",
    todo: CLEANED,
    needs: [84, 90],
  },
  cleanUp,
);

export const serviceOrphaned = serviceRule(
  "orphaned",
  {
    title: "A service is orphaned",
    means: "It runs, but the configuration no longer knows it: nothing watches or moves it.",
    levels: ["risk"],
    fires: "The orphaned mark in crm_mon's XML, of one that runs.",
    not: "Orphans that are stopped, and unmanaged services.",
    todo: "Stop it by a cleanup, or give it back to the configuration.",
    needs: [87, 93],
  },
  (id) =>
    `If nothing needs it: crm_resource --cleanup -r ${id} has Pacemaker stop it (stop-orphan-resources). Else put it back into the configuration.`,
);

export const serviceUnclear = serviceRule(
  "unclear",
  {
    title: "A service cannot be judged",
    means: "What Pacemaker says of it is no word this console knows, or only its memory.",
    levels: ["unknown"],
    fires: "A role that is not known or not said, or a place on a node of which nobody knows whether it runs.",
    not: "A cluster that says nothing of its quorum, and a node that is gone: each is told by itself.",
    todo: "Look at it with crm_mon on a node.",
    needs: [78, 87],
  },
  () => null,
);
