// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { HostError, type RunResult } from "@/agent/host/host";
import { memoryHost } from "@/agent/host/memory-host";
import { Versions } from "@/agent/protocol/model/versions";
import { versions } from "./collector";

const fixture = (name: string) => readFileSync(path.join(import.meta.dirname, "fixtures", `${name}.txt`), "utf8");
const ok = (stdout: string): RunResult => ({ exitCode: 0, stdout, stderr: "" });
const failed = (stdout: string, stderr: string): RunResult => ({ exitCode: 1, stdout, stderr });

const debian = {
  files: {
    "/etc/os-release": fixture("os-release-debian-12"),
    "/sys/module/drbd/version": "8.4.11\n",
    "/proc/crypto": "name : sha1\ntype : shash\n\nname : crc32c\ntype : shash\n\nname : cbc(aes)\ntype : skcipher\n",
  },
  tools: { modinfo: ok("8.4.11\n"), drbdadm: ok(fixture("drbdadm-9.22")), "dpkg-query": ok(fixture("packages-dpkg")) },
};

test("a Debian storage node: packages with their patch level, the module in the kernel and the one on disk", async () => {
  expect(Versions.parse(await versions.read(memoryHost(debian), null))).toEqual({
    os: "Debian GNU/Linux 12 (bookworm)",
    drbdLoaded: "8.4.11",
    drbdInstalled: "8.4.11",
    drbdUtils: "9.22.0-1",
    pacemaker: "2.1.5-1+deb12u1",
    corosync: "3.1.7-1+deb12u2",
    resourceAgents: "1:4.12.0-2",
    vblade: "25-1+b1",
    digests: ["crc32c", "sha1"],
    unread: [],
  });
});

test("digests are asked for where a DRBD may compare by them; a kernel that hides them says nothing", async () => {
  const without = { files: { "/etc/os-release": fixture("os-release-debian-12"), "/proc/crypto": "name : md5\ntype : shash\n" } };
  expect(await versions.read(memoryHost(without), null)).toMatchObject({ digests: null });
  const hidden = { files: { "/sys/module/drbd/version": "8.4.11\n" } };
  expect(await versions.read(memoryHost(hidden), null)).toMatchObject({ drbdLoaded: "8.4.11", digests: null, unread: [] });
});

test("no package manager: the tools speak for themselves, and what has no tool is not said", async () => {
  const host = memoryHost({
    files: { "/proc/drbd": fixture("proc-drbd-8.4.11") },
    tools: {
      drbdadm: ok(fixture("drbdadm-9.22")),
      pacemakerd: ok(fixture("pacemakerd-2.1.5")),
      corosync: ok(fixture("corosync-3.1.7")),
      modinfo: failed("", "modinfo: ERROR: Module drbd not found.\n"),
    },
  });
  expect(await versions.read(host, null)).toMatchObject({
    drbdLoaded: "8.4.11",
    drbdInstalled: null,
    drbdUtils: "9.22.0",
    pacemaker: "2.1.5",
    corosync: "3.1.7",
    resourceAgents: null,
    vblade: null,
  });
});

test("an rpm node that lacks one of the packages: the others are known", async () => {
  const host = memoryHost({ tools: { rpm: failed(fixture("packages-rpm"), "") } });
  expect(await versions.read(host, null)).toMatchObject({ pacemaker: "2.1.7-5.el9", vblade: null, unread: [] });
});

test("a tree that records other things: absent", async () => {
  expect(await versions.read(memoryHost(), null)).toBeNull();
});

test("a part that may not be read is named, the rest is there", async () => {
  const host = memoryHost({ ...debian, forbidden: ["/sys/module/drbd/version"] });
  const value = Versions.parse(await versions.read(host, null));
  expect(value).toMatchObject({ drbdLoaded: null, drbdInstalled: "8.4.11", pacemaker: "2.1.5-1+deb12u1" });
  expect(value.unread).toMatchObject([{ what: "the loaded DRBD module", code: "COLLECT_FORBIDDEN" }]);
});

test("a tool that hangs costs its own part alone", async () => {
  const host = memoryHost(debian);
  const hanging = {
    ...host,
    run: (tool: string, args: readonly string[]) => (tool === "dpkg-query" ? Promise.reject<never>(timedOut()) : host.run(tool, args)),
  };
  const value = Versions.parse(await versions.read(hanging, null));
  expect(value).toMatchObject({ drbdUtils: "9.22.0", pacemaker: null });
  expect(value.unread).toMatchObject([{ what: "installed packages", code: "COLLECT_TIMEOUT" }]);
});

function timedOut(): HostError {
  return new HostError("HOST_TIMEOUT", "dpkg-query did not answer within 5 s");
}

test.each<[string, Record<string, RunResult>]>([
  ["dpkg's", { "dpkg-query": { exitCode: 2, stdout: "", stderr: "dpkg-query: error: failed to open package info file\n" } }],
  ["rpm's", { rpm: { exitCode: 1, stdout: "", stderr: "error: cannot open Packages database in /var/lib/rpm\n" } }],
])("a package database that cannot be read, %s: said, not 'not installed'", async (_, tools) => {
  const value = await versions.read(memoryHost({ files: debian.files, tools }), null);
  expect(value).toMatchObject({ resourceAgents: null, unread: [{ what: "installed packages", code: "COLLECT_READ" }] });
});

test("a dpkg that knows none of them leaves the word to rpm", async () => {
  const tools = { "dpkg-query": failed("", "dpkg-query: no packages found\n"), rpm: ok("vblade\t25-1\n") };
  expect(await versions.read(memoryHost({ files: debian.files, tools }), null)).toMatchObject({ vblade: "25-1", unread: [] });
});

test("it is looked again soon while a service lacks something, or while no cluster says yet what they need", () => {
  const need = (isThere: boolean | null) => ({ resource: "web", kind: "unit", name: "nginx.service", isThere });
  const names = ["os", "drbdLoaded", "drbdInstalled", "drbdUtils", "pacemaker", "corosync", "resourceAgents", "vblade"];
  const none = { ...Object.fromEntries(names.map((name) => [name, null])), unread: [] };
  const pace = (more: Record<string, unknown>) => versions.paceMs?.(Versions.parse({ ...none, pacemaker: "2.1.5", ...more }));
  expect(pace({ needs: [need(true), need(null)] })).toBe(300_000);
  expect(pace({ needs: [need(true), need(false)] })).toBe(30_000);
  expect(pace({})).toBe(30_000);
  expect(pace({ pacemaker: null })).toBe(300_000);
});
