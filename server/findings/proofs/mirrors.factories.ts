// SPDX-License-Identifier: Apache-2.0

import { cluster, device, drbd, nodeFacts, resource, settings } from "@/server/cluster/factories";
import type { StoredEvent } from "@/server/cluster/facts";
import { shownEvent } from "@/server/cluster/history";
import { crystalSide, pair, rubySettings, rubySide } from "@/server/cluster/pair.factories";
import { ALONE, AT, both, LOST, MINUTE_MS, mirror, of, type Proofs } from "./scenes.factories";

const sync = (more: object = {}) => ({
  kind: "resync" as const,
  percent: 61.4,
  leftBytes: 1,
  totalBytes: 2,
  rateBytesPerSec: 1_000,
  etaSeconds: 846,
  stalled: false,
  ...more,
});
const syncing = (more: object = {}) =>
  mirror(
    [{}, { replication: "SyncSource", disk: "Inconsistent", progress: sync(more) }],
    [{ disk: "Inconsistent" }, { replication: "SyncTarget", progress: sync(more) }],
  );

/** Three copies of which the third is behind. */
const three = (paused: boolean) =>
  cluster(
    ...["bergen", "narvik", "tromso"].map((node) =>
      nodeFacts(node, {
        drbd: drbd([
          device({
            resource: "pg",
            cs: null,
            role: node === "bergen" ? "Primary" : "Secondary",
            ...(node === "tromso" ? { disk: "Inconsistent" } : {}),
            peers: ["bergen", "narvik", "tromso"]
              .filter((name) => name !== node)
              .map((name) => {
                const isSync = node !== "narvik" && name !== "narvik";
                const role = name === "bergen" ? "Primary" : "Secondary";
                return {
                  name,
                  connection: "Connected",
                  replication: !isSync
                    ? "Established"
                    : node === "tromso"
                      ? paused
                        ? "PausedSyncT"
                        : "SyncTarget"
                      : paused
                        ? "PausedSyncS"
                        : "SyncSource",
                  role,
                  disk: name === "tromso" ? "Inconsistent" : "UpToDate",
                  protocol: "C" as const,
                  outOfSyncBytes: 0,
                  pausedBy: isSync && paused ? (["user"] as const).slice() : [],
                  congested: null,
                  progress: isSync ? sync() : null,
                };
              }),
          }),
        ]),
      }),
    ),
  );

const loss = (id: number, atMs: number): StoredEvent => ({
  id,
  atMs,
  node: "ruby",
  source: "drbd",
  subject: "store",
  text: "store: connection to crystal lost (NetworkFailure)",
  level: "risk",
  by: "DRBD, ruby",
  payload: { kind: "mirrorLine", resource: "store", volume: 0, peer: "crystal", line: "lost" },
});
const losses = (...minutes: number[]) => ({
  events: minutes.map((minute, index) => shownEvent(loss(index + 1, AT - minute * MINUTE_MS))),
});

/** Each node with resources of its own, by minor and port. */
const two = (ruby: [string, number, number], crystal: [string, number, number], sharing = true) => {
  const own = ([name, minor, port]: [string, number, number], local: string, remote: string) => ({
    device: device({ resource: name, minor, role: "Primary", peers: [] }),
    settings: settings(name, minor, local, remote, port),
  });
  const a = own(ruby, "10.0.0.1", "10.9.9.9");
  const b = own(crystal, "10.0.0.2", "10.9.9.8");
  const shared = sharing
    ? { ruby: [rubySide()], crystal: [device({ role: "Secondary", peers: [rubySide().peers[0] ?? fail()] })] }
    : { ruby: [], crystal: [] };
  return pair(
    { drbd: drbd([...shared.ruby, a.device], { settings: [...(sharing ? [rubySettings] : []), a.settings] }) },
    {
      drbd: drbd([...shared.crystal, b.device], {
        settings: [...(sharing ? [settings("store", 0, "10.0.0.2", "10.0.0.1", 7_788)] : []), b.settings],
      }),
    },
  );
};
function fail(): never {
  throw new Error("no peer");
}

/** crystal's end of the line set up otherwise than ruby's. */
const setUp = (more: Parameters<typeof settings>[5]) => {
  const theirs = settings("store", 0, "10.0.0.2", "10.0.0.1", 7_788, more);
  return pair({}, { drbd: drbd([crystalSide()], { settings: [theirs] }) });
};
const fencing = (policy: string | null) => {
  const own = settings("store", 0, "10.0.0.1", "10.0.0.2", 7_788, { fencing: policy });
  return both({ resources: [resource("store", "ruby", { agent: "ocf:linbit:drbd" })] }, { drbd: drbd([rubySide()], { settings: [own] }) });
};

