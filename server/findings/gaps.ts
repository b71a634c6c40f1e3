// SPDX-License-Identifier: Apache-2.0
import { SOURCE_WORDS } from "@/agent/protocol/console/source-words";
import { type Entity, type EntityOf, keyOf, type Said } from "@/agent/protocol/console/view";
import { clusterOf, every, mirrorName, type ViewSoFar } from "./define";
import { isHarmless } from "./harmless";

/** Something nobody can call good and no rule has told, under the node whose word it is; null where it is the cluster's. */
export interface Gap {
  node: string | null;
  key: string;
  name: string;
  why: string;
  /** Keys that explain it where a finding names one of them. */
  causes: readonly string[];
}

/** All that nobody can call good, whoever has told of it. */
export function gapsIn(view: ViewSoFar): Gap[] {
  return [...entityGaps(view), ...sourceGaps(view)];
}

function isNotGood({ level }: Said): boolean {
  return level === "unknown" || level === "old" || level === "bad";
}

function entityGaps(view: ViewSoFar): Gap[] {
  const gaps: Gap[] = [];
  const add = (node: string | null, key: string, name: string, said: Said, causes: readonly string[]) => {
    if (isNotGood(said)) gaps.push({ node, key, name: `${name} (${said.word})`, why: said.why ?? `${name}: ${said.word}`, causes });
  };
  const pacemaker = clusterOf(view)?.pacemaker;
  if (pacemaker) add(null, keyOf.cluster, "quorum", pacemaker.quorum, ends(pacemaker.from));
  for (const [key, node] of every(view, "node")) add(null, key, node.name, node.state, [keyOf.source(node.name, "pacemaker")]);
  for (const [key, mirror] of every(view, "mirror")) {
    add(
      null,
      key,
      mirrorName(mirror),
      mirror.said,
      mirror.copies.flatMap(({ node }) => ends({ node, source: "drbd" })),
    );
  }
  for (const [key, side] of every(view, "drbd")) add(side.from.node, key, side.resource, side.said, [...ends(side.from), side.mirror]);
  for (const [key, { from, bond, said }] of every(view, "bond"))
    add(from.node, key, bond.name, said, [...ends(from), ...outer(view, from, bond)]);
  for (const [key, { from, device, said, talksTo }] of every(view, "aoe")) {
    const targets = talksTo.flatMap(({ node }) => (node === null ? [] : [...ends({ node, source: "aoe" }), keyOf.source(node, "host")]));
    add(from.node, key, device.name, said, [...ends(from), ...targets]);
  }
  for (const [key, { from, array, said, legs }] of every(view, "array")) {
    add(from.node, key, array.name, said, [...ends(from), ...legs.flatMap((leg) => (leg.key === null ? [] : [leg.key]))]);
  }
  for (const [key, { from, target, said, luns }] of every(view, "target"))
    add(from.node, key, target.iqn, said, [
      ...ends(from),
      ...ends({ node: from.node, source: "drbd" }),
      ...mirrorsAnd(
        view,
        luns.flatMap(({ mirror }) => mirror ?? []),
      ),
    ]);
  for (const [key, { from, session, said, servedBy }] of every(view, "session")) {
    const server = servedBy ? ends({ node: servedBy.node, source: "iscsi" }) : [];
    add(from.node, key, session.name, said, [...ends(from), ...server]);
  }
  for (const [key, { from, said }] of every(view, "corosync")) if (said.level !== "bad") add(from.node, key, "Corosync", said, ends(from));
  for (const [key, { from, said }] of [...every(view, "ocfs2"), ...every(view, "dlm")])
    add(from.node, key, SOURCE_WORDS[from.source].thing, said, ends(from));
  for (const [key, { link, said, ends: nodes }] of every(view, "ring")) {
    // What leaves it open is told by its source.
    if (nodes.some(({ node }) => saysNoLinks(view.get(keyOf.source(node, "corosync"))))) continue;
    const ownEnds = nodes.flatMap(({ node }) => [...ends({ node, source: "corosync" }), keyOf.corosync(node)]);
    add(null, key, `ring ${link}`, said, ownEnds);
  }
  for (const [key, { from, pool, said }] of every(view, "pool")) add(from.node, key, pool.name, said, ends(from));
  for (const [key, { from, mount, said, standsOn }] of every(view, "mount")) {
    add(from.node, key, mount.mountPoint, said, [...ends(from), ...mirrorsAnd(view, keysOf(standsOn))]);
  }
  for (const [key, { from, swap, said, standsOn }] of every(view, "swap")) {
    add(from.node, key, `swap on ${swap.device}`, said, [...ends(from), ...mirrorsAnd(view, keysOf(standsOn))]);
  }
  for (const [key, { from, id, said, parents, places }] of every(view, "resource")) {
    if (parents.length > 0) continue;
    add(null, key, id, said, [...ends(from), keyOf.cluster, ...places.map(({ node }) => keyOf.node(node))]);
  }
  return gaps;
}

/** What a disk stands on, and of a mirror whoever speaks for a copy of it: while one is silent the disk is not known for that. */
function mirrorsAnd(view: ViewSoFar, keys: readonly string[]): string[] {
  return keys.flatMap((key) => {
    const entity = view.get(key);
    return entity?.kind === "mirror" ? [key, ...entity.copies.flatMap(({ node }) => ends({ node, source: "drbd" }))] : [key];
  });
}

function keysOf(standsOn: EntityOf<"mount">["standsOn"]): string[] {
  return standsOn.flatMap(({ key }) => (key === null ? [] : [key]));
}

/** Its Corosync was read but for the links. */
function saysNoLinks(source: Entity | undefined): boolean {
  return source?.kind === "source" && source.unread.some(({ what }) => what === "links");
}

/** A reading's own source and node. */
function ends({ node, source }: EntityOf<"drbd">["from"]): string[] {
  return [keyOf.node(node), keyOf.source(node, source)];
}

/** The kernel nests eight deep at most. Source: MAX_NEST_DEV, include/linux/netdevice.h. */
const MAX_NEST = 16;

/** The bonds around a bond: what is wrong inside is told by the outermost. */
function outer(view: ViewSoFar, { node }: EntityOf<"bond">["from"], bond: EntityOf<"bond">["bond"]): string[] {
  const keys: string[] = [];
  for (let parent = bond.parent; parent !== null && keys.length < MAX_NEST; ) {
    const key = keyOf.bond(node, parent);
    const entity: Entity | undefined = view.get(key);
    if (keys.includes(key) || entity?.kind !== "bond") break;
    keys.push(key);
    parent = entity.bond.parent;
  }
  return keys;
}

/** Sources that are read in time, but not all of what is judged by them. */
function sourceGaps(view: ViewSoFar): Gap[] {
  return every(view, "source").flatMap(([key, source]) =>
    source.freshness === "live" && source.status === "ok"
      ? source.unread
          .filter((part) => !isHarmless(source, part))
          .map(({ what, message }) => ({
            node: source.node,
            key,
            name: nameOf(source, what),
            why: message || `${what} could not be read`,
            causes: [keyOf.node(source.node)],
          }))
      : [],
  );
}

function nameOf({ source }: EntityOf<"source">, what: string): string {
  const { thing } = SOURCE_WORDS[source];
  return what.includes(thing) || source === "host" ? what : `${thing}: ${what}`;
}
