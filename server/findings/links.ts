// SPDX-License-Identifier: Apache-2.0
import type { Entity, EntityOf } from "@/agent/protocol/console/view";
import { pathsUnder } from "@/server/cluster/block-stack";
import { type Finding, mirrorName, type ViewSoFar } from "./define";
import { keepsOut } from "./iscsi";
import { isItsDevice, lacksLevels } from "./links-fencing";
import { type Look, sharesNode } from "./look";
import { mirrorLeavesBy, ringLeavesBy } from "./ways";

/** One way in which a finding can follow from another. Only what is certain is a link: else both stand, which is no lie. */
interface Link {
  /** Rules of the root. */
  from: readonly string[];
  /** Rules of what follows. */
  to: readonly string[];
  when: (look: Look) => boolean;
}

const MIRROR_CUT_OFF = ["mirror-alone", "mirror-cut"] as const;
const PATHS = ["aoe-path", "iscsi-session"] as const;
const STACKED = ["array-degraded", "array-broken", "zfs-pool", "mount-stopped", "iscsi-target"] as const;

/** What a node takes with it shows soon after it: DRBD and iSCSI wait tens of seconds for a peer. What broke earlier or later has its own cause. */
const BEFORE_MS = 30_000;
const AFTER_MS = 120_000;

const isTogether = ({ root, finding }: Look) => finding.sinceMs >= root.sinceMs - BEFORE_MS && finding.sinceMs <= root.sinceMs + AFTER_MS;

/** In the order in which they are asked: the first that holds is the nearest cause. */
export const LINKS: readonly Link[] = [
  { from: ["ring-down"], to: ["opinions-differ", "no-quorum", "corosync-quorum"], when: ({ root }) => root.level === "bad" },
  {
    from: ["mirror-apart", "mirror-flaps", "mirror-cut", "mirror-disk", "resync-stuck", "repair-open"],
    to: ["mirror-alone"],
    when: sameMirrors,
  },
  { from: ["mirror-apart"], to: ["mirror-cut"], when: sameMirrors },
  { from: ["mirror-cut"], to: ["two-primaries"], when: sameMirrors },
  { from: ["fencing-reach"], to: ["service-stopped"], when: isItsDevice },
  { from: ["fencing-level"], to: ["fencing-gap"], when: lacksLevels },
  { from: ["fencing-none"], to: ["service-stopped"], when: ({ finding }) => finding.title.endsWith(" is stopped") },
  { from: ["iscsi-target"], to: ["iscsi-session"], when: isKeptOut },
  { from: ["switch-lost", "bond-miscabled"], to: ["bond-ports"], when: takesPorts },
  { from: ["bond-ports"], to: ["aoe-path"], when: crossesBond },
  { from: ["bond-ports"], to: [...MIRROR_CUT_OFF, "ring-down"], when: leavesByBond },
  { from: ["pool-missing", "array-missing"], to: ["mirror-disk"], when: liesUnder },
  { from: ["mirror-lost", "mirror-suspended", ...PATHS, "array-broken", "zfs-pool"], to: STACKED, when: standsOn },
  { from: [...MIRROR_CUT_OFF, "node-gone"], to: ["left-over"], when: isLockOf },
  { from: ["node-gone"], to: MIRROR_CUT_OFF, when: lacksPeer },
  { from: ["node-gone"], to: PATHS, when: leadsTo },
  {
    from: ["node-gone"],
    to: ["fencing-runs", "fencing-reach", "dlm-waits"],
    when: ({ root, finding }) => finding.rule === "dlm-waits" || sharesNode(root, finding),
  },
  { from: ["node-silent"], to: MIRROR_CUT_OFF, when: (look) => isTogether(look) && lacksPeer(look) },
  { from: ["node-silent"], to: PATHS, when: (look) => isTogether(look) && leadsTo(look) },
];

/** The nodes that a finding about nodes is about. */
function nodesOf({ view, root }: Look): ReadonlySet<string> {
  return new Set(root.about.flatMap((key) => nameOf(view.get(key))));
}

function nameOf(entity: Entity | undefined): string[] {
  return entity?.kind === "node" ? [entity.name] : [];
}

function mirrorsOf(view: ViewSoFar, { about }: Finding): [string, EntityOf<"mirror">][] {
  return about.flatMap((key) => {
    const entity = view.get(key);
    return entity?.kind === "mirror" ? [[key, entity] as [string, EntityOf<"mirror">]] : [];
  });
}

/** Every mirror that it tells of is one the root tells of. */
function sameMirrors({ root, finding, view }: Look): boolean {
  const mirrors = mirrorsOf(view, finding);
  return mirrors.length > 0 && mirrors.every(([key]) => root.about.includes(key));
}

/** Nothing but these nodes is missing in the mirrors it tells of. */
function lacksPeer(look: Look): boolean {
  const nodes = nodesOf(look);
  const mirrors = mirrorsOf(look.view, look.finding);
  return (
    mirrors.length > 0 &&
    mirrors.every(([, { copies, onlyHolder, pairs }]) =>
      onlyHolder
        ? copies.every(({ node }) => node === onlyHolder || nodes.has(node))
        : pairs.every(({ a, b, line }) => line !== "cut" || nodes.has(a) || nodes.has(b)),
    )
  );
}

