// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { Entity, View } from "@/agent/protocol/console/view";
import type { Iscsi, IscsiPortalGroup, IscsiSession } from "@/agent/protocol/model/iscsi";
import { around, block, enrolled, fact, failed, iscsiSession, ok, portalGroup, silent, T0 } from "./factories";
import type { ClusterFacts, NodeFacts } from "./facts";
import { IQN, type San, san, serving, target, using } from "./iscsi.factories";
import { project } from "./project";
import { tell } from "./tell.factories";

const see = (facts: ClusterFacts): View => project(facts, around(), new Map());

function said(entity: Entity | undefined): string {
  if (!entity || !("said" in entity)) throw new Error("nothing is said");
  return `${entity.said.level} ${entity.said.word}`;
}
const session = (facts: ClusterFacts, key = "session:hv01/session1") => said(see(facts).get(key));
const targetOf = (facts: ClusterFacts, node = "ruby") => said(see(facts).get(`target:${node}/${IQN}`));
const findings = (facts: ClusterFacts) =>
  [...see(facts).values()].flatMap((entity) => (entity.kind === "finding" ? [`${entity.level} ${entity.title}`] : []));

describe("a session and who serves it", () => {
  const group = (more: Partial<IscsiPortalGroup>) => serving(target(more));
  it.each<[string, San, string]>([
    ["both ends agree", {}, "ok logged in to ruby"],
    ["the portal is every address of the node", { ruby: group({ portals: [{ address: "0.0.0.0", port: 3260 }] }) }, "ok logged in to ruby"],
    ["IPv4 spelt inside IPv6", { hv01: using(iscsiSession({ address: "::ffff:10.20.5.10" })) }, "ok logged in to ruby"],
    ["only the initiator says so", { ruby: group({ sessions: [] }) }, "risk ruby does not list it"],
    [
      "the target's list could not be read whole",
      { ruby: group({ sessions: [], hasAllSessions: false }) },
      "unknown logged in to ruby, its side not known",
    ],
    ["nobody listens where it is logged in", { ruby: group({ portals: [] }) }, "risk only this side says so"],
    ["another port", { ruby: group({ portals: [{ address: "10.20.5.10", port: 3261 }] }) }, "risk only this side says so"],
    ["another portal group", { hv01: using(iscsiSession({ tpgt: 2 })) }, "risk only this side says so"],
    ["a target outside of the cluster", { hv01: using(iscsiSession({ target: "iqn.else:x" })) }, "ok logged in to 10.20.5.10:3260"],
    ["two nodes answer, one of them lists it", { crystal: group({ sessions: [] }) }, "ok logged in to ruby"],
    [
      "two nodes had it and neither is heard: which one has it now is not known",
      { crystal: group({}), change: ({ ruby, crystal, hv01 }) => [silent(ruby), silent(crystal), hv01] },
      "unknown logged in, the other side not known",
    ],
    [
      "where its target listens could not be read",
      { ruby: group({ portals: [], hasAllPortals: false }) },
      "unknown logged in, the other side not known",
    ],
    ["its disks could not be read", { hv01: using(iscsiSession({ disks: [], hasAllDisks: false })) }, "unknown logged in, disks not read"],
    ["two nodes answer and list it", { crystal: group({}) }, "risk ruby and crystal answer"],
    [
      "its connection fell, the state not yet",
      { hv01: using(iscsiSession({ connectionState: "failed" })) },
      "bad connection failed, I/O waits",
    ],
    ["FAILED", { hv01: using(iscsiSession({ state: "FAILED", connectionState: "failed" })) }, "bad FAILED, I/O waits"],
    ["FREE", { hv01: using(iscsiSession({ state: "FREE", connectionState: "failed" })) }, "bad FREE, I/O fails"],
    ["a word nobody knows", { hv01: using(iscsiSession({ state: "DREAMING" })) }, "unknown DREAMING"],
    ["a state not read", { hv01: using(iscsiSession({ state: null })) }, "unknown state not known"],
    ["no disk", { hv01: using(iscsiSession({ disks: [] })) }, "risk logged in, no disk"],
    [
      "a disk that is offline",
      { hv01: using(iscsiSession({ disks: [{ name: "sda", lun: 0, state: "transport-offline", sizeBytes: 1 }] })) },
      "bad sda transport-offline",
    ],
    [
      "the target's node is silent",
      { change: ({ ruby, crystal, hv01 }) => [silent(ruby), crystal, hv01] },
      "unknown logged in to ruby, its side not known",
    ],
    [
      "a node was never heard and nobody else serves it",
      { change: ({ crystal, hv01 }) => [enrolled("ruby"), crystal, hv01] },
      "unknown logged in, the other side not known",
    ],
    ["the client is silent", { change: ({ ruby, crystal, hv01 }) => [ruby, crystal, silent(hv01)] }, "old was logged in to ruby"],
  ])("%s", (_, facts, expected) => {
    expect(session(san(facts))).toBe(expected);
  });

  it("moves: where it was last is not believed over where it is now", () => {
    const moved = san({
      crystal: serving(target()),
      change: ({ ruby, crystal, hv01 }) => [silent(ruby), crystal, hv01],
    });
    expect(session(moved)).toBe("ok logged in to crystal");
  });

  it("says what iscsiadm claims while that is not so", () => {
    expect(see(san({ hv01: using(iscsiSession({ connectionState: "failed" })) })).get("session:hv01/session1")).toMatchObject({
      toolSays: "iscsiadm says LOGGED_IN",
      ways: 0,
    });
  });

  it("tells each disk's way down to the backing disk", () => {
    expect(see(san()).get("session:hv01/session1")).toMatchObject({
      servedBy: { node: "ruby", target: `target:ruby/${IQN}` },
      ways: 1,
      paths: [
        {
          disk: "sda",
          steps: ["session1 to 10.20.5.10:3260", `${IQN} on ruby`, "LUN 0", "/dev/drbd0", "store, Primary UpToDate", "/dev/vdb"],
        },
      ],
    });
  });

  it.each(["/dev/vg_srv/lun-1", "/dev/mapper/vg_srv-lun--1"])("finds the mirror under a volume: %s", (device) => {
    const blocks = [
      block("dm-7", "253:7", { slaves: ["drbd0"], dmName: "vg_srv-lun--1", dmUuid: "LVM-1" }),
      block("drbd0", "147:0", { slaves: ["vdb"] }),
    ];
    const facts = san({ ruby: serving(target({ luns: [{ ...firstLun(), device }] })), blocks });
    expect(see(facts).get("session:hv01/session1")).toMatchObject({
      paths: [{ steps: expect.arrayContaining(["LUN 0", device, "store, Primary UpToDate", "/dev/vdb"]) }],
    });
    expect(see(facts).get(`target:ruby/${IQN}`)).toMatchObject({ luns: [{ mirror: "mirror:store/0" }] });
  });

  it("goes by the ACL where that gives a LUN another number, and says where there is none", () => {
    const acl = (luns: { lun: number; is: number | null }[]) =>
      see(
        san({
          ruby: serving(target({ acls: [{ initiator: "iqn.lab:hv01", luns }] })),
          hv01: using(iscsiSession({ disks: [{ name: "sda", lun: 7, state: "running", sizeBytes: 1 }] })),
        }),
      ).get("session:hv01/session1");
    expect(acl([{ lun: 7, is: 0 }])).toMatchObject({ paths: [{ steps: expect.arrayContaining(["LUN 0", "/dev/drbd0"]) }] });
    expect(acl([])).toMatchObject({ paths: [{ steps: expect.arrayContaining(["LUN 7, not there"]) }] });
  });
});

