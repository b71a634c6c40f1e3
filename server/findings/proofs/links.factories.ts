// SPDX-License-Identifier: Apache-2.0
import type { Bonding } from "@/agent/protocol/model/bonding";
import { rememberPorts } from "@/server/cluster/bond-baseline";
import type { Values } from "@/server/cluster/factories";
import {
  aoeDevice,
  aoeExport,
  bond,
  cluster,
  drbd,
  host,
  iscsiSession,
  lacpBond,
  nodeFacts,
  port,
  resource,
  silent,
  target,
} from "@/server/cluster/factories";
import type { NodeFacts } from "@/server/cluster/facts";
import { target as iscsiTarget, san, serving, using } from "@/server/cluster/iscsi.factories";
import { pair, rubySettings, rubySide } from "@/server/cluster/pair.factories";
import { AT, bonds, both, MINUTE_MS, of, type Proofs, type Scene } from "./scenes.factories";

const A = "52:54:00:73:aa:01";
const B = "52:54:00:73:bb:01";
const two = (more: Parameters<typeof port>[1] = {}, one: Parameters<typeof port>[1] = {}) => [
  port("p1", { aggregatorId: 1, partnerMac: A, ...one }),
  port("p2", { aggregatorId: 1, partnerMac: A, ...more }),
];
const onRuby = (...list: Bonding["bonds"]) => of(pair(bonds(...list)));

/** A node whose bonds were `before`, and are `now`. */
function was(name: string, before: Bonding["bonds"], now: Bonding["bonds"]): NodeFacts {
  const value = { bonds: now, unread: [] };
  const memory = rememberPorts(rememberPorts({}, { bonds: before, unread: [] }, AT - MINUTE_MS), value, AT - 1_000);
  const node = nodeFacts(name, { bonding: value });
  const { bonding } = node.sources;
  if (!bonding) throw new Error("no bonds");
  return { ...node, sources: { ...node.sources, bonding: { ...bonding, memory } } };
}
const onSwitch = (a: boolean, b: boolean) => {
  const down = { link: "down", partnerMac: null };
  return [
    lacpBond("idmz", [
      port("p1", a ? { partnerMac: A, aggregatorId: 1 } : { ...down, aggregatorId: 2 }),
      port("p2", b ? { partnerMac: B, aggregatorId: 1 } : { ...down, aggregatorId: 2 }),
    ]),
  ];
};
const switchOff = (...nodes: [string, boolean][]): Scene =>
  of(cluster(...nodes.map(([name, isLost]) => was(name, onSwitch(true, true), onSwitch(true, !isLost)))));

/** store goes over idmz on both nodes, of these MTUs. */
const sized = (ruby: Record<string, number>, crystal: number | null): Scene => {
  const routes = [{ interface: "idmz", destination: "10.0.0.0", prefixLength: 24 }];
  const one = (name: string, mtu: number | null) => ({ name, mac: null, linkUp: true, speedBitsPerSec: null, mtu });
  const own = Object.entries(ruby).map(([name, mtu]) => one(name, mtu));
  return of(
    pair(
      { ...bonds(bond("idmz", [port("p1")])), host: host({ routes, interfaces: own }) },
      { host: host({ routes, interfaces: [one("idmz", crystal)] }) },
    ),
  );
};

const JADE = "52:54:00:00:01:00";
const storage = (name: string, mac: string, values: Values = {}, mtu: number | null = 9_000) =>
  nodeFacts(name, {
    aoe: { devices: [], exports: [aoeExport("e0.1", { interface: "e1p1" })], deadSeconds: null, unread: [] },
    host: host({ interfaces: [{ name: "e1p1", mac, linkUp: true, speedBitsPerSec: null, mtu }] }),
    ...values,
  });
const client = (devices = [aoeDevice("e0.1", [target(JADE)], { interfaces: ["e2p1"] })], mtu: number | null = 9_000) =>
  nodeFacts(
    "hv05",
    {
      aoe: { devices, exports: [], deadSeconds: 180, unread: [] },
      host: host({ interfaces: [{ name: "e2p1", mac: "52:54:00:00:09:00", linkUp: true, speedBitsPerSec: null, mtu }] }),
    },
    { role: "client" },
  );
const exporting = (sync: boolean) =>
  of(cluster(nodeFacts("jade", { aoe: { devices: [], exports: [aoeExport("e0.1", { sync })], deadSeconds: null, unread: [] } })));
