// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { Corosync } from "@/agent/protocol/model/corosync";
import type { DrbdPeer } from "@/agent/protocol/model/drbd";
import type { KernelLine } from "@/agent/protocol/model/kernel-log";
import { corosync, stoppedCorosync, withoutQuorum } from "../corosync.factories";
import {
  aoeDevice,
  aoeExport,
  bond,
  cluster,
  device,
  drbd,
  fact,
  failed,
  host,
  lacpBond,
  nodeFacts,
  ok,
  peer,
  port,
  T0,
  target,
} from "../factories";
import { pair, rubySettings } from "../pair.factories";
import { crystal, drbdFact, ruby, type Step, tell } from "../tell.factories";

describe("DRBD in events", () => {
  const syncing = { replication: "SyncSource", disk: "Inconsistent" };

  it("a resync: started, in sync after its time, told by one side only", () => {
    const { texts } = tell(
      pair(),
      [
        "ruby",
        drbdFact(
          ruby({ connection: "NetworkFailure", replication: "Off", role: "Unknown", disk: "DUnknown" }, { cs: "NetworkFailure" }),
          T0 + 1_000,
        ),
      ],
      [
        "crystal",
        drbdFact(
          crystal({ connection: "Connecting", replication: "Off", role: "Unknown", disk: "DUnknown" }, { cs: "WFConnection" }),
          T0 + 1_500,
        ),
      ],
      [
        "ruby",
        drbdFact(
          ruby({ connection: "Connecting", replication: "Off", role: "Unknown", disk: "DUnknown" }, { cs: "WFConnection" }),
          T0 + 2_000,
        ),
      ],
      ["crystal", drbdFact(crystal({ replication: "SyncTarget" }, { cs: "SyncTarget", disk: "Inconsistent" }), T0 + 61_000)],
      ["ruby", drbdFact(ruby(syncing, { cs: "SyncSource" }), T0 + 61_200)],
      ["ruby", drbdFact(ruby({}), T0 + 760_000)],
      ["crystal", drbdFact(crystal({}), T0 + 760_100)],
    );
    expect(texts).toEqual([
      "store: connection to crystal lost (NetworkFailure)",
      "store: connected to ruby after 1 min",
      "store: resync to crystal started",
      "store in sync after 11 min 39 s",
    ]);
  });

  it("one side whose agent is gone silences nobody", () => {
    const cut = ruby({ connection: "Connecting", replication: "Off" }, { cs: "WFConnection" });
    const { texts } = tell(
      pair(),
      ["crystal", drbdFact(crystal({}), T0)],
      ["ruby", drbdFact(ruby({}), T0)],
      ["ruby", drbdFact(cut, T0 + 1_000)],
      ["ruby", drbdFact(ruby({}), T0 + 9_000)],
    );
    expect(texts).toEqual(["store: connection to crystal lost (WFConnection)", "store: connected to crystal after 8 s"]);
  });

  it("a failed reading and counters in between make nobody forget when the resync began", () => {
    const { texts } = tell(
      pair(),
      ["ruby", drbdFact(ruby(syncing), T0 + 1_000)],
      ["ruby", { type: "telemetry", source: "drbd", readings: { drbd: ok(ruby({ ...syncing, outOfSyncBytes: 5 }), T0 + 2_000) } }],
      ["ruby", fact("drbd", { drbd: failed("no answer", T0 + 3_000) }, T0 + 3_000)],
      ["ruby", drbdFact(ruby(syncing), T0 + 4_000)],
      ["ruby", drbdFact(ruby({}), T0 + 61_000)],
    );
    expect(texts.at(-1)).toBe("store in sync after 1 min");
  });

  it.each([
    ["a promotion", ruby({}, { role: "Secondary" }), ["store: Secondary on ruby"]],
    ["a lost disk", ruby({}, { disk: "Diskless" }), ["store on ruby: Diskless, was UpToDate"]],
    ["suspended I/O", ruby({}, { suspended: true, suspendedBy: ["fencing"] }), ["store: I/O suspended on ruby (fencing)"]],
    [
      "StandAlone",
      ruby({ connection: "StandAlone", replication: "Off" }, { cs: "StandAlone" }),
      ["store: ruby is StandAlone, the connection to crystal is lost"],
    ],
    ["a verify", ruby({ replication: "VerifyS" }, { cs: "VerifyS" }), ["store: verify started"]],
    ["an unknown word", ruby({ replication: "Dreaming" }, { cs: "Dreaming" }), ["store: replication with crystal is Dreaming on ruby"]],
    ["counters only", ruby({ outOfSyncBytes: 4_096 }), []],
    ["the mirror taken down", drbd([]), ["store is down on ruby"]],
    [
      "another mirror up",
      drbd([...ruby({}).devices, device({ minor: 1, resource: "mail" })], { settings: [rubySettings] }),
      ["mail is up on ruby"],
    ],
  ])("%s", (_, value, expected) => {
    expect(tell(pair(), ["ruby", drbdFact(value, T0 + 1_000)]).texts).toEqual(expected);
  });

  it("a line that goes and comes back says so as fields, too, beside its words", () => {
    const gone = { connection: "Connecting", replication: "Off", role: "Unknown", disk: "DUnknown" };
    const { events } = tell(
      pair(),
      ["ruby", drbdFact(ruby(gone, { cs: "WFConnection" }), T0 + 1_000)],
      ["ruby", drbdFact(ruby({ ...gone, connection: "StandAlone" }, { cs: "StandAlone" }), T0 + 2_000)],
      ["ruby", drbdFact(ruby(gone, { cs: "WFConnection" }), T0 + 3_000)],
      ["ruby", drbdFact(ruby({}), T0 + 4_000)],
      ["ruby", drbdFact(ruby({}, { role: "Secondary" }), T0 + 5_000)],
    );
    const line = (is: string) => ({ kind: "mirrorLine", resource: "store", volume: 0, peer: "crystal", line: is });
    const lines = ["lost", "standAlone", "trying", "connected"].map(line);
    expect(events.map(({ payload }) => payload)).toEqual([...lines, undefined]);
  });

  it("a verify's end is its record's to tell: neither a reading nor a line alone knows how it ended", () => {
    const { texts } = tell(
      pair(),
      ["ruby", drbdFact(ruby({ replication: "VerifyS" }), T0 + 1_000)],
      ["ruby", drbdFact(ruby({ outOfSyncBytes: 57_344 }), T0 + 50_000)],
    );
    expect(texts).toEqual(["store: verify started"]);
  });

  it("DRBD 9 names its peers itself", () => {
    const value = (of: Partial<DrbdPeer>) =>
      drbd([device({ cs: null, peers: [peer({ name: "narvik" }), peer({ name: "tromso", ...of })] })]);
    const facts = cluster(nodeFacts("bergen", { drbd: value({}) }));
    expect(tell(facts, ["bergen", drbdFact(value({ connection: "Connecting", replication: "Off" }), T0 + 1)]).texts).toEqual([
      "store: connection to tromso lost (Connecting)",
    ]);
  });
});

