// SPDX-License-Identifier: Apache-2.0
import { type Entity, type EntityKind, type EntityOf, type From, keyOf, type Said, type View } from "@/agent/protocol/console/view";

/** One whose word an entity is: a source of a node, or what the console knows of a node by its link. */
export type Witness = From | { node: string; source: "link" };

/** What the console has to know of a kind of entity, whatever it shows. */
interface Kind<E extends Entity> {
  /** Everything it stands on. What stands on nothing is the console's own word. */
  witnesses: (entity: E, view: View) => readonly Witness[];
  /** Whose word a finding about it is, where that is not all it stands on. */
  ofFinding?: (entity: E, rule: string, view: View) => readonly Witness[];
  /** As it is shown while the view cannot be judged: the last known, marked old. */
  unjudged: (entity: E) => E;
}

/** Read from one source, with one judgement. */
const READ = { witnesses: ({ from }: { from: From }) => [from], unjudged: oldSaid };
const linkOf = (node: string): Witness => ({ node, source: "link" });

/** What the cluster says of a node is in its Pacemaker; of its link the console knows by itself. */
const OF_CLUSTER: ReadonlySet<string> = new Set(["node-gone", "node-held"]);
const CALM_LINES: ReadonlySet<string> = new Set(["connected", "resync", "verify"]);

/** One line per kind of entity; what is said more than once in it is to be marked old each time. */
const KINDS: { readonly [K in EntityKind]: Kind<EntityOf<K>> } = {
  cluster: {
    witnesses: ({ pacemaker }, view) => [
      ...(pacemaker ? [pacemaker.from] : []),
      ...[...view.values()].flatMap((one) => (one.kind === "node" ? [linkOf(one.name)] : [])),
    ],
    ofFinding: ({ pacemaker }) => (pacemaker ? [pacemaker.from] : []),
    unjudged: (cluster) => {
      const { pacemaker } = cluster;
      if (!pacemaker) return cluster;
      return { ...cluster, pacemaker: { ...pacemaker, quorum: was(pacemaker.quorum), fencing: was(pacemaker.fencing) } };
    },
  },
  node: {
    witnesses: ({ name: node }, view) => {
      const merged = [{ node, source: "host" } as const, { node, source: "pacemaker" } as const];
      return [linkOf(node), ...merged.filter(({ source }) => view.has(keyOf.source(node, source)))];
    },
    ofFinding: ({ name: node }, rule) => [linkOf(node), ...(OF_CLUSTER.has(rule) ? [{ node, source: "pacemaker" } as const] : [])],
    unjudged: (node) => ({
      ...node,
      link: node.link === "live" ? "stale" : node.link,
      state: was(node.state),
      carries: was(node.carries),
    }),
  },
  source: {
    witnesses: ({ node, source }) => [{ node, source }],
    unjudged: (source) => (source.freshness === "live" ? { ...source, freshness: "stale" } : source),
  },
  drbd: READ,
  mirror: {
    // Where only a peer speaks of a copy, what is known of its node is the link.
    witnesses: ({ copies }) => copies.map(({ node, drbd }) => ({ node, source: drbd === null ? "link" : "drbd" })),
    // An agent that has read nothing yet is still to be heard, though its link is there.
    ofFinding: ({ copies }, _, view) =>
      copies.map(({ node }) => ({ node, source: view.has(keyOf.source(node, "drbd")) ? "drbd" : "link" })),
    unjudged: (mirror) => ({
      ...oldSaid(mirror),
      copies: mirror.copies.map(oldSaid),
      pairs: mirror.pairs.map((pair) => ({ ...oldSaid(pair), line: CALM_LINES.has(pair.line) ? "old" : pair.line })),
      holders: [],
    }),
  },
  bond: { ...READ, unjudged: (bond) => ({ ...oldSaid(bond), portSaid: oldByName(bond.portSaid) }) },
  aoe: { ...READ, unjudged: (aoe) => ({ ...oldSaid(aoe), talksTo: aoe.talksTo.map(oldSaid) }) },
  export: READ,
  array: { ...READ, unjudged: (array) => ({ ...oldSaid(array), legs: array.legs.map(oldSaid) }) },
  target: {
    ...READ,
    unjudged: (target) => ({ ...oldSaid(target), luns: target.luns.map(oldSaid), initiators: target.initiators.map(oldSaid) }),
  },
  session: { ...READ, unjudged: (session) => ({ ...oldSaid(session), paths: session.paths.map(oldSaid) }) },
  corosync: READ,
  ring: {
    witnesses: ({ ends }) => ends.map(({ node }) => ({ node, source: "corosync" })),
    unjudged: (ring) => ({ ...oldSaid(ring), ends: ring.ends.map(oldSaid), pairs: ring.pairs.map(oldSaid) }),
  },
  mount: { ...READ, unjudged: (mount) => ({ ...oldSaid(mount), standsOn: mount.standsOn.map(oldSaid) }) },
  swap: { ...READ, unjudged: (swap) => ({ ...oldSaid(swap), standsOn: swap.standsOn.map(oldSaid) }) },
  pool: { ...READ, unjudged: (pool) => ({ ...oldSaid(pool), devices: pool.devices.map(oldSaid) }) },
  ocfs2: READ,
  dlm: { ...READ, unjudged: (dlm) => ({ ...oldSaid(dlm), spaceSaid: oldByName(dlm.spaceSaid) }) },
  resource: { ...READ, unjudged: (resource) => ({ ...oldSaid(resource), places: resource.places.map(oldSaid) }) },
  constraint: READ,
  fencing: READ,
  // It has only the witnesses of what it is about.
  finding: { witnesses: () => [], unjudged: (finding) => finding },
  event: { witnesses: ({ node }) => (node === null ? [] : [linkOf(node)]), unjudged: (event) => event },
  kernel: { ...READ, unjudged: (kernel) => kernel },
  // What the console itself does is its own word.
  run: { witnesses: () => [], unjudged: (run) => run },
  // A record of what was: it does not grow old, its age stands in it.
  verify: { witnesses: () => [], unjudged: (verify) => verify },
  safety: {
    witnesses: ({ node }) => [linkOf(node)],
    unjudged: (safety) => ({ ...safety, answer: "unknown", says: "Cannot tell: the view cannot be judged now." }),
  },
  maintenance: { witnesses: () => [], unjudged: oldSaid },
};

