// SPDX-License-Identifier: Apache-2.0
import type { Entity, EntityOf } from "@/agent/protocol/console/view";
import type { BlockDevice } from "@/agent/protocol/model/mounts";
import { deviceFinder, plainName } from "./devices";

export type StandsOn = EntityOf<"mount">["standsOn"][number];

/** Deepest chain and most devices followed: far beyond any real one, so that hostile facts stay cheap. */
const MAX_DEPTH = 12;
const MAX_DEVICES = 48;

/** What the devices of one node stand on. */
export interface BlockStack {
  /** The kernel's name of a device, by its number or its path; null where sysfs knows none. */
  nameOf(device: string, majorMinor: string | null): string | null;
  /** The device and all below it, nearest first. */
  below(name: string): StandsOn[];
  /** The same as names of the kernel, DRBD's and md's own included; `until` ends a branch. */
  names(name: string, until?: (name: string) => boolean): ReadonlySet<string>;
  /** The side of a mirror that a device is, by the kernel's name. */
  sideOf(name: string): EntityOf<"drbd"> | undefined;
  /** The DRBD sides of this node by the kernel's name of the device under them. */
  backing: ReadonlyMap<string, EntityOf<"drbd">>;
}

/** One stack per node, over its block devices and the entities there are so far. */
export function blockStacks(entities: ReadonlyMap<string, Entity>): (node: string, blocks: readonly BlockDevice[]) => BlockStack {
  const find = deviceFinder(entities);
  const drbds = new Map<string, EntityOf<"drbd">[]>();
  for (const entity of entities.values()) {
    if (entity.kind === "drbd") drbds.set(entity.from.node, [...(drbds.get(entity.from.node) ?? []), entity]);
  }
  return (node, blocks) => {
    const own = drbds.get(node) ?? [];
    const byName = new Map(blocks.map((block) => [block.name, block]));
    const byNumber = new Map(blocks.flatMap((block) => (block.majorMinor === null ? [] : [[block.majorMinor, block.name] as const])));
    const byDmName = new Map(blocks.flatMap((block) => (block.dmName === null ? [] : [[block.dmName, block.name] as const])));

    const nameOf = (device: string, majorMinor: string | null): string | null => {
      // Numbers with major 0 are the file system's own, not a device's.
      const numbered = majorMinor === null || majorMinor.startsWith("0:") ? undefined : byNumber.get(majorMinor);
      if (numbered !== undefined) return numbered;
      const path = /^\/dev\/(.+)$/.exec(device)?.[1];
      if (path === undefined) return null;
      const [folder = "", rest = "", more] = path.split("/");
      if (folder === "mapper") return byDmName.get(rest) ?? null;
      if (folder === "drbd" && rest === "by-res") {
        const [, , resource, volume = "0"] = path.split("/");
        const side = own.find((one) => one.resource === resource && String(one.volume) === volume);
        return side ? `drbd${side.device.minor}` : null;
      }
      if (rest === "") return path;
      // LVM writes a "-" of a name as "--", and one "-" between the two names.
      const logical = more === undefined ? byDmName.get(`${folder.replaceAll("-", "--")}-${rest.replaceAll("-", "--")}`) : undefined;
      const plain = path.replaceAll("/", "!");
      return logical ?? (byName.has(plain) || folder === "etherd" ? plain : null);
    };

    const sideOf = (name: string) => own.find(({ device }) => `drbd${device.minor}` === name);

    /** Devices right below one: sysfs's word, or DRBD's own settings, since old DRBD tells sysfs nothing. */
    const next = (name: string): string[] => {
      const block = byName.get(name);
      if (block && block.slaves.length > 0) return block.slaves;
      if (block?.partOf) return [block.partOf];
      const side = sideOf(name);
      return side ? pathsUnder(side).map((path) => nameOf(path, null) ?? path) : [];
    };

    const walk = (start: string, until?: (name: string) => boolean): { name: string; depth: number }[] => {
      const found: { name: string; depth: number }[] = [{ name: start, depth: 0 }];
      const seen = new Set([start]);
      for (const { name, depth } of found) {
        if (depth >= MAX_DEPTH || until?.(name)) continue;
        for (const below of next(name)) {
          if (found.length >= MAX_DEVICES) return found;
          if (seen.has(below)) continue;
          seen.add(below);
          found.push({ name: below, depth: depth + 1 });
        }
      }
      return found;
    };

    return {
      nameOf,
      sideOf,
      below: (name) =>
        walk(name).map(({ name: each, depth }): StandsOn => {
          const known = find(node, each);
          if (known) return { device: known.device, kind: known.kind, key: known.key, at: known.at, said: known.said, depth };
          const block = byName.get(each);
          return { device: block?.dmName ?? plainName(each), kind: kindOf(each, block), key: null, at: null, said: null, depth };
        }),
      names: (name, until) => new Set(walk(name, until).map((one) => one.name)),
      backing: new Map(
        own.flatMap((side) =>
          pathsUnder(side).flatMap((path) => {
            const name = nameOf(path, null);
            return name === null ? [] : [[name, side] as const];
          }),
        ),
      ),
    };
  };
}

/** The device under a side of a mirror, as DRBD's settings write it. */
export function pathsUnder({ settings, volume }: EntityOf<"drbd">): string[] {
  return (settings?.volumes ?? []).flatMap((one) => (one.volume === volume && one.backingDevice !== null ? [one.backingDevice] : []));
}

function kindOf(name: string, block: BlockDevice | undefined): StandsOn["kind"] {
  if (/^drbd\d/.test(name)) return "drbd";
  if (/^md[\d_]/.test(name)) return "md";
  if (name.startsWith("etherd")) return "aoe";
  if (name.startsWith("loop")) return "loop";
  if (block?.partOf) return "partition";
  if (!name.startsWith("dm-")) return "disk";
  if (block?.dmUuid?.startsWith("LVM-")) return "lvm";
  if (block?.dmUuid?.startsWith("CRYPT-")) return "crypt";
  return block?.dmUuid?.startsWith("mpath-") ? "multipath" : "mapped";
}

/**
 * What must be there for a device to work: down to what is redundant in itself (an array, a mirror) or is the end.
 * The worst of it is what the device is worth.
 */
export function mainstays(chain: readonly StandsOn[]): readonly StandsOn[] {
  const stays: StandsOn[] = [];
  let depth = Number.POSITIVE_INFINITY;
  for (const step of chain) {
    if (step.depth > depth) break;
    stays.push(step);
    if (step.kind === "md" || step.kind === "drbd") depth = step.depth;
  }
  return stays;
}

/** The mirror that a mount or swap area lies on, where the view has it. */
export function mirrorUnder(entities: ReadonlyMap<string, Entity>, chain: readonly StandsOn[]): EntityOf<"mirror"> | null {
  const step = mainstays(chain).find(({ kind, key }) => kind === "drbd" && key !== null);
  const mirror = step?.key ? entities.get(step.key) : undefined;
  return mirror?.kind === "mirror" ? mirror : null;
}
