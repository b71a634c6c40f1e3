// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { HostError, type RunResult } from "@/agent/host/host";
import { memoryHost } from "@/agent/host/memory-host";
import { Zfs } from "@/agent/protocol/model/zfs";
import { steadyZfs, zfs } from "./collector";

const fixture = (name: string) => readFileSync(path.join(import.meta.dirname, "fixtures", `${name}.txt`), "utf8");
const mirror = fixture("status/openzfs-2.1-mirror-online");
const resilver = fixture("status/openzfs-2.1-degraded-resilver");
const ran = (stdout: string, exitCode = 0, stderr = ""): RunResult => ({ stdout, exitCode, stderr });
const folders = ["/proc/spl"];

function zpool(status: RunResult, list = ran(fixture("list/openzfs-2.1-two-pools"))) {
  return { zpool: ([verb]: readonly string[]) => (verb === "list" ? list : status) };
}

test("no module: absent, and the tool that would load it is not started", async () => {
  const host = memoryHost({ tools: zpool(ran(mirror)) });
  expect(await zfs.read(host, null)).toBeNull();
  expect(host.asked).toEqual(["/proc/spl"]);
});

test("the module without the tool: absent", async () => {
  expect(await zfs.read(memoryHost({ folders }), null)).toBeNull();
});

test("pools with their sizes", async () => {
  const value = Zfs.parse(await zfs.read(memoryHost({ folders, tools: zpool(ran(mirror)) }), null));
  expect(value.pools).toMatchObject([{ name: "tank", state: "ONLINE", sizeBytes: 3_985_729_650_688, allocatedBytes: 1_099_511_627_776 }]);
  expect(value.unread).toEqual([]);
});

test("no pool, and that is known, wherever the tool says it", async () => {
  for (const answer of [ran("no pools available\n"), ran("", 0, "no pools available\n")])
    expect(await zfs.read(memoryHost({ folders, tools: zpool(answer) }), null)).toEqual({ pools: [], unread: [] });
});

test("a tool that does not know -p is asked without", async () => {
  const old = (args: readonly string[]) =>
    args[0] === "list" ? ran("", 2, "invalid option") : args.includes("-p") ? ran("", 2, "invalid option 'p'") : ran(mirror);
  const value = await zfs.read(memoryHost({ folders, tools: { zpool: old } }), null);
  expect(value).toMatchObject({ pools: [{ name: "tank", sizeBytes: null }], unread: [{ what: "pool sizes", code: "COLLECT_READ" }] });
});

test.each([
  ["forbidden", ran("", 1, "Permission denied the ZFS utilities must be run as root."), "HOST_FORBIDDEN"],
  ["broken", ran("", 1, "internal error: out of memory"), "HOST_READ"],
])("%s: failed with the tool's words, not absent", async (_, answer, code) => {
  await expect(zfs.read(memoryHost({ folders, tools: zpool(answer) }), null)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(answer.stderr),
  });
});

test("hanging: failed, not absent", async () => {
  const hangs = () => {
    throw new HostError("HOST_TIMEOUT", "zpool did not answer");
  };
  await expect(zfs.read(memoryHost({ folders, tools: { zpool: hangs } }), null)).rejects.toMatchObject({ code: "HOST_TIMEOUT" });
});

test("how far a resilver has come is no event; a device that fails is one", async () => {
  const steady = async (text: string) => {
    const value = await zfs.read(memoryHost({ folders, tools: zpool(ran(text)) }), null);
    return value && steadyZfs(value);
  };
  expect(await steady(resilver)).toEqual(await steady(resilver.replace("13.97% done", "14.20% done")));
  expect(await steady(resilver)).not.toEqual(
    await steady(resilver.replace("sdb                   ONLINE", "sdb                   FAULTED")),
  );
});