/** Everything that an entity stands on by itself. */
export function witnessesOf(entity: Entity, view: View): readonly Witness[] {
  return kindOf(entity.kind).witnesses(entity, view);
}

/** Whose word a rule's finding about an entity is. */
export function findingWitnesses(entity: Entity, rule: string, view: View): readonly Witness[] {
  const { ofFinding, witnesses } = kindOf(entity.kind);
  return ofFinding ? ofFinding(entity, rule, view) : witnesses(entity, view);
}

/** The last known of an entity, as it is shown while the view cannot be judged. */
export function unjudgedOf(entity: Entity): Entity {
  return kindOf(entity.kind).unjudged(entity);
}

function kindOf<K extends EntityKind>(kind: K): Kind<EntityOf<K>> {
  return KINDS[kind];
}

/** What was good, moving or held is not known to be so any more; what was wrong stays wrong until it is judged again. */
function was(said: Said): Said {
  return said.level === "ok" || said.level === "busy" || said.level === "held" ? { ...said, level: "old" } : said;
}

function oldSaid<E extends { said: Said | null }>(one: E): E {
  return { ...one, said: one.said && was(one.said) };
}

function oldByName(said: Readonly<Record<string, Said>>): Record<string, Said> {
  return Object.fromEntries(Object.entries(said).map(([name, one]) => [name, was(one)]));
}
