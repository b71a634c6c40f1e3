// SPDX-License-Identifier: Apache-2.0
import type { Entity, EntityOf } from "@/agent/protocol/console/view";

/** What a block device of a node stands on. */
export interface Below {
  /** Key of the mirror it is; null when it is none that is known. */
  mirror: string | null;
  side: EntityOf<"drbd"> | null;
  /** The device and all below it in words, from the top down: "/dev/drbd0", "store, Primary", "/dev/vg0/store". */
  steps: readonly string[];
}

/** Finds what a node's block device stands on: by minor, by its name under by-res, or nothing known. */
export function belowOf(entities: ReadonlyMap<string, Entity>): (node: string, device: string) => Below {
  const sides = new Map<string, EntityOf<"drbd">>();
  for (const entity of entities.values()) {
    if (entity.kind !== "drbd") continue;
    const { node } = entity.from;
    sides.set(`${node} /dev/drbd${entity.device.minor}`, entity);
    sides.set(`${node} /dev/drbd/by-res/${entity.resource}`, entity);
    sides.set(`${node} /dev/drbd/by-res/${entity.resource}/${entity.volume}`, entity);
  }
  return (node, device) => {
    const side = sides.get(`${node} ${device}`) ?? null;
    return { mirror: side?.mirror ?? null, side, steps: [device, ...(side ? stepsOf(side) : [])] };
  };
}

function stepsOf({ resource, volume, device, settings }: EntityOf<"drbd">): string[] {
  const disk = settings?.volumes.find((one) => one.volume === volume)?.backingDevice;
  const name = volume === 0 ? resource : `${resource}/${volume}`;
  return [`${name}, ${device.role} ${device.disk}`, ...(disk ? [disk] : [])];
}
