// SPDX-License-Identifier: Apache-2.0
import { type Entity, type EntityOf, keyOf, type Said } from "@/agent/protocol/console/view";
import type { Mount } from "@/agent/protocol/model/mounts";
import type { Timing } from "@/agent/protocol/timing";
import { type BlockStack, blockStacks, mainstays, mirrorUnder, type StandsOn } from "./block-stack";
import type { ClusterFacts } from "./facts";
import { type Standing, standingOf } from "./freshness";
import { aged, rankOf, said, worst } from "./said";

type Keyed = [string, EntityOf<"mount"> | EntityOf<"swap">][];
type Entities = ReadonlyMap<string, Entity>;

/** What every node has mounted and swaps to, and what that stands on. */
export function mountEntities(facts: ClusterFacts, entities: Entities, around: { nowMs: number; timing: Timing }): Keyed {
  const stackOf = blockStacks(entities);
  return [...facts.nodes.values()].flatMap((node): Keyed => {
    const value = node.sources.mounts?.lastOk?.value;
    if (!value) return [];
    const standing = standingOf(node, "mounts", around.nowMs, around.timing);
    const stack = stackOf(node.node, value.blocks);
    const from = { node: node.node, source: "mounts" } as const;
    return [
      ...value.mounts.map((mount): Keyed[number] => {
        const base = baseOf(stack, mount.device, mount.majorMinor);
        const own = judgeMount(mount, node.node, base.standsOn, entities);
        return [keyOf.mount(node.node, mount.mountPoint), { kind: "mount", from, mount, said: old(own, standing), ...base }];
      }),
      ...value.swaps.map((swap): Keyed[number] => {
        const base = baseOf(stack, swap.device, null);
        return [
          keyOf.swap(node.node, swap.device),
          { kind: "swap", from, swap, said: old(judgeBase(base.standsOn) ?? said("ok", "in use"), standing), ...base },
        ];
      }),
    ];
  });
}

function old(own: Said, standing: Standing): Said {
  return aged(own, standing, `was ${own.word}`);
}

/** The chain below a device, and the mirror that it bypasses: whose own disk it, or something below it, is. */
function baseOf(stack: BlockStack, device: string, majorMinor: string | null): Pick<EntityOf<"mount">, "standsOn" | "bypasses"> {
  const name = stack.nameOf(device, majorMinor);
  if (name === null) return { standsOn: [], bypasses: null };
  const isDrbd = (one: string) => /^drbd\d/.test(one);
  const touched = [...stack.names(name, isDrbd)].flatMap((one) => (isDrbd(one) ? [] : (stack.backing.get(one)?.mirror ?? [])));
  return { standsOn: stack.below(name), bypasses: touched[0] ?? null };
}

/** What is wrong with what it stands on, or moves there; null while that is good or not known to the view. */
function judgeBase(standsOn: readonly StandsOn[]): Said | null {
  const judged = mainstays(standsOn).flatMap(({ device, said: own }) => (own === null ? [] : [{ ...own, word: `${device}: ${own.word}` }]));
  const lead = worst(judged, said("ok", ""));
  return rankOf(lead.level) < rankOf("absent") ? lead : null;
}

function judgeMount(mount: Mount, node: string, standsOn: readonly StandsOn[], entities: Entities): Said {
  if (mount.wentReadOnly === true)
    return said(
      "bad",
      "went read-only",
      "The file system stopped writes itself, after an error; it stays so until it is checked and mounted again.",
    );
  const mirror = mirrorUnder(entities, standsOn);
  const copy = mirror?.copies.find((one) => one.node === node);
  if (copy?.role === "Secondary" && copy.said.level !== "old" && !mount.isReadOnly)
    return said("bad", "mounted on a Secondary", `DRBD on ${node} is Secondary: it takes no writes.`);
  const below = judgeBase(standsOn);
  if (below) return below;
  if (mirror && mirror.said.level !== "ok" && mirror.said.level !== "absent")
    return { ...mirror.said, word: `${mirror.resource}: ${mirror.said.word}` };
  if (mount.isReadOnly && mount.wentReadOnly === null && mount.options.includes("errors=remount-ro"))
    return said("unknown", "read-only", "Whether somebody mounted it so or it stopped writes itself, /proc/mounts does not say.");
  return said("ok", mount.isReadOnly ? "read-only" : "mounted");
}