describe("bonds in events", () => {
  const value = (leaf: Parameters<typeof port>[1], more: Parameters<typeof bond>[2] = {}) => ({
    bonds: [bond("idmz", [port("idmz2", { isBond: true })]), lacpBond("idmz2", [port("e2p3"), port("e3p3", leaf)], more)],
    unread: [],
  });
  const facts = cluster(nodeFacts("crystal", { bonding: value({ failureCount: 6 }) }));

  it.each([
    ["a port down, with its count", value({ link: "down", failureCount: 7 }), ["crystal: e3p3 link down in idmz2, 7 failures"]],
    [
      "a member missing",
      { bonds: [value({}).bonds[0], lacpBond("idmz2", [port("e2p3")])].flatMap((one) => one ?? []), unread: [] },
      ["crystal: e3p3 left idmz2"],
    ],
    [
      "no active aggregator",
      value({}, { lacp: { permitted: true, aggregatorId: null, portCount: null, partnerMac: null } }),
      ["crystal: idmz2 has no active aggregator"],
    ],
    ["another active port", value({}, { activePort: "e2p3" }), ["crystal: idmz2 uses e2p3"]],
  ])("%s", (_, after, expected) => {
    expect(tell(facts, ["crystal", fact("bonding", { bonding: ok(after) })]).texts).toEqual(expected);
  });
});