const UNREAD = "unknown logged in, the client's side not read";
const hv01Is =
  (change: (node: NodeFacts) => NodeFacts): NonNullable<San["change"]> =>
  ({ ruby, crystal, hv01 }) => [ruby, crystal, change(hv01)];
const partly = (what: string, ...sessions: IscsiSession[]): Iscsi => ({
  targets: null,
  sessions: sessions.length > 0 ? sessions : null,
  unread: [{ what, code: "COLLECT_FORBIDDEN", message: "Not permitted." }],
});

/** Its iSCSI was never read well. */
function iscsiIs(node: NodeFacts, reading: ReturnType<typeof failed>): NodeFacts {
  return { ...node, sources: { ...node.sources, iscsi: { reading, lastOk: null, takenAtMs: T0, okAtMs: null, everyMs: 2_000 } } };
}

describe("a target", () => {
  it.each<[string, San, string]>([
    ["serves", {}, "ok 1 LUN, 1 logged in"],
    ["nobody logged in is no trouble", { ruby: serving(target({ sessions: [] })) }, "ok 1 LUN, nobody logged in"],
    ["not all logins could be read", { ruby: serving(target({ hasAllSessions: false })) }, "ok 1 LUN, at least 1 logged in"],
    ["no portal: Started, and nobody can log in", { ruby: serving(target({ portals: [] })) }, "bad no portal"],
    ["disabled", { ruby: serving(target({ isEnabled: false })) }, "bad disabled"],
    ["no portal group", { ruby: serving({ iqn: IQN, portalGroups: [] }) }, "bad no portal group"],
    [
      "its portal groups could not be read",
      { ruby: serving({ iqn: IQN, portalGroups: [], hasAllGroups: false }) },
      "unknown portal groups not read",
    ],
    ["its portals could not be read", { ruby: serving(target({ portals: [], hasAllPortals: false })) }, "unknown portals not read"],
    ["its LUNs could not be read", { ruby: serving(target({ luns: [], hasAllLuns: false })) }, "unknown LUNs not read"],
    ["no LUN", { ruby: serving(target({ luns: [] })) }, "bad no LUN"],
    ["whether it is enabled was not read", { ruby: serving(target({ isEnabled: null })) }, "unknown not known whether enabled"],
    ["a backstore disabled", { ruby: serving(target({ luns: [{ ...firstLun(), isEnabled: false }] })) }, "bad LUN 0: backstore disabled"],
    [
      "one of two groups disabled",
      { ruby: serving({ iqn: IQN, portalGroups: [portalGroup(), portalGroup({ tag: 2, isEnabled: false })] }) },
      "risk group 2 disabled",
    ],
    ["its mirror is Secondary here", { of: { ruby: [{ role: "Secondary" }] } }, "bad LUN 0: store is Secondary here"],
    [
      "its mirror is cut",
      { of: { ruby: [{}, { connection: "StandAlone", replication: "Off", role: "Unknown", disk: "DUnknown" }] } },
      "bad LUN 0: store not connected",
    ],
    [
      "its DRBD is not read any more: what it stands on is not known",
      { change: ({ ruby, crystal, hv01 }) => [drbdFailed(ruby), crystal, hv01] },
      "unknown LUN 0: store not known now",
    ],
    ["served by two nodes at once", { crystal: serving(target()), of: { crystal: [{ role: "Primary" }] } }, "risk also served by crystal"],
  ])("%s", (_, facts, expected) => {
    const judged = targetOf(san(facts));
    if (expected.includes("store not connected")) expect(judged).toMatch(/^(bad|risk) LUN 0: store /);
    else expect(judged).toBe(expected);
  });

  it("names the mirror it stands on and who is logged in, with the client's own word", () => {
    expect(see(san()).get(`target:ruby/${IQN}`)).toMatchObject({
      luns: [{ tag: 1, lun: 0, mirror: "mirror:store/0" }],
      initiators: [
        { initiator: "iqn.lab:hv01", node: "hv01", session: "session:hv01/session1", said: { level: "ok", word: "hv01 logged in" } },
      ],
    });
  });

  it.each<[string, San, string]>([
    ["the client says FAILED", { hv01: using(iscsiSession({ state: "FAILED" })) }, "risk hv01 says FAILED"],
    ["the client has another session only", { hv01: using(iscsiSession({ target: "iqn.else:x" })) }, "risk hv01 has no such session"],
    ["a client without an agent", { hv01: using() }, "ok logged in"],
    ["a stranger, while a node whose name is not known is silent", { hv01: using(), change: hv01Is(silent) }, UNREAD],
    [
      "a stranger, while a node of another name is silent",
      { hv01: using(iscsiSession({ initiatorName: "iqn.lab:other" })), change: hv01Is(silent) },
      "ok logged in",
    ],
    ["the client's sessions could not be read", { hv01: partly("iSCSI sessions") }, UNREAD],
    ["the client's iSCSI could not be read at all", { change: hv01Is((node) => iscsiIs(node, failed("not permitted"))) }, UNREAD],
    ["the client's iSCSI was not read yet", { change: hv01Is((node) => ({ ...node, sources: {} })) }, UNREAD],
    ["the client's own name could not be read", { hv01: using(iscsiSession({ initiatorName: null })) }, UNREAD],
    [
      "not all the client's sessions were read",
      { hv01: partly("the rest", iscsiSession({ target: "iqn.else:x" })) },
      "unknown hv01, its side not read",
    ],
    ["the session's target was not read at the client", { hv01: using(iscsiSession({ target: null })) }, "unknown hv01, its side not read"],
    ["the session's state was not read at the client", { hv01: using(iscsiSession({ state: null })) }, "unknown hv01, state not known"],
    ["the client is silent", { change: ({ ruby, crystal, hv01 }) => [ruby, crystal, silent(hv01)] }, "unknown hv01, its side not known"],
  ])("lists a session of which %s", (_, facts, expected) => {
    const entity = see(san(facts)).get(`target:ruby/${IQN}`);
    if (entity?.kind !== "target") throw new Error("no target");
    const [first] = entity.initiators;
    expect(`${first?.said.level} ${first?.said.word}`).toBe(expected);
  });
});

