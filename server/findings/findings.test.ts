// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { DrbdDevice, DrbdPeer } from "@/agent/protocol/model/drbd";
import type { Pacemaker, PacemakerConstraint } from "@/agent/protocol/model/pacemaker";
import {
  aoeDevice,
  around,
  cluster,
  device,
  drbd,
  host,
  lacpBond,
  member,
  nodeFacts,
  pacemaker,
  peer,
  port,
  resource,
  silent,
  T0,
  type Values,
} from "@/server/cluster/factories";
import type { ClusterFacts } from "@/server/cluster/facts";
import { calmPacemaker, crystalSettings, crystalSide, pair, rubySettings, rubySide } from "@/server/cluster/pair.factories";
import { project } from "@/server/cluster/project";
import { RULES } from "./catalog";

function found(facts: ClusterFacts, nowMs = T0): string[] {
  return [...project(facts, around(nowMs), new Map()).values()].flatMap((entity) =>
    entity.kind === "finding" ? [`${entity.level} ${entity.title}`] : [],
  );
}

type Half = [own: Partial<DrbdDevice>, of: Partial<DrbdPeer>];
const mirror = (ruby: Half, crystal: Half): [Values, Values] => [
  { drbd: drbd([rubySide(...ruby)], { settings: [rubySettings] }) },
  { drbd: drbd([crystalSide(...crystal)], { settings: [crystalSettings] }) },
];
const both = (more: Partial<Pacemaker>): [Values, Values] => {
  const value = { ...pacemaker([member("ruby", { isDc: true }), member("crystal")], [resource("g_mail", "ruby")]), ...more };
  return [{ pacemaker: value }, { pacemaker: value }];
};
const ban = (id: string, more: Partial<PacemakerConstraint> = {}) => ({
  constraints: [
    { id, kind: "location" as const, resource: "g_mail", with: null, node: "crystal", score: "-INFINITY", role: null, rule: null, ...more },
  ],
});
const lost = { replication: "Off", role: "Unknown", disk: "DUnknown" };
const sync = { kind: "resync" as const, percent: 61.4, leftBytes: 1, totalBytes: 2, rateBytesPerSec: 1, etaSeconds: 846, stalled: false };
const three = (off: boolean, more: Partial<DrbdPeer> = {}) =>
  cluster(
    ...["bergen", "narvik", "tromso"].map((node) =>
      nodeFacts(node, {
        drbd: drbd([
          device({
            resource: "pg",
            cs: null,
            role: node === "bergen" ? "Primary" : "Secondary",
            ...(node === "tromso" && more.replication ? { disk: "Inconsistent" } : {}),
            peers: ["bergen", "narvik", "tromso"]
              .filter((name) => name !== node)
              .map((name) => {
                const isOff = off && node !== "bergen" && name !== "bergen";
                const isSync = node !== "narvik" && name !== "narvik" && more.replication !== undefined;
                return peer({
                  name,
                  ...(isOff ? { connection: "StandAlone", ...lost } : {}),
                  ...(isSync ? { ...more, replication: node === "tromso" ? "SyncTarget" : "SyncSource" } : {}),
                });
              }),
          }),
        ]),
      }),
    ),
  );