describe("Corosync in events", () => {
  const names = ["ruby", "crystal"];
  const whole = corosync(1, names);
  const after = (value: Corosync, before: Corosync = whole) => {
    const facts = pair({ corosync: before }, { corosync: corosync(2, names) });
    return tell(facts, ["ruby", fact("corosync", { corosync: ok(value, T0 + 3_000) }, T0 + 3_000)]).texts;
  };

  it.each<[string, Corosync, Corosync, string[]]>([
    ["a link lost", whole, corosync(1, names, ["1 2"]), ["ruby no longer hears crystal on ring 1"]],
    ["a link back", corosync(1, names, ["1 2"]), whole, ["ruby hears crystal on ring 1 again"]],
    ["every link to a peer, once", whole, corosync(1, names, ["0 2", "1 2"]), ["ruby no longer hears crystal on ring 0 and ring 1"]],
    ["a member gone", whole, { ...whole, members: (whole.members ?? []).slice(0, 1) }, ["ruby: crystal left Corosync's membership"]],
    ["quorum lost", whole, withoutQuorum(whole), ["ruby: Corosync lost quorum"]],
    ["quorum back", withoutQuorum(whole), whole, ["ruby: Corosync has quorum again"]],
    ["stopped: all else is told by it", whole, stoppedCorosync(), ["ruby: Corosync does not run any more"]],
    ["nothing that a person would call a change", whole, { ...whole, transport: null }, []],
    ["links that could not be read this time are not lost", whole, { ...whole, links: null, members: null, quorum: null }, []],
  ])("%s", (_, before, now, expected) => {
    expect(after(now, before)).toEqual(expected);
  });
});

describe("AoE in events", () => {
  const jade = "52:54:00:00:01:00";
  const glouton = "52:54:00:00:02:00";
  const client = (mac: string, more = {}) => ({
    devices: [aoeDevice("e1.1", [target(mac, more)])],
    exports: [],
    deadSeconds: 180,
    unread: [],
  });
  const owner = nodeFacts("jade", {
    host: host({ interfaces: [{ name: "e1p1", mac: jade, linkUp: true, speedBitsPerSec: null, mtu: 9_000 }] }),
  });
  const facts = cluster(owner, nodeFacts("hv06", { aoe: client(glouton) }, { role: "client" }));
  const aoe = (value: ReturnType<typeof client>) => fact("aoe", { aoe: ok(value) });

  it("another target, by the node its MAC belongs to", () => {
    expect(tell(facts, ["hv06", aoe(client(jade))]).texts).toEqual([`hv06: e1.1 sends to jade, no longer to ${glouton}`]);
  });

  it("a collapsed window is told once, and its end", () => {
    const dead = { window: 1, taint: 40 };
    const steps: Step[] = [
      ["hv06", { type: "telemetry", source: "aoe", readings: { aoe: ok(client(glouton, dead)) } }],
      ["hv06", aoe(client(glouton, dead))],
      ["hv06", aoe(client(glouton, { window: 1, taint: 90 }))],
      ["hv06", aoe(client(glouton))],
    ];
    const expected = [`hv06: e1.1 gets no answer from ${glouton}`, `hv06: e1.1 gets answers from ${glouton} again`];
    expect(tell(facts, ...steps).texts).toEqual(expected);
    // Telemetry may be dropped: the events are the same.
    expect(tell(facts, ...steps.slice(1)).texts).toEqual(expected);
  });

  it("exports that start, stop and run without -s", () => {
    const exports = (...list: ReturnType<typeof aoeExport>[]) =>
      fact("aoe", { aoe: ok({ devices: [], exports: list, deadSeconds: null, unread: [] }) });
    const start = tell(cluster(nodeFacts("jade", { aoe: { devices: [], exports: [], deadSeconds: null, unread: [] } })), [
      "jade",
      exports(aoeExport("e1.1", { sync: false })),
    ]);
    expect(start.texts).toEqual(["e1.1 exported by jade on e1p1, without -s"]);
    expect(tell(start.facts, ["jade", exports()]).texts).toEqual(["e1.1 no longer exported by jade"]);
  });
});