function drbdFailed(node: NodeFacts): NodeFacts {
  const { drbd: known } = node.sources;
  if (!known) throw new Error("no DRBD");
  return { ...node, sources: { ...node.sources, drbd: { ...known, reading: failed("did not answer") } } };
}

function firstLun() {
  const [lun] = portalGroup().luns;
  if (!lun) throw new Error("no LUN");
  return lun;
}

describe("findings", () => {
  it("are none on a calm cluster", () => {
    expect(findings(san())).toEqual([]);
  });

  it.each<[string, San, string]>([
    ["a target without a portal", { ruby: serving(target({ portals: [] })), hv01: using() }, `bad ruby: target ${IQN} has no portal`],
    ["a disabled one", { ruby: serving(target({ isEnabled: false })), hv01: using() }, `bad ruby: target ${IQN} is disabled`],
    [
      "two nodes at once",
      { crystal: serving(target({ sessions: [] })), of: { crystal: [{ role: "Primary" }] } },
      `busy ruby: target ${IQN} is also served by crystal`,
    ],
    [
      "a failed session",
      { hv01: using(iscsiSession({ state: "FAILED", connectionState: "failed" })) },
      "bad hv01: session1 (sda): FAILED, I/O waits",
    ],
    [
      "a short patience with one way",
      { hv01: using(iscsiSession({ recoveryTimeoutSeconds: 15 })) },
      "risk hv01: session1 gives up after 15 s",
    ],
  ])("tell %s", (_, facts, expected) => {
    expect(findings(san(facts))).toContain(expected);
  });

  it("a target without a portal carries the sessions that are lost by it", () => {
    const lost = using(iscsiSession({ state: "FAILED", connectionState: "failed", address: null, port: null }));
    const facts = san({ ruby: serving(target({ portals: [], sessions: [] })), hv01: lost });
    expect(findings(facts)).toEqual([`bad ruby: target ${IQN} has no portal`, "bad hv01: session1 (sda): FAILED, I/O waits"]);
    expect(see(facts).get("finding:iscsi-session:hv01/session1")).toMatchObject({ cause: `iscsi-target:ruby/${IQN}` });
  });

  it("a cut mirror is told once, not again by the target on it", () => {
    const lost = { connection: "StandAlone", replication: "Off", role: "Unknown", disk: "DUnknown" };
    expect(findings(san({ of: { ruby: [{ cs: "StandAlone" }, lost] } })).filter((title) => title.includes("target"))).toEqual([]);
  });

  it("a short patience is right where there is a second way", () => {
    const two = [iscsiSession({ recoveryTimeoutSeconds: 5 }), iscsiSession({ name: "session2", recoveryTimeoutSeconds: 5 })];
    expect(findings(san({ hv01: using(...two) }))).toEqual([]);
  });
});