describe("what a person should know", () => {
  it.each<[string, [Values, Values], string[]]>([
    ["nothing", [{}, {}], []],
    [
      "one good copy while a resync runs",
      mirror(
        [{}, { replication: "SyncSource", disk: "Inconsistent", progress: sync }],
        [{ disk: "Inconsistent" }, { replication: "SyncTarget", progress: sync }],
      ),
      ["risk Only ruby holds store"],
    ],
    [
      "one good copy because the line is cut",
      mirror([{}, { connection: "Connecting", ...lost }], [{}, { connection: "Connecting", ...lost }]),
      ["risk Only ruby holds store"],
    ],
    [
      "two writers that do not hear each other",
      mirror([{}, { connection: "StandAlone", ...lost }], [{ role: "Primary" }, { connection: "StandAlone", ...lost }]),
      ["bad crystal and ruby do not replicate store"],
    ],
    ["blocks that differ", mirror([{}, { outOfSyncBytes: 12_288 }], [{}, {}]), ["differs store differs in 12 KiB"]],
    [
      "a lost disk",
      mirror([{}, { disk: "Diskless" }], [{ disk: "Diskless" }, {}]),
      ["risk Only ruby holds store", "risk crystal has no disk under store"],
    ],
    ["suspended I/O", mirror([{ suspended: true }, {}], [{}, {}]), ["bad I/O of store on ruby is suspended"]],
    [
      "two Primaries",
      mirror([{}, { role: "Primary" }], [{ role: "Primary" }, { role: "Primary" }]),
      ["risk store is Primary on two nodes"],
    ],
    [
      "no good copy",
      mirror([{ disk: "Outdated" }, { disk: "Outdated" }], [{ disk: "Outdated" }, { disk: "Outdated" }]),
      ["bad No good copy of store is known"],
    ],
    ["a word nobody knows", mirror([{}, { replication: "Dreaming" }], [{}, {}]), ["unknown store cannot be judged: Dreaming"]],
    [
      "a bond without an LACP partner",
      [
        {
          bonding: {
            bonds: [
              lacpBond("idmz", [port("p1")], { lacp: { permitted: true, aggregatorId: 1, portCount: 1, partnerMac: "00:00:00:00:00:00" } }),
            ],
            unread: [],
          },
        },
        {},
      ],
      ["risk ruby: idmz has 1 of 1 port, no LACP partner"],
    ],
    ["a failed service", both({ resources: [resource("g_mail", "ruby", { failed: true })] }), ["bad g_mail failed"]],
    ["a blocked service", both({ resources: [resource("g_mail", "ruby", { blocked: true })] }), ["bad g_mail is blocked"]],
    [
      "a service that runs twice",
      both({ resources: [resource("g_mail", "ruby", { nodes: ["ruby", "crystal"] })] }),
      ["bad g_mail runs twice"],
    ],
    ["a service stopped by order", both({ resources: [resource("g_mail", null, { targetRole: "Stopped" })] }), []],
    [
      "a service stopped while the cluster is at work",
      both({ resources: [resource("g_mail", null), resource("ip", "ruby", { role: "Starting" })] }),
      [],
    ],
    [
      "a node in standby",
      both({ nodes: [member("ruby", { isDc: true }), member("crystal", { standby: true })] }),
      ["held crystal is in standby"],
    ],
    [
      "a node that joins",
      both({ nodes: [member("ruby", { isDc: true }), member("crystal", { pending: true, standby: true })] }),
      ["busy crystal is pending"],
    ],
    ["a left-over ban", both(ban("cli-ban-g_mail-on-crystal")), ["risk g_mail is banned from crystal"]],
    [
      "a left-over hold",
      both(ban("cli-prefer-g_mail", { score: "INFINITY", node: null, rule: "#uname eq ruby" })),
      ["risk g_mail is held on ruby"],
    ],
    ["DRBD's own lock", both(ban("drbd-fence-by-handler-store-ms")), ["risk DRBD has locked promotion of g_mail"]],
    ["a ban of the configuration", both(ban("loc-1")), []],
    ["fencing off", both({ stonithEnabled: false }), ["risk Fencing is off"]],
    [
      "maintenance",
      both({ maintenance: true, resources: [resource("g_mail", "ruby", { managed: false })] }),
      ["held The cluster starts and stops nothing"],
    ],
    [
      "no quorum: services and nodes are told by it",
      both({ quorate: false, nodes: [member("ruby"), member("crystal", { online: false, unclean: true })] }),
      ["bad The cluster has no quorum"],
    ],
    [
      "running fencing",
      both({
        fencing: [
          {
            target: "crystal",
            action: "reboot",
            status: "pending",
            delegate: null,
            client: "controld",
            origin: "ruby",
            completed: null,
            exitReason: null,
          },
        ],
      }),
      ["busy crystal is being fenced"],
    ],
  ])("%s", (_, [ruby, crystal], expected) => {
    expect(found(pair(ruby, crystal))).toEqual(expected);
  });

  it("says how far a resync is, how long it takes, and what must not happen", () => {
    const [ruby, crystal] = mirror(
      [{}, { replication: "SyncSource", disk: "Inconsistent", progress: sync }],
      [{ disk: "Inconsistent" }, { replication: "SyncTarget", progress: sync }],
    );
    const whole = project(pair(ruby, crystal), around(), new Map()).get("cluster");
    expect(whole?.kind === "cluster" ? whole.headline : null).toEqual({
      level: "risk",
      word: "At risk: only ruby holds store",
      why: "crystal is 61 % synced, 14 min 06 s left. Until then nothing may happen to ruby.",
    });
  });

  it("two of three copies that do not hear each other are told, though every copy is good", () => {
    expect(found(three(true))).toEqual(["bad narvik and tromso do not replicate pg"]);
  });

  it("a resync beside two good copies is no risk", () => {
    expect(found(three(false, { replication: "SyncSource", progress: sync }))).toEqual(["busy pg: resync to tromso 61 %"]);
  });

  it("a source that is late on a live line", () => {
    const facts = pair();
    const ruby = facts.nodes.get("ruby");
    if (!ruby?.sources.bonding) throw new Error("no ruby");
    const late = { ...ruby, sources: { ...ruby.sources, bonding: { ...ruby.sources.bonding, takenAtMs: T0 - 60_000 } } };
    expect(found({ ...facts, nodes: new Map(facts.nodes).set("ruby", late) })).toEqual(["unknown Bonding on ruby was not read in time"]);
  });

  it("a source of which nothing came yet", () => {
    const facts = pair();
    const ruby = facts.nodes.get("ruby");
    if (!ruby) throw new Error("no ruby");
    const { aoe: _, ...sources } = ruby.sources;
    expect(found({ ...facts, nodes: new Map(facts.nodes).set("ruby", { ...ruby, sources }) })).toEqual([
      "unknown Not everything on ruby was read yet",
    ]);
  });

  it("agents that went silent far apart are told one by one", () => {
    const nodes = [...pair().nodes.values()].map((node, index) => ({ ...silent(node), lastWordAtMs: T0 - 5_000 * index }));
    expect(found(cluster(...nodes), T0 + 60_000)).toEqual(["old No word from crystal", "old No word from ruby"]);
  });
});

