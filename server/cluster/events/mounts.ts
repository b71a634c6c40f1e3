// SPDX-License-Identifier: Apache-2.0
import type { Mount, Mounts } from "@/agent/protocol/model/mounts";
import { type Change, type Telling, type Told, told } from "./tell";

/** What was mounted, unmounted, or turned read-only by itself on a node, and what it began or ceased to swap to. */
export function tellMounts({ node, before, after, memory }: Change<Mounts>): Telling {
  if (!before) return { told: [], memory };
  const news: Told[] = [];
  const old = new Map(before.mounts.map((mount) => [mount.mountPoint, mount]));
  for (const mount of after.mounts) {
    const was = old.get(mount.mountPoint);
    old.delete(mount.mountPoint);
    if (was && was.device === mount.device && was.type === mount.type) news.push(...tellMount(node, was, mount));
    else news.push(told(mount.mountPoint, `${node}: ${mount.mountPoint} mounted (${mount.type} on ${mount.device})`, "ok"));
  }
  for (const gone of old.values()) news.push(told(gone.mountPoint, `${node}: ${gone.mountPoint} unmounted`, "absent"));
  // Swap that could not be read is no swap that ceased.
  if ([before, after].some(({ unread }) => unread.some(({ what }) => what === "swap"))) return { told: news, memory };
  const names = ({ swaps }: Mounts) => swaps.map(({ device }) => device);
  for (const device of names(after)) if (!names(before).includes(device)) news.push(told(device, `${node}: swaps to ${device}`, "ok"));
  for (const device of names(before))
    if (!names(after).includes(device)) news.push(told(device, `${node}: swaps no longer to ${device}`, "absent"));
  return { told: news, memory };
}

function tellMount(node: string, was: Mount, now: Mount): Told[] {
  if (now.wentReadOnly === true && was.wentReadOnly !== true)
    return [told(now.mountPoint, `${node}: ${now.mountPoint} went read-only`, "bad")];
  if (was.isReadOnly === now.isReadOnly) return [];
  return [
    told(now.mountPoint, `${node}: ${now.mountPoint} is ${now.isReadOnly ? "read-only" : "writable"} now`, now.isReadOnly ? "held" : "ok"),
  ];
}
