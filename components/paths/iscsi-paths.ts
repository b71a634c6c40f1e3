// SPDX-License-Identifier: Apache-2.0
import type { EntityOf, Said } from "@/agent/protocol/console/view";
import type { Picture } from "@/components/cluster/picture";
import { worstFirst } from "@/components/ui/levels";
import { unknownCrossing } from "./crossings";
import { link, put, type Sketch, unknown } from "./graph";
import { plainDisk } from "./storage-paths";

const lunId = (target: string, lun: number) => `${target}#${lun}`;
const worse = (one: Said, other: Said) => (worstFirst(one.level, other.level) <= 0 ? one : other);

/** The LUNs that LIO serves, under the addresses it listens at. A target that nobody can log in to takes its LUNs with it. */
export function fromTargets(sketch: Sketch, of: Picture["of"]): void {
  for (const [key, { from, target, luns, said }] of of("target")) {
    for (const one of luns) {
      const group = target.portalGroups.find(({ tag }) => tag === one.tag);
      const portals = group?.portals.map(({ address, port }) => `${address}:${port}`) ?? [];
      const about = [portals.join(", ") || "no address", target.iqn].join(" ");
      const id = put(sketch, {
        id: lunId(key, one.lun),
        kind: "address",
        title: `LUN ${one.lun}`,
        at: from.node,
        about,
        said: worse(said, one.said),
      });
      const device = group?.luns.find(({ lun }) => lun === one.lun)?.device ?? null;
      link(
        sketch,
        id,
        one.mirror ?? plainDisk(sketch, from.node, device ?? "not said", unknown("not read", "What it lies on is not known here.")),
      );
    }
  }
}

/** The disks that sessions brought, each with who serves it now. */
export function fromSessions(sketch: Sketch, of: Picture["of"]): void {
  for (const [key, entity] of of("session")) {
    const { from, session, paths, said } = entity;
    if (paths.length === 0) toLun(sketch, putDisk(sketch, key, from.node, "no disk yet", said), null, entity);
    for (const path of paths) {
      const lun = session.disks.find(({ name }) => name === path.disk)?.lun ?? null;
      toLun(sketch, putDisk(sketch, `${key}#${path.disk}`, from.node, path.disk, path.said), lun, entity);
    }
  }
}

function putDisk(sketch: Sketch, id: string, node: string, title: string, said: Said): string {
  return put(sketch, { id, kind: "device", title, at: node, about: "iSCSI", said });
}

function toLun(sketch: Sketch, disk: string, lun: number | null, { from, session, said, servedBy }: EntityOf<"session">): void {
  // Interfaces say no addresses: which of them a session goes through is not known.
  const near = unknownCrossing(from.node);
  const id = servedBy && lun !== null ? lunId(servedBy.target, lun) : null;
  if (servedBy && id !== null && sketch.parts.has(id)) {
    link(sketch, disk, id, said, [near, unknownCrossing(servedBy.node)]);
    return;
  }
  const address = session.address ?? session.persistentAddress;
  const hole = put(sketch, {
    id: `${disk}>?`,
    kind: "address",
    title: lun === null ? "a LUN not known" : `LUN ${lun}`,
    at: servedBy?.node ?? null,
    about: [address ?? "no address said", session.target ?? ""].join(" ").trim(),
    said: said.level === "ok" ? unknown("not known here", said.why) : said,
  });
  link(sketch, disk, hole, null, [near]);
}
