// SPDX-License-Identifier: Apache-2.0

import type { Alerting } from "@/server/cluster/alerting";
import { corosync, stoppedCorosync, withoutQuorum } from "@/server/cluster/corosync.factories";
import { cluster, host, member, nodeFacts, pacemaker, resource, silent } from "@/server/cluster/factories";
import { pair } from "@/server/cluster/pair.factories";
import { AT, both, changed, DAY_MS, MINUTE_MS, members, of, type Proofs } from "./scenes.factories";

const NAMES = ["ruby", "crystal"];
const rings = (ruby = corosync(1, NAMES), crystal = corosync(2, NAMES)) => pair({ corosync: ruby }, { corosync: crystal });
/** Each node's corosync.conf, or none that was read. */
const written = (ruby: Record<string, string>, crystal: Record<string, string> | undefined) =>
  rings(corosync(1, NAMES, [], { settings: ruby }), corosync(2, NAMES, [], crystal ? { settings: crystal } : {}));
const left = (id: string) =>
  both({
    constraints: [{ id, kind: "location", resource: "g_mail", with: null, node: "crystal", score: "-INFINITY", role: null, rule: null }],
  });
const g_mail = (more: Parameters<typeof resource>[2] = {}) => [resource("g_mail", "ruby", more)];
/** DRBD goes over idmz, both rings over `ring`. */
const routed = (ring: string) => {
  const routes = [
    { interface: "idmz", destination: "10.0.0.0", prefixLength: 24 },
    ...[20, 21].map((net) => ({ interface: ring, destination: `10.${net}.0.0`, prefixLength: 24 })),
  ];
  const values = (own: number) => ({ corosync: corosync(own, NAMES), host: host({ routes }) });
  return of(pair(values(1), values(2)));
};
const failure = {
  resource: "g_mail",
  node: "ruby",
  task: "monitor",
  intervalMs: 10_000,
  exitCode: 7,
  exitStatus: "not running",
  exitReason: null,
  failCount: "1",
  lastChange: null,
};
const took = (tookMs: number, timeouts = [{ resource: "g_mail", task: "stop", timeoutMs: 100_000 }]) =>
  of(both({ operations: [{ resource: "g_mail", node: "ruby", task: "stop", tookMs, isOk: true }], timeouts }));
const clock = (aheadMs: number) => of(cluster(nodeFacts("ruby", {}, { clockOffsetMs: -aheadMs, hasPulse: true }), nodeFacts("crystal")));
const machine = (more: Parameters<typeof host>[0]) => of(cluster(nodeFacts("ruby", { host: host(more) })));
export const hung = (agoMs: number) =>
  of(
    cluster(
      nodeFacts(
        "hv05",
        {},
        {
          kernelLines: [
            {
              kmsgSeq: 1,
              atMs: AT - agoMs,
              priority: 3,
              topic: "hung",
              text: "INFO: task jbd2/sda-8:210 blocked for more than 120 seconds.",
            },
          ],
        },
      ),
    ),
  );
const declared = (endsAtMs: number) => ({
  declared: [{ node: null, owner: "anna", note: "firmware", startedAtMs: AT - DAY_MS, endsAtMs }],
});

