// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import { SHARED_FILE_SYSTEMS } from "@/agent/protocol/model/mounts";
import { mainstays, mirrorUnder } from "@/server/cluster/block-stack";
import { byName, joinWords } from "@/server/cluster/words";
import { defineRule, every, mirrorName, type ViewSoFar } from "./define";

type Mount = EntityOf<"mount">;
type Entry = [string, Mount];

/** Mounts whose reading may be believed now. */
function current(view: ViewSoFar): Entry[] {
  return every(view, "mount").filter(([, { said }]) => said.level !== "old");
}

const placeOf = ({ from, mount }: Mount) => `${from.node}/${mount.mountPoint}`;

/** The mount, and what it stands on first. */
function aboutOf([key, { standsOn }]: Entry): string[] {
  return [key, ...mainstays(standsOn).flatMap((step) => (step.key === null ? [] : [step.key]))];
}

/** A file system that stopped taking writes after an error. */
export const mountStopped = defineRule({
  name: "mount-stopped",
  doc: {
    area: "storage",
    title: "A file system went read-only",
    means: "It met an error and takes no more writes.",
    levels: ["bad"],
    fires: "The kernel's list has it mounted writable, and its own options say read-only.",
    not: "A file system that was mounted read-only on purpose.",
    todo: "Read the kernel lines, stop what uses it, check it, start again.",
    needs: [50],
  },
  find: (view) =>
    current(view).flatMap((entry) => {
      const { from, mount, standsOn, said } = entry[1];
      if (mount.wentReadOnly !== true) return [];
      const mirror = mirrorUnder(view, standsOn);
      const on = mirror ? ` (${mirrorName(mirror)})` : "";
      return [
        {
          id: `mount-stopped:${placeOf(entry[1])}`,
          level: "bad" as const,
          title: `${from.node}: ${mount.mountPoint} went read-only`,
          why: `${mount.type} on ${mount.device}${on}: ${said.why ?? ""}`,
          todo: `The kernel lines of ${from.node} say which error. Stop what uses it, unmount it, check it (fsck), and start again.`,
          about: aboutOf(entry),
        },
      ];
    }),
});

/** A mounted file system of which DRBD takes no writes here. */
export const mountSecondary = defineRule({
  name: "mount-secondary",
  doc: {
    area: "storage",
    title: "A Secondary is mounted",
    means: "DRBD takes no writes there: what uses the mount fails.",
    levels: ["bad"],
    fires: "A mount stands on a mirror whose side here is Secondary.",
    not: "A mount on a Primary, and one that is read a moment before the demotion.",
    todo: "Unmount it: it belongs to the Primary.",
    needs: [22],
  },
  find: (view) =>
    current(view).flatMap((entry) => {
      const { from, mount, said } = entry[1];
      if (said.word !== "mounted on a Secondary") return [];
      return [
        {
          id: `mount-secondary:${placeOf(entry[1])}`,
          level: "bad" as const,
          title: `${from.node}: ${mount.mountPoint} is mounted on a Secondary`,
          why: `${said.why ?? ""} Writes to it fail.`,
          todo: `Unmount it on ${from.node}: it belongs to the Primary.`,
          about: aboutOf(entry),
        },
      ];
    }),
});

/** One device mounted on two nodes with a file system that is made for one. */
export const mountTwice = defineRule({
  name: "mount-twice",
  doc: {
    area: "storage",
    title: "One device is mounted on two hosts",
    means: "A file system for one host is mounted on two: it breaks.",
    levels: ["bad"],
    fires: "Two nodes have the same mirror, AoE or iSCSI device mounted, one of them writable, with a file system that is not a cluster's.",
    not: "OCFS2, GFS2 and network file systems, read-only mounts, and the moment in which a service moves.",
    todo: "Unmount it on all nodes but one, then check the file system.",
    needs: [20, 22],
  },
  find(view) {
    const byDevice = new Map<string, Entry[]>();
    for (const entry of current(view)) {
      const { mount, standsOn } = entry[1];
      const [first] = standsOn;
      if (SHARED_FILE_SYSTEMS.has(mount.type) || first === undefined) continue;
      const id = idOf(view, entry[1], first);
      if (id !== null) byDevice.set(id, [...(byDevice.get(id) ?? []), entry]);
    }
    return [...byDevice].flatMap(([id, entries]) => {
      const nodes = [...new Set(entries.map(([, { from }]) => from.node))].sort(byName);
      const [first] = entries;
      const isWritten = entries.some(([, { mount }]) => !mount.isReadOnly);
      if (!first || nodes.length < 2 || !isWritten) return [];
      const mirror = mirrorUnder(view, first[1].standsOn);
      const name = mirror ? mirrorName(mirror) : (first[1].standsOn[0]?.device ?? "");
      return [
        {
          id: `mount-twice:${id}`,
          level: "bad" as const,
          title: `${joinWords(nodes)} have ${name} mounted at once`,
          why: `${first[1].mount.type} is made for one host: each writes without the other's knowledge, and the file system breaks.`,
          todo: "Unmount it on all nodes but one now, then check the file system.",
          about: entries.flatMap(aboutOf),
        },
      ];
    });
  },
});

/** What a device is to every host that has it; null for what only one host can have, or may not have mounted for sure. */
function idOf(view: ViewSoFar, mount: Mount, { kind, device, key }: Mount["standsOn"][number]): string | null {
  if (kind === "aoe") return `aoe:${device}`;
  if (kind === "drbd") return isPrimary(view, mount) ? key : null;
  const session = key === null ? undefined : view.get(key);
  if (session?.kind !== "session" || session.session.target === null) return null;
  const lun = session.session.disks.find(({ name }) => name === device)?.lun ?? null;
  return lun === null ? null : `iscsi:${session.session.target}/${lun}`;
}

/** While a service moves, the old node's mounts are read a moment later than the new one's: only a Primary has it mounted for sure. */
function isPrimary(view: ViewSoFar, { from, standsOn }: Mount): boolean {
  return (
    mirrorUnder(view, standsOn)?.copies.some(({ node, role, said }) => node === from.node && role === "Primary" && said.level !== "old") ??
    false
  );
}
