// SPDX-License-Identifier: Apache-2.0
import type { Entity, EntityOf } from "@/agent/protocol/console/view";
import { type BlockStack, blockStacks, mainstays, pathsUnder } from "./block-stack";
import type { ClusterFacts } from "./facts";

/** What a block device that a node serves stands on. */
export interface Below {
  /** Key of the mirror it is, or lies on; null when it is none that is known. */
  mirror: string | null;
  side: EntityOf<"drbd"> | null;
  /** The device and all below it in words, from the top down: "/dev/drbd0", "store, Primary", "/dev/vg0/store". */
  steps: readonly string[];
}

/** Finds what a node's block device stands on: itself a DRBD device, or a volume on one; or nothing known. */
export function belowOf(facts: ClusterFacts, entities: ReadonlyMap<string, Entity>): (node: string, device: string) => Below {
  const stackOf = blockStacks(entities);
  const known = new Map<string, BlockStack>();
  const stackAt = (node: string) => {
    const stack = known.get(node) ?? stackOf(node, facts.nodes.get(node)?.sources.mounts?.lastOk?.value.blocks ?? []);
    known.set(node, stack);
    return stack;
  };
  return (node, device) => {
    const stack = stackAt(node);
    const name = stack.nameOf(device, null);
    const drbd = name === null ? undefined : mainstays(stack.below(name)).find(({ kind }) => kind === "drbd");
    const side = (drbd && stack.sideOf(drbd.device)) ?? null;
    return { mirror: side?.mirror ?? null, side, steps: [device, ...(side ? stepsOf(side) : [])] };
  };
}

function stepsOf(side: EntityOf<"drbd">): string[] {
  const name = side.volume === 0 ? side.resource : `${side.resource}/${side.volume}`;
  return [`${name}, ${side.device.role} ${side.device.disk}`, ...pathsUnder(side)];
}