export const CLUSTER: Proofs = {
  "no-quorum": {
    fires: of(both({ quorate: false, nodes: members({ online: false }) })),
    not: of(both({ nodes: members({ online: false }) })),
  },
  "opinions-differ": {
    fires: of(
      pair(
        { pacemaker: pacemaker([member("ruby", { isDc: true }), member("crystal", { online: false })], g_mail()) },
        { pacemaker: { ...pacemaker([member("ruby", { online: false }), member("crystal", { isDc: true })], g_mail()), quorate: false } },
      ),
    ),
    not: of(pair()),
  },
  "corosync-quorum": {
    fires: of(rings(corosync(1, NAMES), withoutQuorum(corosync(2, NAMES)))),
    not: of(rings()),
  },
  "service-twice": {
    fires: of(both({ resources: g_mail({ nodes: NAMES }) })),
    not: of(both({ resources: g_mail({ nodes: NAMES, role: "Migrating" }) })),
  },
  "service-failed": { fires: of(both({ resources: g_mail({ failed: true }) })), not: of(both({ failures: [failure] })) },
  "service-blocked": {
    fires: of(both({ resources: g_mail({ failed: true, blocked: true }) })),
    not: of(both({ resources: g_mail({ failed: true }) })),
  },
  "service-stopped": {
    fires: of(both({ resources: [resource("g_mail", null)] })),
    not: of(both({ resources: [resource("g_mail", null, { targetRole: "Stopped" })] })),
  },
  "service-orphaned": {
    fires: of(both({ resources: g_mail({ orphaned: true }) })),
    not: of(both({ resources: [resource("g_mail", null, { orphaned: true, targetRole: "Stopped" })] })),
  },
  "service-unclear": {
    fires: of(both({ resources: g_mail({ role: "Dreaming" }) })),
    not: of(both({ resources: g_mail({ role: "Dreaming" }), quorate: null })),
  },
  "service-unmanaged": {
    fires: of(both({ resources: g_mail({ managed: false }) })),
    not: of(both({ resources: g_mail({ managed: false }), maintenance: true })),
  },
  "operation-failed": {
    fires: of(both({ failures: [failure] })),
    not: of(both({ failures: [failure], resources: g_mail({ failed: true }) })),
  },
  "operation-slow": { fires: took(81_000), not: took(81_000, []) },
  maintenance: {
    fires: of(both({ maintenance: true })),
    not: of(both({ nodes: members({ maintenance: true }) })),
  },
  "left-over": { fires: of(left("cli-ban-g_mail-on-crystal")), not: of(left("loc-1")) },
  "corosync-stopped": {
    fires: of(rings(corosync(1, NAMES), stoppedCorosync())),
    not: of(changed(rings(corosync(1, NAMES), stoppedCorosync()), "crystal", silent), { nowMs: AT + 5_000 }),
  },
  "corosync-names": {
    fires: of(rings(corosync(1, NAMES), corosync(2, NAMES, [], { clusterName: "other" }))),
    not: of(rings(corosync(1, NAMES), corosync(2, NAMES, [], { clusterName: null }))),
  },
  "corosync-config": {
    fires: of(written({ "totem.token": "3000" }, { "totem.token": "10000" })),
    not: of(written({ "totem.token": "3000" }, undefined)),
  },
  "ring-down": {
    fires: of(rings(corosync(1, NAMES, ["1 2"]), corosync(2, NAMES, ["1 1"]))),
    not: of(rings(corosync(1, NAMES, ["0 2", "1 2"]), stoppedCorosync())),
  },
  "ring-loopback": {
    fires: of(
      rings(corosync(1, NAMES, [], { links: corosync(1, NAMES).links?.map((link) => ({ ...link, localAddress: "127.0.1.1" })) ?? null })),
    ),
    not: of(rings()),
  },
  "ring-shares-link": { fires: routed("idmz.10"), not: routed("eth9") },
  "ring-single": {
    fires: of(
      rings(
        corosync(1, NAMES, [], { links: corosync(1, NAMES).links?.slice(0, 1) ?? null }),
        corosync(2, NAMES, [], { links: corosync(2, NAMES).links?.slice(0, 1) ?? null }),
      ),
    ),
    not: of(rings()),
  },
  "node-gone": {
    fires: of(both({ nodes: members({ online: false }) })),
    not: of(both({ nodes: members({ standby: true }) })),
  },
  "node-held": { fires: of(both({ nodes: members({ standby: true }) })), not: of(both({ nodes: members({ online: false }) })) },
  "node-silent": {
    fires: of(changed(pair(), "crystal", silent), { nowMs: AT + 5_000 }),
    not: of(changed(both({ nodes: members({ online: false }) }), "crystal", silent), { nowMs: AT + 1_000 }),
  },
  "node-clock": { fires: clock(60_000), not: clock(9_000) },
  "node-io": { fires: machine({ ioPressurePercent: 62 }), not: machine({ ioPressurePercent: 39 }) },
  "node-memory": { fires: machine({ memoryAvailableBytes: 2 ** 32 }), not: machine({ memoryAvailableBytes: 2 ** 33 }) },
  "ecc-errors": { fires: machine({ eccUncorrected: 1 }), not: machine({ eccCorrected: null, eccUncorrected: null }) },
  "hung-tasks": { fires: hung(MINUTE_MS), not: hung(11 * MINUTE_MS) },
  "maintenance-over": {
    fires: of(both({ maintenance: true }), declared(AT - MINUTE_MS)),
    not: of(both({ maintenance: true }), declared(AT + MINUTE_MS)),
  },
  "alerts-unsent": { fires: of(both({}), { alerting: alerting(2) }), not: of(both({}), { alerting: alerting(0) }) },
};

/** One receiver that does not take what waits for it; with nothing that waits there is none. */
function alerting(waiting: number): Alerting {
  const failing = { receiver: "r1", name: "NOC chat", sinceMs: AT - MINUTE_MS, waiting, givenUp: 0, says: "It answered 503" };
  return { of: new Map(), unsent: waiting > 0 ? [failing] : [] };
}