it("a client's disks are there, or not, in its head", () => {
  const carries = (facts: ClusterFacts) => {
    const node = see(facts).get("node:hv01");
    return node?.kind === "node" ? `${node.carries.level} ${node.carries.word}` : "";
  };
  expect(carries(san())).toBe("ok Its disk is there.");
  expect(carries(san({ hv01: using(iscsiSession({ state: "FREE" })) }))).toBe("bad sda is not there.");
  expect(carries(san({ hv01: using() }))).toBe("absent It has no AoE or iSCSI disks.");
});

it("events: a target that moves, its session lost and back, in words", () => {
  const at = (value: Iscsi, ms: number) => fact("iscsi", { iscsi: ok(value, T0 + ms) }, T0 + ms);
  const blocked = iscsiSession({
    state: "FAILED",
    connectionState: "failed",
    disks: [{ name: "sda", lun: 0, state: "blocked", sizeBytes: 1 }],
  });
  const { texts } = tell(
    san(),
    ["ruby", at(serving(target({ portals: [] })), 1_000)],
    ["hv01", at(using(blocked), 2_000)],
    ["ruby", at(serving(), 3_000)],
    ["crystal", at(serving(target({ sessions: [] })), 4_000)],
    ["hv01", at(using(iscsiSession()), 5_000)],
    ["crystal", at(serving(target()), 6_000)],
  );
  expect(texts).toEqual([
    `${IQN} on ruby without a portal, was served`,
    "hv01: session1 FAILED, was LOGGED_IN",
    "hv01: sda blocked, was running",
    `${IQN} no longer on ruby`,
    `${IQN} on crystal: served`,
    "hv01: session1 LOGGED_IN, was FAILED",
    "hv01: sda running, was blocked",
    `${IQN} on crystal: hv01 logged in`,
  ]);
});

