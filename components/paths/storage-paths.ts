// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/keys";
import type { EntityOf, Said } from "@/agent/protocol/console/view";
import type { Picture } from "@/components/cluster/picture";
import { unknownCrossing } from "./crossings";
import { type Crossing, link, put, type Sketch, unknown } from "./graph";

/** A disk, volume or file that the view has no entity of: its name on its machine. */
export function plainDisk(sketch: Sketch, node: string, device: string, said: Said): string {
  const name = device.replace(/^\/dev\//, "");
  const array = keyOf.array(node, name);
  if (sketch.parts.has(array)) return array;
  return put(sketch, { id: `disk:${node}/${name}`, kind: "disk", title: name, at: node, about: null, said });
}

/** md arrays and their legs, which may be devices of another machine. */
export function fromArrays(sketch: Sketch, of: Picture["of"]): void {
  for (const [key, { from, array, said }] of of("array"))
    put(sketch, { id: key, kind: "disk", title: array.name, at: from.node, about: array.level, said });
  const elsewhere = new Set(of("aoe").map(([key]) => key));
  for (const [key, { from, legs }] of of("array"))
    for (const leg of legs)
      link(sketch, key, leg.key !== null && elsewhere.has(leg.key) ? leg.key : plainDisk(sketch, from.node, leg.name, leg.said), leg.said);
}

/** Mirrors, their copies, and the disk under each. */
export function fromMirrors(sketch: Sketch, of: Picture["of"]): void {
  const sides = new Map(of("drbd"));
  for (const [key, mirror] of of("mirror")) {
    const { resource, volume, device, protocol, copies, said } = mirror;
    const title = volume === 0 ? resource : `${resource}/${volume}`;
    const about = [device, protocol === null ? null : `protocol ${protocol}`].filter((part) => part !== null).join(", ");
    put(sketch, { id: key, kind: "mirror", title, at: null, about, said });
    for (const copy of copies) {
      const id = copy.drbd ?? `${key}@${copy.node}`;
      put(sketch, { id, kind: "copy", title: `${title} on ${copy.node}`, at: copy.node, about: copy.role, said: copy.said });
      const side = copy.drbd === null ? undefined : sides.get(copy.drbd);
      link(sketch, key, id, null, copies.length > 1 ? replicationOf(copy.node, side) : []);
      link(sketch, id, under(sketch, id, copy, side));
    }
  }
}

/** DRBD's settings name addresses, and no source says whose they are: which bond carries them is not known. */
function replicationOf(node: string, side: EntityOf<"drbd"> | undefined): Crossing[] {
  const addresses = (side?.settings?.connections ?? []).flatMap(({ local }) => (local ? [local.address] : []));
  if (addresses.length === 0) return [unknownCrossing(node)];
  return [...new Set(addresses)].map((name) => ({ node, name, said: unknown("which bond carries it is not known") }));
}

function under(sketch: Sketch, id: string, copy: EntityOf<"mirror">["copies"][number], side: EntityOf<"drbd"> | undefined): string {
  const backing = side?.settings?.volumes.find(({ volume }) => volume === side.volume)?.backingDevice ?? null;
  if (backing !== null) return plainDisk(sketch, copy.node, backing, attached(copy));
  const said = attached(copy);
  return put(sketch, {
    id: `disk:${id}`,
    kind: "disk",
    title: "a disk not named",
    at: copy.node,
    about: "DRBD's settings were not read",
    said: said.level === "ok" ? unknown(said.word) : said,
  });
}

/** DRBD's own words for a disk that it has not got, or lost. Source: drbd.h, enum drbd_disk_state. */
const DETACHED: ReadonlySet<string> = new Set(["Diskless", "Failed", "Detaching"]);
const NOT_SAID: ReadonlySet<string> = new Set(["DUnknown", "Unknown", "Attaching", "Negotiating"]);

/** Of a disk under DRBD only DRBD says how it is: whether it holds it. */
function attached({ disk, said }: EntityOf<"mirror">["copies"][number]): Said {
  if (said.level === "old" || said.level === "unknown" || NOT_SAID.has(disk)) return unknown("not known now", said.why);
  if (DETACHED.has(disk)) return { level: "bad", word: "not attached", why: `DRBD says ${disk}.` };
  return { level: "ok", word: "attached", why: null };
}
