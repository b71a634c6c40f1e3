// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { Said, type View } from "@/agent/protocol/console/view";
import { decode } from "@/agent/protocol/decode";
import { corosync } from "@/server/cluster/corosync.factories";
import {
  aoeDevice,
  aoeExport,
  around,
  bond,
  cluster,
  drbd,
  host,
  iscsiSession,
  mdArray,
  mount,
  mountsOf,
  nodeFacts,
  port,
  portalGroup,
  target,
} from "@/server/cluster/factories";
import { calmPacemaker, crystalSettings, crystalSide, rubySettings, rubySide } from "@/server/cluster/pair.factories";
import { project } from "@/server/cluster/project";
import { unjudged } from "./unjudged";

const MAC = "52:54:00:00:01:00";
const space = { name: "lvm", id: null, inKernel: true, inDaemon: true, flags: [], members: [1], newStatus: null, waitsFor: null };

/** Something of almost every source, all of it well. */
const facts = cluster(
  nodeFacts("ruby", {
    drbd: drbd([rubySide()], { settings: [rubySettings] }),
    pacemaker: calmPacemaker(),
    corosync: corosync(1, ["ruby", "crystal"]),
    host: host({ interfaces: [{ name: "e1p1", mac: MAC, linkUp: true, speedBitsPerSec: null, mtu: null }] }),
    bonding: { bonds: [bond("bond0", [port("eth0"), port("eth1")])], unread: [] },
    aoe: { devices: [], exports: [aoeExport("e0.1")], deadSeconds: null, unread: [] },
    iscsi: { targets: [{ iqn: "iqn.lab:o1", portalGroups: [portalGroup()] }], sessions: null, unread: [] },
    mounts: mountsOf(
      [mount("/srv/a", "/dev/drbd0")],
      [],
      [{ device: "/dev/drbd0", type: "partition", sizeBytes: 1, usedBytes: 0, priority: 0 }],
    ),
    dlm: { lockspaces: [{ ...space, recoverStatus: null, recoverNodeId: null, hasNoDirectory: null }], daemon: null, unread: [] },
  }),
  nodeFacts("crystal", {
    drbd: drbd([crystalSide()], { settings: [crystalSettings] }),
    pacemaker: calmPacemaker(),
    corosync: corosync(2, ["ruby", "crystal"]),
  }),
  nodeFacts(
    "hv01",
    {
      aoe: { devices: [aoeDevice("e0.1", [target(MAC)])], exports: [], deadSeconds: 180, unread: [] },
      iscsi: { targets: null, sessions: [iscsiSession()], unread: [] },
      md: { arrays: [mdArray("md0")], unread: [] },
    },
    { role: "client" },
  ),
);

/** Every judgement in a view that calls something good, moving or held, with the key of its entity. */
function calmIn(view: View): string[] {
  const calm = (value: unknown): string[] => {
    if (typeof value !== "object" || value === null) return [];
    const said = decode(Said, value);
    if (said.ok) return ["ok", "busy", "held"].includes(said.value.level) ? [said.value.word] : [];
    return Object.values(value).flatMap(calm);
  };
  return [...view].flatMap(([key, entity]) => calm(entity).map((word) => `${key} ${word}`));
}

it("nothing is called good at any depth of a view that cannot be judged, whatever its kind", () => {
  const before = project(facts, around(), new Map());
  const kinds = new Set(calmIn(before).map((line) => line.split(/[: ]/)[0]));
  expect([...kinds].sort().join(" ")).toBe(
    "aoe array bond cluster corosync dlm drbd export mirror mount node ring rsc session swap target",
  );
  expect(calmIn(unjudged(facts, before))).toEqual([]);
});
