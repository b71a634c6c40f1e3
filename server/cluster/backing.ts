// SPDX-License-Identifier: Apache-2.0
import type { Entity, EntityOf } from "@/agent/protocol/console/view";
import type { BlockDevice, Mounts } from "@/agent/protocol/model/mounts";
import type { Timing } from "@/agent/protocol/timing";
import { type BlockStack, blockStacks, pathsUnder } from "./block-stack";
import type { ClusterFacts, NodeFacts } from "./facts";
import { standingOf } from "./freshness";
import { byName } from "./words";

type Backing = NonNullable<EntityOf<"drbd">["backing"]>;

/** Folders below /dev whose names are links, not devices that sysfs knows by them. */
const LINKS: ReadonlySet<string> = new Set(["disk", "zvol", "block", "char", "md", "cciss", "drbd", "bsg", "loop"]);

/**
 * The DRBD sides of which the disk below says more than DRBD does: it is not there, or something stands on it past DRBD (a volume
 * group that was activated on it, an array that took it), or the side runs without it. Of all others nothing is said.
 */
export function* backingEntities(
  facts: ClusterFacts,
  entities: ReadonlyMap<string, Entity>,
  around: { nowMs: number; timing: Timing },
): Iterable<readonly [string, EntityOf<"drbd">]> {
  const stackOf = blockStacks(entities);
  const stacks = new Map<string, { value: Mounts; stack: BlockStack; node: NodeFacts } | null>();
  const at = (name: string) => {
    const known = stacks.get(name);
    if (known !== undefined) return known;
    const node = facts.nodes.get(name);
    const value = node?.sources.mounts?.lastOk?.value;
    const isKnown = node && value && standingOf(node, "mounts", around.nowMs, around.timing).isCurrent && isWhole(value);
    const made = isKnown ? { value, stack: stackOf(name, value.blocks), node } : null;
    stacks.set(name, made);
    return made;
  };
  for (const [key, side] of entities) {
    if (side.kind !== "drbd" || side.settings === null || side.said.level === "old") continue;
    const [path] = pathsUnder(side);
    const here = path === undefined ? null : at(side.from.node);
    if (path === undefined || here === null) continue;
    const backing = backingOf(path, here.stack, here.value.blocks, here.node);
    const isDiskless = side.device.disk === "Diskless" || side.device.disk === "Failed";
    if (backing && (backing.isThere === false || backing.usedBy.length > 0 || isDiskless)) yield [key, { ...side, backing }];
  }
}

/** A list of devices that lacks some says of none that it is not there. */
function isWhole({ blocks, unread }: Mounts): boolean {
  return blocks.length > 0 && !unread.some(({ what }) => what.startsWith("block device"));
}

function backingOf(path: string, stack: BlockStack, blocks: readonly BlockDevice[], node: NodeFacts): Backing | null {
  const name = stack.nameOf(path, null);
  const own = name === null ? undefined : blocks.find((block) => block.name === name);
  if (!own) {
    const why = isNotThere(path, node);
    return why === null ? null : { path, isThere: false, why, usedBy: [] };
  }
  const above = blocks.filter((block) => !/^drbd\d/.test(block.name) && block.slaves.includes(own.name));
  return { path, isThere: true, why: null, usedBy: above.map((block) => block.dmName ?? block.name).sort(byName) };
}

/** Why a path that sysfs knows no device for is not there; null where that is not certain. */
function isNotThere(path: string, node: NodeFacts): string | null {
  const [, dev, folder = "", rest, ...more] = path.split("/");
  if (dev !== "dev" || folder === "") return null;
  if (rest === undefined) return `${path} is not there.`;
  const pools = node.sources.zfs?.lastOk?.value.pools;
  if (folder === "zvol") return pools && !pools.some((pool) => pool.name === rest) ? `The pool ${rest} is not imported.` : null;
  if (LINKS.has(folder) || more.length > 0) return null;
  return folder === "mapper" ? `${path} is not there.` : `The volume ${rest} of ${folder} is not active.`;
}
