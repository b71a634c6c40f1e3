// SPDX-License-Identifier: Apache-2.0
import type { Run } from "@/agent/protocol/console/runs";
import type { VerifySummary } from "@/agent/protocol/console/verify";
import type { DlmLockspace } from "@/agent/protocol/model/dlm";
import type { Ocfs2, Ocfs2Cluster } from "@/agent/protocol/model/ocfs2";
import type { ZfsPool } from "@/agent/protocol/model/zfs";
import { arrayName, rememberNames } from "@/server/cluster/boot-baseline";
import {
  aoeDevice,
  aoeExport,
  block,
  cluster,
  drbd,
  enrolled,
  failed,
  host,
  mdArray,
  mdMember,
  mount,
  mountsOf,
  nodeFacts,
  target,
} from "@/server/cluster/factories";
import { crystalSettings, crystalSide, pair, rubySettings, rubySide } from "@/server/cluster/pair.factories";
import { NEVER } from "@/server/cluster/verifies";
import { ALONE, AT, changed, DAY_MS, LOST, MINUTE_MS, mirror, of, type Proofs } from "./scenes.factories";

const space = (more: Partial<DlmLockspace> = {}): DlmLockspace => ({
  name: "lvm_global",
  id: "0x12aabd2d",
  inKernel: true,
  inDaemon: true,
  flags: [],
  members: [1, 2],
  newStatus: null,
  waitsFor: null,
  recoverStatus: "0",
  recoverNodeId: 0,
  hasNoDirectory: false,
  ...more,
});
const locks = (more: Partial<DlmLockspace> = {}) => of(pair({ dlm: { lockspaces: [space(more)], daemon: null, unread: [] } }));

const o2: Ocfs2Cluster = {
  name: "web",
  heartbeatMode: "local",
  deadThreshold: 31,
  localNode: "ruby",
  regions: [],
  nodes: [{ name: "ruby", number: 0, address: "10.0.0.1", port: 7_777 }],
};
const ocfs2 = (more: Partial<Ocfs2> = {}): Ocfs2 => ({
  isLoaded: true,
  stack: "o2cb",
  loadedPlugins: ["o2cb"],
  activePlugin: "o2cb",
  lockingProtocol: "1.0",
  configured: [o2],
  running: null,
  unread: [],
  ...more,
});

const JADE = "52:54:00:00:01:00";
const legs = (names: Parameters<typeof mdMember>[0][]) => names.map((name, index) => mdMember(name, index));
const served = nodeFacts("jade", {
  aoe: { devices: [], exports: [aoeExport("e10.6"), aoeExport("e11.6")], deadSeconds: null, unread: [] },
  host: host({ interfaces: [{ name: "e1p1", mac: JADE, linkUp: true, speedBitsPerSec: null, mtu: null }] }),
});
const client = (name: string, more: Parameters<typeof mdArray>[1] = {}) =>
  nodeFacts(
    name,
    {
      aoe: { devices: ["e10.6", "e11.6"].map((one) => aoeDevice(one, [target(JADE)])), exports: [], deadSeconds: 180, unread: [] },
      md: { arrays: [mdArray("md0", more)], unread: [] },
    },
    { role: "client" },
  );
const array = (more: Parameters<typeof mdArray>[1] = {}) => of(cluster(served, client("hv06", more)));
const own = { members: legs(["sda1", "sdb1"]) };
const held = (id: string) => ({ findingSince: new Map([[id, AT - MINUTE_MS]]) });

const LVM = [
  block("sda", "8:0"),
  block("sda2", "8:2", { partOf: "sda" }),
  block("dm-0", "253:0", { slaves: ["sda2"], dmName: "vg0-st--ore", dmUuid: "LVM-1" }),
  block("dm-1", "253:1", { slaves: ["sda2"], dmName: "vg0-home", dmUuid: "LVM-2" }),
  block("drbd0", "147:0"),
];
const onLvm = { ...rubySettings, volumes: [{ volume: 0, minor: 0, backingDevice: "/dev/vg0/st-ore" }] };
const onDrbd = (more: Parameters<typeof mount>[2] = {}) => mount("/srv/a", "/dev/drbd0", { majorMinor: "147:0", ...more });
const mounted = (ruby: ReturnType<typeof mount>[], crystal: ReturnType<typeof mount>[] = []) =>
  of(
    cluster(
      nodeFacts("ruby", { drbd: drbd([rubySide()], { settings: [onLvm] }), mounts: mountsOf(ruby, LVM) }),
      nodeFacts("crystal", { drbd: drbd([crystalSide()], { settings: [crystalSettings] }), mounts: mountsOf(crystal, LVM) }),
    ),
  );
