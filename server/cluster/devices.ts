// SPDX-License-Identifier: Apache-2.0
import { type Entity, type EntityOf, keyOf, type Said } from "@/agent/protocol/console/view";
import { joinWords } from "./words";

/** A block device of a node as the view knows it. */
export interface KnownDevice {
  kind: "drbd" | "aoe" | "iscsi" | "md";
  /** For people: "drbd1", "e0.1", "sdb", "md0". */
  device: string;
  /** The entity in the view: of DRBD the whole mirror's. */
  key: string;
  /** The nodes at the other end of its wire; null where there is none or it is not known. */
  at: string | null;
  said: Said;
}

/** Finds what a block device of a node is, by the kernel's name: "drbd1", "etherd/e0.1", "etherd!e0.1", "md0". */
export type DeviceFinder = (node: string, name: string) => KnownDevice | null;

/** A finder over the entities there are so far. */
export function deviceFinder(entities: ReadonlyMap<string, Entity>): DeviceFinder {
  const drbds = new Map<string, EntityOf<"drbd">>();
  const sessions = new Map<string, [key: string, session: EntityOf<"session">]>();
  for (const [key, entity] of entities) {
    if (entity.kind === "drbd") drbds.set(`${entity.from.node} drbd${entity.device.minor}`, entity);
    if (entity.kind === "session") for (const { name } of entity.session.disks) sessions.set(`${entity.from.node} ${name}`, [key, entity]);
  }
  return (node, name) => {
    const plain = plainName(name);
    const drbd = drbds.get(`${node} ${plain}`);
    if (drbd) return { kind: "drbd", device: plain, key: drbd.mirror, at: null, said: drbd.said };
    const aoe = entities.get(keyOf.aoe(node, plain));
    if (aoe?.kind === "aoe") return { kind: "aoe", device: plain, key: keyOf.aoe(node, plain), at: endsOf(aoe), said: aoe.said };
    const [key, session] = sessions.get(`${node} ${plain}`) ?? [];
    if (key !== undefined && session) return { kind: "iscsi", device: plain, key, at: session.servedBy?.node ?? null, said: session.said };
    const array = entities.get(keyOf.array(node, plain));
    if (array?.kind === "array") return { kind: "md", device: plain, key: keyOf.array(node, plain), at: null, said: array.said };
    return null;
  };
}

/** A leg of an array, or a device of a pool: what it is called, and the entity it is where the view has one. */
export function legOf(find: DeviceFinder, node: string, name: string, own: Said): EntityOf<"array">["legs"][number] {
  const known = find(node, name);
  return { name: plainName(name), key: known?.key ?? null, at: known?.at ?? null, said: own };
}

/** Without AoE's folder: what people call the device. */
export function plainName(name: string): string {
  return name.replace(/^etherd[/!]/, "");
}

function endsOf({ talksTo }: EntityOf<"aoe">): string | null {
  const nodes = [...new Set(talksTo.flatMap(({ node }) => (node === null ? [] : [node])))];
  return nodes.length === 0 ? null : joinWords(nodes);
}
