// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import type { Picture } from "@/components/cluster/picture";
import type { Bonds } from "./crossings";
import { link, put, type Sketch, unknown } from "./graph";
import { plainDisk } from "./storage-paths";

/** What vblades serve, and what that lies on. */
export function fromExports(sketch: Sketch, of: Picture["of"]): void {
  for (const [key, { from, export: one, mirror, said }] of of("export")) {
    put(sketch, { id: key, kind: "address", title: one.name, at: from.node, about: `vblade on ${one.interface}`, said });
    link(sketch, key, mirror ?? plainDisk(sketch, from.node, one.device, unknown("not read", "Only its name is known here.")));
  }
}

/** The initiators' devices, each with where its MACs really lead. */
export function fromDevices(sketch: Sketch, of: Picture["of"], bonds: Bonds): void {
  for (const [key, entity] of of("aoe")) {
    const { device, from, said, talksTo } = entity;
    put(sketch, { id: key, kind: "device", title: device.name, at: from.node, about: "AoE", said });
    if (talksTo.length === 0) hole(sketch, key, entity);
    for (const talk of talksTo) toTarget(sketch, key, entity, talk, { of, bonds });
  }
}

/** It talks to nobody, or which targets it has may not be read: then that is what it stands on. */
function hole(sketch: Sketch, key: string, { device, said }: EntityOf<"aoe">): void {
  const state =
    device.targets === null ? unknown("targets not read", said.why) : { level: "bad" as const, word: "no target", why: said.why };
  link(sketch, key, put(sketch, { id: `${key}>?`, kind: "address", title: device.name, at: null, about: null, said: state }));
}

function toTarget(
  sketch: Sketch,
  key: string,
  { device, from }: EntityOf<"aoe">,
  talk: EntityOf<"aoe">["talksTo"][number],
  { of, bonds }: { of: Picture["of"]; bonds: Bonds },
): void {
  const target = device.targets?.find(({ mac }) => mac.toLowerCase() === talk.mac.toLowerCase());
  const through = target && target.interfaces.length > 0 ? target.interfaces : device.interfaces;
  const near = through.map((name) => bonds(from.node, name));
  const served = of("export").find(([its]) => its === talk.export)?.[1];
  if (served) {
    link(sketch, key, talk.export ?? "", talk.said, [...near, bonds(served.from.node, served.export.interface)]);
    return;
  }
  const id = `${key}>${talk.mac}`;
  const about = talk.node === null ? talk.mac : `no vblade known, ${talk.mac}`;
  link(sketch, key, put(sketch, { id, kind: "address", title: device.name, at: talk.node, about, said: talk.said }), null, near);
}