const shared = (mounts: ReturnType<typeof mount>[]) =>
  nodeFacts(
    mounts === ONE ? "hv05" : "hv06",
    {
      aoe: { devices: [aoeDevice("e10.6", [target(JADE)])], exports: [], deadSeconds: 180, unread: [] },
      mounts: mountsOf(mounts, [block("etherd!e10.6", "152:16")]),
    },
    { role: "client" },
  );
const ONE = [mount("/srv/a", "/dev/etherd/e10.6", { majorMinor: "152:16" })];
const OTHER = [mount("/srv/a", "/dev/etherd/e10.6", { majorMinor: "152:16" })];
const CLUSTERED = [mount("/srv/a", "/dev/etherd/e10.6", { majorMinor: "152:16", type: "ocfs2" })];

const pool = (more: Partial<ZfsPool> = {}) =>
  of(
    cluster(
      nodeFacts("ruby", {
        zfs: {
          pools: [
            {
              name: "tank",
              state: "ONLINE",
              status: null,
              action: null,
              scan: null,
              errors: null,
              sizeBytes: 1,
              allocatedBytes: 1,
              vdevs: [],
              ...more,
            },
          ],
          unread: [],
        },
      }),
    ),
  );

const last = (more: Partial<VerifySummary>): VerifySummary => ({
  id: "v",
  cluster: "san-a",
  resource: "store",
  volume: 0,
  starter: "ruby",
  peer: "crystal",
  cause: "node",
  by: null,
  run: null,
  schedule: null,
  startedAtMs: AT - DAY_MS,
  endedAtMs: AT - DAY_MS,
  result: "clean",
  percent: 100,
  says: null,
  sizeBytes: null,
  rateBytesPerSec: null,
  differsBytes: null,
  outOfSync: [],
  ...more,
});
const verified = (agoMs: number, more: Partial<VerifySummary> = {}) =>
  of(pair(), { verifies: new Map([["verify:store/0", { ...NEVER, last: last(more), cleanAtMs: AT - agoMs }]]) });

const cut = (outcome: Run["outcome"]): Run => ({
  id: "run-1",
  ask: { verb: "drbd.disconnect", args: { resource: "store", volume: 0, from: "ruby", to: "crystal" } },
  title: "Disconnect store",
  about: ["mirror:store/0"],
  by: "anna",
  isDisruptive: true,
  startedAtMs: AT - 2 * MINUTE_MS,
  endedAtMs: AT - MINUTE_MS,
  phases: [],
  outcome,
  says: null,
  undo: null,
});
const letGo = mirror(
  [{ cs: "WFConnection" }, { ...LOST, outOfSyncBytes: 8_192 }],
  [{ cs: "StandAlone" }, { ...ALONE, outOfSyncBytes: 8_192 }],
);

/** Without what it had before, `agoMs` after a boot that was at AT - 5 minutes: remembered as its frames leave it. */
const without = (source: "zfs" | "md", name: string, agoMs: number) => {
  const node = nodeFacts("ruby", { zfs: { pools: [], unread: [] }, md: { arrays: [], unread: [] } });
  const { host: machine, [source]: list } = node.sources;
  if (!machine || !list) throw new Error("not read");
  const bootMs = AT - 5 * MINUTE_MS;
  const gone = { ...list, memory: rememberNames({}, [name], [], AT - agoMs) };
  return { ...node, sources: { ...node.sources, host: { ...machine, memory: { [`boot:${bootMs}`]: bootMs } }, [source]: gone } };
};
const ARRAY = arrayName({ name: "md0", uuid: mdArray("md0").uuid });

