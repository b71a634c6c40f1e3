// SPDX-License-Identifier: Apache-2.0
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ParseError } from "@/agent/collectors/define";
import { cutsOf, goldenCases } from "@/agent/collectors/golden";
import { HostError } from "@/agent/host/host";
import { type MemoryTree, memoryHost } from "@/agent/host/memory-host";
import { Iscsi } from "@/agent/protocol/model/iscsi";
import { iscsi } from "./collector";
import { fixtureTree } from "./fixture-tree";

const cases = goldenCases(path.join(import.meta.dirname, "fixtures"));

async function read(tree: MemoryTree): Promise<Iscsi | null> {
  const value = await iscsi.read(memoryHost(tree), null);
  return value === null ? null : Iscsi.parse(value);
}

function recorded(name: string) {
  return fixtureTree(cases.find((one) => one.name === name)?.text ?? "");
}

const target = recorded("linux-6.1-with-explicit-acl-alice");
const GROUP = "/sys/kernel/config/target/iscsi/iqn.2026-11.lab.alice:disk1/tpgt_1";
const session = recorded("linux-6.1-session-logged-in-carol");
const SESSION = "/sys/class/iscsi_session/session1";

describe.each(cases)("$name", ({ text, golden }) => {
  test("becomes its golden value", async () => {
    expect(await read(fixtureTree(text))).toEqual(golden);
  });

  test("cut anywhere it is a value of the contract, absent or a failure to read; nothing is there that was not", async () => {
    const states = new Set(JSON.stringify(golden).match(/"[^"]*"/g));
    for (const cut of cutsOf(text)) {
      try {
        const value = await read(fixtureTree(cut));
        const said = value?.sessions?.flatMap(({ state, connectionState, disks }) => [
          state,
          connectionState,
          ...disks.map((disk) => disk.state),
        ]);
        for (const word of said ?? []) if (word !== null) expect(states).toContain(JSON.stringify(word));
      } catch (error) {
        if (!(error instanceof HostError) && !(error instanceof ParseError)) throw error;
      }
    }
  });
});

test("no LIO and no initiator: absent", async () => {
  expect(await read({ files: { "/sys/block/vda/size": "2048\n" } })).toBeNull();
});

test("LIO alone: the initiator's side is not there; and the other way round", async () => {
  expect(await read(target)).toMatchObject({ sessions: null, unread: [] });
  expect(await read(session)).toMatchObject({ targets: null, unread: [] });
});

test("a target without a portal: there, and nobody can log in", async () => {
  const folders = target.folders.filter((one) => one !== `${GROUP}/np/0.0.0.0:3260`);
  expect((await read({ ...target, folders }))?.targets?.[0]?.portalGroups[0]).toMatchObject({ isEnabled: true, portals: [] });
});

test("who is logged in without an ACL is listed with a NUL behind each name", async () => {
  const files = { ...target.files, [`${GROUP}/dynamic_sessions`]: "iqn.2026-11.lab.dora:init\n\0iqn.2026-11.lab.emil:init\n\0" };
  expect((await read({ ...target, files }))?.targets?.[0]?.portalGroups[0]).toMatchObject({
    hasAllSessions: true,
    sessions: [
      { initiator: "iqn.2026-11.lab.carol:init", isDynamic: false, state: "TARG_SESS_STATE_LOGGED_IN", addresses: ["10.0.0.3"] },
      { initiator: "iqn.2026-11.lab.dora:init", isDynamic: true, state: null, addresses: [] },
      { initiator: "iqn.2026-11.lab.emil:init", isDynamic: true, state: null, addresses: [] },
    ],
  });
});

test.each<[string, string]>([
  ["cut in a name", "iqn.2026-11.lab.dora:init\n\0iqn.2026"],
  ["no name at all", "\n\0"],
  ["a page full: more may be logged in", `${"iqn.2026-11.lab.dora:init\n\0".repeat(150)}`],
])("sessions without an ACL, %s: the list is not whole, and that is said", async (_, text) => {
  const value = await read({ ...target, files: { ...target.files, [`${GROUP}/dynamic_sessions`]: text } });
  expect(value?.targets?.[0]?.portalGroups[0]?.hasAllSessions).toBe(false);
  expect(value?.unread).toMatchObject([{ what: "iqn.2026-11.lab.alice:disk1 group 1 sessions without an ACL" }]);
});

test("a file as backstore gives its path and its own size; a block device that of the kernel", async () => {
  const info = "Status: ACTIVATED  Max Queue Depth: 0  SectorSize: 512  HwMaxSectors: 16384\n";
  const file = `${info}        TCM FILEIO ID: 0        File: /srv/my disk.img  Size: 1073741824  Mode: O_DSYNC Async: 0\n`;
  const core = "/sys/kernel/config/target/core/iblock_0/disk1";
  const lun = async (files: Record<string, string>) =>
    (await read({ ...target, files: { ...target.files, ...files } }))?.targets?.[0]?.portalGroups[0]?.luns[0];
  expect(await lun({ [`${core}/info`]: file, [`${core}/udev_path`]: "" })).toMatchObject({
    device: "/srv/my disk.img",
    sizeBytes: 2 ** 30,
  });
  expect(await lun({ "/sys/block/vde/size": "131072\n" })).toMatchObject({ device: "/dev/vde", sizeBytes: 67_108_864 });
});

test.each<[string, string[], object]>([
  [
    "LIO",
    ["/sys/kernel/config/target"],
    { targets: null, sessions: [{ name: "session1" }], unread: [{ what: "iSCSI targets", code: "COLLECT_FORBIDDEN" }] },
  ],
  ["the initiator", ["/sys/class/iscsi_session"], { targets: [{}], sessions: null, unread: [{ what: "iSCSI sessions" }] }],
  ["one attribute", [`${GROUP}/enable`], { targets: [{ portalGroups: [{ isEnabled: null, portals: [{ port: 3260 }] }] }], unread: [{}] }],
  ["the ACLs", [`${GROUP}/acls`], { targets: [{ portalGroups: [{ acls: [], hasAllSessions: false }] }], unread: [{}] }],
  ["the list of targets", ["/sys/kernel/config/target/iscsi"], { targets: null, sessions: [{}], unread: [{ what: "iSCSI targets" }] }],
  ["a target", [path.dirname(GROUP)], { targets: [{ portalGroups: [], hasAllGroups: false }], unread: [{}] }],
  ["the portals", [`${GROUP}/np`], { targets: [{ portalGroups: [{ portals: [], hasAllPortals: false, luns: [{}] }] }], unread: [{}] }],
  ["the LUNs", [`${GROUP}/lun`], { targets: [{ portalGroups: [{ luns: [], hasAllLuns: false }] }], unread: [{}] }],
  ["a session's disks", [`${SESSION}/device`], { sessions: [{ disks: [], hasAllDisks: false }], unread: [{}] }],
  ["a session's state", [`${SESSION}/state`], { sessions: [{ state: null, connectionState: "up" }], unread: [{ what: "session1 state" }] }],
])("%s forbidden: not known and said so, the rest delivered", async (_, forbidden, expected) => {
  const both = { files: { ...target.files, ...session.files }, folders: [...target.folders, ...session.folders], links: target.links };
  expect(await read({ ...both, forbidden })).toMatchObject(expected);
});

test("nothing of it may be read: a failure, not absence", async () => {
  await expect(read({ ...target, forbidden: ["/sys/kernel/config/target"] })).rejects.toMatchObject({ code: "HOST_FORBIDDEN" });
});

test("a hanging attribute is a part that was not read", async () => {
  const broken = { [`${SESSION}/recovery_tmo`]: "HOST_TIMEOUT" as const };
  const files = Object.fromEntries(Object.entries(session.files).filter(([name]) => !name.endsWith("recovery_tmo")));
  expect(await read({ ...session, files, broken })).toMatchObject({
    sessions: [{ recoveryTimeoutSeconds: null, state: "LOGGED_IN" }],
    unread: [{ what: "session1 recovery_tmo", code: "COLLECT_TIMEOUT" }],
  });
});

test("the address of a connection that is down is refused by the kernel: nothing to say, no failure", async () => {
  const broken = { "/sys/class/iscsi_connection/connection1:0/address": "HOST_READ" as const };
  const files = Object.fromEntries(Object.entries(session.files).filter(([name]) => !name.endsWith("/address")));
  expect(await read({ ...session, files, broken })).toMatchObject({ sessions: [{ address: null }], unread: [] });
});

test("no secret is ever opened", async () => {
  const secrets = {
    [`${GROUP}/auth/userid`]: "chap\n",
    [`${GROUP}/auth/password`]: "secret\n",
    [`${GROUP}/acls/iqn.2026-11.lab.carol:init/auth/password`]: "secret\n",
    "/sys/kernel/config/target/iscsi/discovery_auth/password": "secret\n",
    [`${SESSION}/password`]: "secret\n",
    [`${SESSION}/username`]: "chap\n",
  };
  const host = memoryHost({ ...target, files: { ...target.files, ...session.files, ...secrets } });
  expect(JSON.stringify(await iscsi.read(host, null))).not.toMatch(/secret|chap/);
  expect(host.asked.filter((asked) => /password|username|userid/.test(asked))).toEqual([]);
});

test("a tree larger than any node's costs a bounded number of reads, and the rest is named as not read", async () => {
  const folders = Array.from({ length: 4_000 }, (_, index) => `/sys/kernel/config/target/iscsi/iqn.2026-11.lab:${index}/tpgt_1/np`);
  const host = memoryHost({ folders });
  const value = await iscsi.read(host, null);
  expect(Iscsi.parse(value).targets?.length).toBeLessThanOrEqual(2_048);
  expect(host.asked.length).toBeLessThan(20_000);
  expect(value?.unread.at(-1)).toMatchObject({ what: "the rest", code: "COLLECT_TOO_LARGE" });
  expect(value?.unread.length).toBeLessThan(100);
});

test("hostile names and texts give a value that fits the contract, or a failure to read", async () => {
  const step = fc.oneof(
    fc.constantFrom(
      "iqn.a:b",
      "tpgt_1",
      "tpgt_99999",
      "lun",
      "lun_0",
      "np",
      "acls",
      "0.0.0.0:3260",
      "[::1]:99999",
      "..",
      ".",
      "enable",
      "info",
    ),
    fc.string({ unit: "binary", minLength: 1, maxLength: 12 }).map((text) => text.replaceAll("/", "_")),
  );
  const root = fc.constantFrom("/sys/kernel/config/target/iscsi", "/sys/kernel/config/target/core", GROUP, SESSION, `${SESSION}/device`);
  const place = fc.tuple(root, fc.array(step, { minLength: 1, maxLength: 5 })).map(([top, steps]) => [top, ...steps].join("/"));
  const text = fc.oneof(fc.string({ unit: "binary", maxLength: 40 }), fc.constantFrom("1\n", "-1\n", "Status: \n", "InitiatorName: \n"));
  await fc.assert(
    fc.asyncProperty(fc.dictionary(place, text, { maxKeys: 12 }), fc.dictionary(place, text, { maxKeys: 6 }), async (files, links) => {
      try {
        await read({ files: { ...target.files, ...files }, folders: target.folders, links: { ...target.links, ...links } });
      } catch (error) {
        if (!(error instanceof HostError) && !(error instanceof ParseError)) throw error;
      }
    }),
    { numRuns: 300 },
  );
});