const onMirror = (role: string) => ({ drbd: drbd([rubySide({ role })], { settings: [rubySettings] }) });

const served = (...values: [agent: string, values: Record<string, string>][]) =>
  of(
    both({
      resources: values.map(([agent], index) => resource(`p${index}`, "ruby", { agent: `ocf:heartbeat:${agent}` })),
      parameters: values.map(([, own], index) => ({ resource: `p${index}`, values: own })),
    }),
  );
const LIO = { implementation: "lio-t" };
const TGT = { implementation: "tgt", tid: "1" };

export const LINKS_AND_PATHS: Proofs = {
  "iscsi-implementation": {
    fires: served(["iSCSITarget", LIO], ["iSCSILogicalUnit", {}]),
    not: served(["iSCSITarget", LIO], ["iSCSILogicalUnit", LIO]),
  },
  "iscsi-tid": {
    fires: served(["iSCSITarget", TGT], ["iSCSITarget", TGT]),
    not: served(["iSCSITarget", { ...LIO, tid: "1" }], ["iSCSITarget", { ...LIO, tid: "1" }]),
  },
  "iscsi-recovery": { fires: served(["iscsi", {}]), not: served(["iscsi", { try_recovery: "true" }]) },
  "bond-ports": {
    fires: onRuby(bond("idmz", [port("p1"), port("p2", { link: "down" })])),
    not: of(cluster(silent(nodeFacts("ruby", bonds(bond("idmz", [port("p1"), port("p2", { link: "down" })]))))), { nowMs: AT + MINUTE_MS }),
  },
  "bond-missing": {
    fires: of(cluster(was("ruby", [bond("idmz", [port("p1"), port("p2")])], [bond("idmz", [port("p1")])]))),
    not: of(cluster(was("ruby", [bond("idmz", [port("p1")])], [bond("idmz", [port("p1")])]))),
  },
  "link-mtu": { fires: sized({ idmz: 9_000, p1: 1_500 }, 9_000), not: sized({ idmz: 1_500, p1: 9_000 }, 1_500) },
  "line-mtu": { fires: sized({ idmz: 9_000, p1: 9_000 }, 1_500), not: sized({ idmz: 9_000, p1: 9_000 }, null) },
  "bond-miscabled": {
    fires: onRuby(lacpBond("idmz", two({ partnerMac: B, aggregatorId: 2 }))),
    not: onRuby(lacpBond("idmz", two({ link: "down", partnerMac: B, aggregatorId: 2 }))),
  },
  "bond-one-switch": { fires: onRuby(lacpBond("idmz", two())), not: onRuby(lacpBond("idmz", two().slice(0, 1))) },
  "switch-lost": { fires: switchOff(["ruby", true], ["crystal", true]), not: switchOff(["ruby", true], ["crystal", false]) },
  "aoe-path": {
    fires: of(cluster(storage("jade", JADE), client([aoeDevice("e0.1", [target(JADE)], { state: "down" })]))),
    not: of(cluster(storage("jade", JADE), client())),
  },
  "aoe-sync": { fires: exporting(false), not: exporting(true) },
  "aoe-mtu": {
    fires: of(cluster(storage("jade", JADE, {}, 1_500), client())),
    not: of(cluster(storage("jade", JADE, {}, null), client())),
  },
  "aoe-twice": {
    fires: of(cluster(storage("jade", JADE), storage("glouton", "52:54:00:00:02:00")), {
      findingSince: new Map([["aoe-twice:e0.1", AT - MINUTE_MS]]),
    }),
    not: of(cluster(storage("jade", JADE, onMirror("Primary")))),
  },
  "iscsi-target": {
    fires: of(san({ ruby: serving(iscsiTarget({ portals: [] })), hv01: using() })),
    not: of(san({ ruby: serving(iscsiTarget({ portals: [], hasAllPortals: false })) })),
  },
  "iscsi-session": {
    fires: of(san({ hv01: using(iscsiSession({ state: "FAILED", connectionState: "failed" })) })),
    not: of(san()),
  },
  "iscsi-timeout": {
    fires: of(san({ hv01: using(iscsiSession({ recoveryTimeoutSeconds: 15 })) })),
    not: of(
      san({ hv01: using(iscsiSession({ recoveryTimeoutSeconds: 15 }), iscsiSession({ name: "session2", recoveryTimeoutSeconds: 15 })) }),
    ),
  },
};