export const STORAGE: Proofs = {
  "pool-missing": {
    fires: of(cluster(without("zfs", "tank", 4 * MINUTE_MS))),
    // Exported before the node went down.
    not: of(cluster(without("zfs", "tank", 6 * MINUTE_MS))),
  },
  "array-missing": {
    fires: of(cluster(without("md", ARRAY, 4 * MINUTE_MS))),
    not: of(cluster(without("md", ARRAY, 4 * MINUTE_MS), client("hv06"))),
  },
  "array-twice": {
    fires: of(cluster(served, client("hv05"), client("hv06")), held("array-twice:")),
    not: of(cluster(served, client("hv05", { isClustered: true }), client("hv06", { isClustered: true }))),
  },
  "array-copies": {
    fires: of(cluster(client("hv05", own), client("hv06", own)), held("array-copies:hv05/hv06")),
    not: of(cluster(client("hv05", own), client("hv06", { ...own, uuid: "0".repeat(8) }))),
  },
  "array-broken": { fires: array({ state: "inactive", level: null }), not: array({ readOnly: "auto-read-only" }) },
  "array-degraded": { fires: array({ activeDisks: 1, map: "U_", members: legs(["etherd/e10.6"]) }), not: array() },
  "array-differs": { fires: array({ mismatchCount: 128 }), not: array({ mismatchCount: 0 }) },
  "array-moves": {
    fires: array({
      action: { kind: "resync", state: "running", percent: 22, doneBytes: 1, totalBytes: 5, finishSeconds: 60, rateBytesPerSec: 1 },
    }),
    not: array(),
  },
  "mount-twice": { fires: of(cluster(served, shared(ONE), shared(OTHER))), not: of(cluster(served, shared(ONE), shared(CLUSTERED))) },
  "mount-stopped": {
    fires: mounted([onDrbd({ isReadOnly: true, wentReadOnly: true })]),
    not: mounted([onDrbd({ isReadOnly: true, wentReadOnly: false })]),
  },
  "mount-secondary": { fires: mounted([], [onDrbd()]), not: mounted([onDrbd()]) },
  "mirror-bypassed": {
    fires: mounted([mount("/srv/b", "/dev/mapper/vg0-st--ore", { majorMinor: "253:0" })]),
    not: mounted([mount("/home", "/dev/mapper/vg0-home", { majorMinor: "253:1" })]),
  },
  "zfs-pool": { fires: pool({ state: "DEGRADED" }), not: pool({ scan: "scrub in progress since Mon 13.97% done" }) },
  "dlm-waits": { fires: locks({ waitsFor: "fencing" }), not: locks({ newStatus: "wait_messages 1" }) },
  "dlm-orphan": { fires: locks({ inDaemon: false }), not: locks({ inDaemon: null }) },
  "ocfs2-stack": {
    fires: of(pair({ ocfs2: ocfs2() }, { ocfs2: ocfs2({ stack: "pcmk" }) })),
    not: of(pair({ ocfs2: ocfs2() }, { ocfs2: ocfs2({ stack: null }) })),
  },
  "ocfs2-config": {
    fires: of(pair({ ocfs2: ocfs2() }, { ocfs2: ocfs2({ configured: [{ ...o2, nodes: [] }] }) })),
    not: of(pair({ ocfs2: ocfs2() }, { ocfs2: ocfs2({ configured: null }) })),
  },
  "repair-open": { fires: of(letGo, { runs: [cut("done")] }), not: of(letGo, { runs: [cut("refused")] }) },
  "verify-never": { fires: of(pair(), { verifies: new Map() }), not: verified(DAY_MS) },
  "verify-old": { fires: verified(400 * DAY_MS), not: verified(DAY_MS) },
  "verify-differed": { fires: verified(2 * DAY_MS, { result: "differs", differsBytes: 8_192 }), not: verified(DAY_MS) },
  "node-unheard": { fires: of(cluster(...pair().nodes.values(), enrolled("jade"))), not: of(pair()) },
  "node-unread": {
    fires: of(
      changed(pair(), "ruby", (node) => {
        const { aoe: _, ...sources } = node.sources;
        return { ...node, sources };
      }),
    ),
    not: of(
      changed(pair(), "ruby", (node) => {
        const { kernelLog: _, ...sources } = node.sources;
        return { ...node, sources };
      }),
    ),
  },
  "source-failed": {
    fires: of(
      changed(pair(), "ruby", (node) => {
        const { drbd: known } = node.sources;
        if (!known) throw new Error("no DRBD");
        return { ...node, sources: { ...node.sources, drbd: { ...known, reading: failed("did not answer") } } };
      }),
    ),
    not: of(pair()),
  },
  "not-judged": {
    fires: of(pair({ bonding: { bonds: [], unread: [{ what: "idmz", code: "COLLECT_FORBIDDEN", message: "no idmz" }] } })),
    not: of(pair({ bonding: { bonds: [], unread: [{ what: "idmz LACP", code: "COLLECT_FORBIDDEN", message: "no idmz LACP" }] } })),
  },
};