/** All that does not answer at the other end of a client's disk is on these nodes. */
function leadsTo(look: Look): boolean {
  const nodes = nodesOf(look);
  const [key = ""] = look.finding.about;
  const path = look.view.get(key);
  if (path?.kind === "session") return path.servedBy !== null && nodes.has(path.servedBy.node);
  if (path?.kind !== "aoe") return false;
  const dead = path.talksTo.filter(({ said }) => said.level !== "ok");
  return dead.length > 0 && dead.every(({ node }) => node !== null && nodes.has(node));
}

function isKeptOut({ root, finding, view }: Look): boolean {
  const target = view.get(root.about[0] ?? "");
  const lost = view.get(finding.about[0] ?? "");
  if (target?.kind !== "target" || lost?.kind !== "session" || !keepsOut(target)) return false;
  return lost.session.target === target.target.iqn && lost.said.level === "bad" && lost.servedBy === null;
}

/** The bond, or one inside it, is one of the root's, and no port of it fails that is not. */
function takesPorts({ root, finding, view }: Look): boolean {
  const bonds = finding.about.filter((key) => root.about.includes(key));
  if (bonds.length === 0) return false;
  if (root.rule !== "switch-lost") return true;
  const mac = root.id.slice("switch-lost:".length);
  return finding.about.every((key) => {
    const bond = view.get(key);
    if (bond?.kind !== "bond") return true;
    return bond.bond.ports.every(
      ({ name, isBond }) =>
        isBond || bond.portSaid[name]?.level === "ok" || bond.partners?.some((one) => one.port === name && one.mac === mac) === true,
    );
  });
}

/** The bond carries nothing, and the disk's only interface is that bond. */
function crossesBond({ root, finding, view }: Look): boolean {
  const bond = view.get(root.about[0] ?? "");
  const path = view.get(finding.about[0] ?? "");
  if (root.level !== "bad" || bond?.kind !== "bond" || path?.kind !== "aoe" || path.from.node !== bond.from.node) return false;
  return path.device.interfaces.length === 1 && path.device.interfaces[0] === bond.bond.name;
}

/** The bond carries nothing, and by the node's routes all that is cut goes over it. */
function leavesByBond({ root, finding, view }: Look): boolean {
  const bond = view.get(root.about[0] ?? "");
  if (root.level !== "bad" || bond?.kind !== "bond") return false;
  const { node } = bond.from;
  const ring = view.get(finding.about[0] ?? "");
  if (ring?.kind === "ring") return ringLeavesBy(view, ring, node, bond.bond.name);
  const mirrors = mirrorsOf(view, finding);
  return mirrors.length > 0 && mirrors.every(([, mirror]) => mirrorLeavesBy(view, mirror, node, bond.bond.name));
}

/** What it stands on is what is broken. A path that is only at risk breaks nothing above it. */
function standsOn({ root, finding, view }: Look): boolean {
  if (root.level !== "bad") return false;
  const below = view.get(root.about[0] ?? "");
  const above = view.get(finding.about[0] ?? "");
  const isHere =
    below === undefined || above === undefined || !("from" in below) || !("from" in above) || below.from.node === above.from.node;
  return isHere && finding.about.slice(1).some((key) => root.about.includes(key));
}

/** The disk that DRBD lost is a volume of the pool, or the array, that did not come up on this node. */
function liesUnder({ root, finding, view }: Look): boolean {
  const node = view.get(root.about[0] ?? "");
  const side = view.get(finding.about[0] ?? "");
  if (node?.kind !== "node" || side?.kind !== "drbd" || side.from.node !== node.name) return false;
  const paths = pathsUnder(side);
  return (node.missing ?? []).some(({ kind, name, uuid }) => {
    const isRoot = root.id === `${kind}-missing:${node.name}/${uuid ?? name}`;
    return isRoot && paths.some((path) => (kind === "pool" ? path.startsWith(`/dev/zvol/${name}/`) : path === `/dev/${name}`));
  });
}

/** DRBD locks promotion whenever a peer is lost, and unlocks it by itself after the resync. */
function isLockOf({ root, finding, view }: Look): boolean {
  const lock = view.get(finding.about[0] ?? "");
  if (lock?.kind !== "constraint" || !lock.constraint.id.startsWith(FENCE_BY_HANDLER)) return false;
  const of = lock.constraint.id.slice(FENCE_BY_HANDLER.length);
  // The mirror's own finding may be missing where its other copies are good: then the lost node is why.
  if (root.rule === "node-gone") return true;
  return mirrorsOf(view, root).some(([, mirror]) => of === mirrorName(mirror) || of.startsWith(`${mirror.resource}-`));
}

/** Source: crm-fence-peer.sh of drbd-utils: "drbd-fence-by-handler-<DRBD resource>-<Pacemaker resource>". */
const FENCE_BY_HANDLER = "drbd-fence-by-handler-";