it("long lists at both ends are joined by name, not by looking through the one for each of the other", () => {
  let looks = 0;
  const sessions = Array.from({ length: 300 }, (_, index) => ({
    ...iscsiSession({ name: `session${index}` }),
    get initiatorName() {
      looks += 1;
      return `iqn.x:${index}`;
    },
  }));
  const logged = Array.from({ length: 300 }, (_, index) => ({ initiator: `iqn.y:${index}`, isDynamic: true, state: null, addresses: [] }));
  expect(session(san({ ruby: serving(target({ sessions: logged })), hv01: using(...sessions) }))).toBe("risk ruby does not list it");
  expect(looks).toBeLessThan(300 * 20);
});

it("so are a client's many sessions to one target, and a group's many ACLs", () => {
  let looks = 0;
  const counted = <T extends object, K extends string>(one: T, key: K, value: string): T =>
    Object.defineProperty(one, key, {
      get() {
        looks += 1;
        return value;
      },
    });
  const sessions = Array.from({ length: 300 }, (_, index) =>
    counted(iscsiSession({ name: `session${index}` }), "initiatorName", "iqn.lab:hv01"),
  );
  const logged = Array.from({ length: 300 }, () => ({ initiator: "iqn.lab:hv01", isDynamic: true, state: null, addresses: [] }));
  const acls = Array.from({ length: 300 }, (_, index) => counted({ initiator: "", luns: [] }, "initiator", `iqn.y:${index}`));
  expect(session(san({ ruby: serving(target({ sessions: logged, acls })), hv01: using(...sessions) }))).toBe("ok logged in to ruby");
  expect(looks).toBeLessThan(600 * 20);
});