describe("a try to fence a node", () => {
  const entry = (status: string, target = "crystal") => ({
    target,
    action: "reboot",
    status,
    delegate: null,
    client: null,
    origin: "ruby",
    completed: null,
    exitReason: status === "failed" ? "No such device" : null,
  });
  const told = (...fencing: Pacemaker["fencing"]) => found(pair(...both({ fencing })));

  it("that failed is told until a later one succeeds or the history forgets it", () => {
    expect(told(entry("failed"))).toEqual(["risk Fencing of crystal failed"]);
    expect(told(entry("failed"), entry("failed"), entry("success"))).toEqual(["risk Fencing of crystal failed"]);
    expect(told(entry("success"), entry("failed"))).toEqual([]);
    expect(told(entry("success", "ruby"), entry("failed"))).toEqual(["risk Fencing of crystal failed"]);
    expect(told()).toEqual([]);
  });
});

describe("what no other rule tells", () => {
  const client = (aoe: Values["aoe"]) => {
    const facts = pair();
    return aoe ? { ...facts, nodes: new Map(facts.nodes).set("hv06", nodeFacts("hv06", { aoe }, { role: "client" })) } : facts;
  };
  const part = (what: string, code: "COLLECT_FORBIDDEN" | "COLLECT_READ" = "COLLECT_FORBIDDEN") => ({ what, code, message: `no ${what}` });

  it("is told as not known: a DRBD without its devices", () => {
    const facts = pair({ drbd: drbd([], { unread: [part("DRBD devices")] }) }, { drbd: drbd([], { unread: [part("DRBD devices")] }) });
    expect(found(facts)).toEqual(["unknown Not known: DRBD devices on ruby", "unknown Not known: DRBD devices on crystal"]);
    const whole = project(facts, around(), new Map()).get("cluster");
    expect(whole).toMatchObject({ headline: { level: "unknown", word: "Cannot judge: DRBD devices on ruby", why: "no DRBD devices." } });
  });

  it("is told as not known: a disk whose targets may not be read", () => {
    const facts = client({ devices: [aoeDevice("e1.1", null)], exports: [], deadSeconds: null, unread: [part("e1.1 targets")] });
    expect(found(facts)).toEqual(["unknown Not known: e1.1 (up, targets not known) and AoE: e1.1 targets on hv06"]);
  });

  it("is told as not known: a node that answers and is no member", () => {
    const facts = pair();
    const jade = nodeFacts("jade");
    expect(found({ ...facts, nodes: new Map(facts.nodes).set("jade", jade) })).toEqual(["unknown Not known: jade (not a member)"]);
  });

  it("is not told where a finding names its cause", () => {
    const nodes = [...pair().nodes.values()].map(silent);
    expect(found(cluster(...nodes), T0 + 60_000)).toEqual(["old No word from crystal and ruby"]);
  });

  it("is told beside a finding that only names the same node", () => {
    const facts = pair({
      bonding: { bonds: [], unread: [part("idmz")] },
      pacemaker: { ...calmPacemaker(), resources: [resource("g_mail", "ruby", { failed: true })] },
    });
    expect(found(facts)).toEqual(["bad g_mail failed", "unknown Not known: bonding: idmz on ruby"]);
  });

  it("is not a part by which nothing is judged", () => {
    const crmMon = [part("shutdown", "COLLECT_READ")];
    const cib = [part("blocked", "COLLECT_READ"), part("fencing", "COLLECT_READ")];
    expect(found(pair(...both({ unread: crmMon })))).toEqual([]);
    expect(found(pair(...both({ source: "cibadmin -Q", unread: cib })))).toEqual([]);
    expect(found(pair({ bonding: { bonds: [], unread: [part("idmz LACP")] } }))).toEqual([]);
    expect(found(pair({ bonding: { bonds: [], unread: [part("idmz port list")] } }))).toEqual([]);
    expect(found(pair({ host: host({ unread: [part("memory error counts")] }) }))).toEqual([]);
    expect(found(client({ devices: [], exports: [], deadSeconds: null, unread: [part("aoe_deadsecs")] }))).toEqual([]);
  });

  it("is a part that is judged by: a bond, an interface, the CIB's status, crm_mon's fencing", () => {
    expect(found(pair({ bonding: { bonds: [], unread: [part("idmz")] } }))).toEqual(["unknown Not known: bonding: idmz on ruby"]);
    expect(found(pair({ host: host({ unread: [part("interface e1p1")] }) }))).toEqual(["unknown Not known: interface e1p1 on ruby"]);
    expect(found(pair(...both({ source: "CIB on disk", unread: [part("status", "COLLECT_READ")] })))).toHaveLength(2);
    expect(found(pair(...both({ unread: [part("fencing", "COLLECT_READ")] })))).toHaveLength(2);
  });
});

describe("the catalogue", () => {
  it("holds every rule of this folder, each under its own name", async () => {
    const files = readdirSync(import.meta.dirname).filter(
      (file) => file.endsWith(".ts") && !/^(?:define|catalog|.*\.test)\.ts$/.test(file),
    );
    const rules: unknown[] = [];
    for (const file of files) {
      const exported: Record<string, unknown> = await import(/* @vite-ignore */ path.join(import.meta.dirname, file));
      rules.push(
        ...Object.values(exported).filter(
          (value) => typeof value === "object" && value !== null && !Array.isArray(value) && "find" in value,
        ),
      );
    }
    expect(new Set(RULES)).toEqual(new Set(rules));
    expect(new Set(RULES.map(({ name }) => name)).size).toBe(RULES.length);
  });
});