const loaded = (version: string) => ({
  drbd: drbd([rubySide()], {
    settings: [rubySettings],
    module: { version, generation: "8.4" as const, api: 1, protoMin: 86, protoMax: 101, build: null },
  }),
});
const versions = (ruby: string, crystal: string) => {
  const facts = mirror();
  const with_ = (name: string, version: string) => {
    const node = facts.nodes.get(name) ?? fail();
    const known = node.sources.drbd?.lastOk?.value ?? fail();
    const value = { ...known, module: { ...(known.module ?? fail()), version } };
    return nodeFacts(name, { ...loaded(version), drbd: value });
  };
  return cluster(with_("ruby", ruby), with_("crystal", crystal));
};

export const MIRRORS: Proofs = {
  "mirror-lost": {
    fires: of(mirror([{ disk: "Outdated" }, { disk: "Outdated" }], [{ disk: "Outdated" }, { disk: "Outdated" }])),
    not: of(mirror([{}, { disk: "Outdated" }], [{ disk: "Outdated" }, {}])),
  },
  "mirror-suspended": { fires: of(mirror([{ suspended: true }])), not: of(mirror([{ activityLogSuspended: true }])) },
  "mirror-alone": { fires: of(mirror([{}, LOST], [{}, LOST])), not: of(three(false)) },
  "mirror-cut": { fires: of(mirror([{}, ALONE], [{ role: "Primary" }, ALONE])), not: of(mirror([{}, LOST], [{}, LOST])) },
  "two-primaries": {
    fires: of(mirror([{}, { role: "Primary" }], [{ role: "Primary" }, { role: "Primary" }])),
    not: of(mirror()),
  },
  "mirror-apart": {
    fires: of(
      pair(
        { drbd: drbd([rubySide()], { settings: [settings("store", 0, "10.0.0.1", "10.0.0.9", 7_788)] }) },
        { drbd: drbd([device({ role: "Secondary" })], { settings: [settings("store", 0, "10.0.0.2", "10.0.0.8", 7_788)] }) },
      ),
    ),
    not: of(mirror()),
  },
  "mirror-disk": {
    fires: of(mirror([{}, { disk: "Diskless" }], [{ disk: "Diskless" }, {}])),
    not: of(mirror([{}, { disk: "Outdated" }], [{ disk: "Outdated" }, {}])),
  },
  "mirror-differs": { fires: of(mirror([{}, { outOfSyncBytes: 12_288 }])), not: of(syncing()) },
  "mirror-unknown": { fires: of(mirror([{}, { replication: "Dreaming" }])), not: of(mirror([{}, LOST], [{}, LOST])) },
  "mirror-moves": { fires: of(three(false)), not: of(syncing()) },
  "resync-stuck": { fires: of(syncing({ stalled: true })), not: of(syncing()) },
  "mirror-flaps": { fires: of(mirror(), losses(1, 3, 8)), not: of(mirror(), losses(1, 3, 11)) },
  "mirror-names": {
    fires: of(
      pair(
        {},
        {
          drbd: drbd([device({ resource: "data", role: "Secondary", peers: rubySide({}, { role: "Primary" }).peers })], {
            settings: [settings("data", 0, "10.0.0.2", "10.0.0.1", 7_788)],
          }),
        },
      ),
    ),
    not: of(mirror()),
  },
  "mirror-minors": { fires: of(two(["mail", 3, 7_790], ["web", 3, 7_791])), not: of(two(["mail", 3, 7_790], ["web", 3, 7_791], false)) },
  "mirror-ports": { fires: of(two(["mail", 3, 7_790], ["web", 4, 7_790])), not: of(two(["mail", 3, 7_790], ["web", 4, 7_790], false)) },
  "mirror-settings": { fires: of(setUp({ protocol: "A" })), not: of(setUp({ protocol: null, verifyAlg: null })) },
  "drbd-fencing": { fires: of(fencing("dont-care")), not: of(fencing(null)) },
  "drbd-versions": { fires: of(versions("8.4.11", "8.4.10")), not: of(versions("8.4.11", "8.4.11")) },
};