describe("the machine in events", () => {
  const facts = cluster(
    nodeFacts("ruby", {
      host: host({ eccCorrected: 1, interfaces: [nic("e1p1", true), nic("e1p2", true)] }),
      bonding: { bonds: [bond("idmz", [port("e1p2")])], unread: [] },
    }),
  );
  function nic(name: string, linkUp: boolean | null) {
    return { name, mac: null, linkUp, speedBitsPerSec: null, mtu: 1_500 };
  }
  const hostFact = (more: Parameters<typeof host>[0]) => fact("host", { host: ok(host(more)) });

  it.each([
    [
      "another boot id",
      { bootId: "boot-2", kernel: "6.1.0-57" },
      ["ruby rebooted, kernel 6.1.0-57", "ruby: the kernel is 6.1.0-57, was 6.1.0-56-amd64"],
    ],
    ["a link that no bond tells", { interfaces: [nic("e1p1", false), nic("e1p2", false)] }, ["ruby: e1p1 link down"]],
  ])("%s", (_, more, expected) => {
    expect(tell(facts, ["ruby", hostFact(more)]).texts).toEqual(expected);
  });

  it("memory errors by what was told last", () => {
    const steps: Step[] = [
      ["ruby", hostFact({ eccCorrected: 1 })],
      ["ruby", hostFact({ eccCorrected: 3 })],
      ["ruby", hostFact({ eccCorrected: 3, eccUncorrected: 1 })],
    ];
    expect(tell(facts, ...steps).texts).toEqual(["ruby: 2 corrected memory errors more", "ruby: 1 uncorrected memory error more"]);
  });
});

describe("kernel lines", () => {
  const line = (
    text: string,
    kmsgSeq = 1,
    atMs = T0,
  ): { type: "line"; journalId: string; seq: number; atMs: number; line: KernelLine } => ({
    type: "line",
    journalId: "journal",
    seq: kmsgSeq,
    atMs,
    line: { kmsgSeq, atMs, priority: 3, topic: "drbd", text },
  });

  it.each([
    ["block drbd0: Split-Brain detected but unresolved, dropping connection!", ["store on ruby: split brain detected, connection dropped"]],
    ["block drbd0: Online verify found 14 4k block out of sync!", ["store on ruby: verify found 56 KiB out of sync"]],
    ["block drbd0: Online Verify reached sector 179968", []],
    ["block drbd0: Online verify done (total 48 sec; paused 0 sec; 5460 K/sec)", []],
    ["INFO: task targetcli:21877 blocked for more than 120 seconds.", ["ruby: targetcli hangs for more than 120 seconds"]],
    ["Out of memory: Killed process 812 (mysqld) total-vm:1kB", ["ruby: out of memory, mysqld was killed"]],
    ["blk_update_request: I/O error, dev sdb, sector 1953 op 0x0:(READ)", ["ruby: I/O error on sdb"]],
    ["drbd r0: conn( WFConnection -> WFReportParams ) ", []],
  ])("%s", (text, expected) => {
    expect(tell(pair(), ["ruby", line(text)]).texts).toEqual(expected);
  });

  it("the same trouble is told once a minute, however many lines it prints", () => {
    const io = "I/O error, dev sdb, sector";
    const { texts, facts } = tell(
      pair(),
      ["ruby", line(`${io} 8`, 1)],
      ["ruby", line(`${io} 16`, 2, T0 + 10)],
      ["ruby", line(`${io} 24`, 3, T0 + 70_000)],
    );
    expect(texts).toHaveLength(2);
    expect(facts.nodes.get("ruby")?.kernelLines.map(({ kmsgSeq }) => kmsgSeq)).toEqual([3, 2, 1]);
  });

  it("keeps the newest twelve, each once", () => {
    const steps = Array.from({ length: 20 }, (_, index): Step => ["ruby", line(`line ${index}`, index, T0 + index)]);
    const lines = steps.map(([, frame]) => frame).flatMap((frame) => (frame.type === "line" ? [frame.line] : []));
    const { facts } = tell(pair(), ...steps, ["ruby", fact("kernelLog", { kernelLog: ok({ lines: lines.slice(-5) }) })]);
    expect(facts.nodes.get("ruby")?.kernelLines.map(({ kmsgSeq }) => kmsgSeq)).toEqual([19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8]);
  });
});
