// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { HostError, type RunResult } from "@/agent/host/host";
import { type MemoryTree, memoryHost } from "@/agent/host/memory-host";
import { Corosync } from "@/agent/protocol/model/corosync";
import { corosyncCollector } from "./collector";

const text = (name: string) => readFileSync(path.join(import.meta.dirname, "fixtures", `${name}.txt`), "utf8");
const exit = (exitCode: number, stdout = "", stderr = ""): RunResult => ({ exitCode, stdout, stderr });

const QUORUM = text("quorum/corosync-3.1.7-three-quorate");
const RINGS = text("rings/corosync-3.1.7-two-links");
const REACHABLE = text("reachable/corosync-3.1.7-two-links");
const RINGS_DOWN = text("rings/corosync-3.1.7-link-down");
const REACHABLE_DOWN = text("reachable/corosync-3.1.7-link-down");
const CONFIG = text("config/two-rings-handwritten");

type Tools = NonNullable<MemoryTree["tools"]>;
const cfgtool = (rings: () => string, reachable: () => string) => (args: readonly string[]) =>
  exit(0, args[0] === "-n" ? reachable() : rings());
const healthy: Tools = {
  "corosync-quorumtool": exit(0, QUORUM),
  "corosync-cfgtool": cfgtool(
    () => RINGS,
    () => REACHABLE,
  ),
};
/** As both tools of Corosync 3.1.7 answer where none runs. */
const stopped: Tools = {
  "corosync-quorumtool": exit(1, "", "Cannot initialize CMAP service\n"),
  "corosync-cfgtool": exit(1, "", "Could not initialize corosync configuration API error 2\n"),
};
const read = async (tree: MemoryTree) => Corosync.parse(await corosyncCollector().read(memoryHost(tree), null));
const hangs = (): never => {
  throw new HostError("HOST_TIMEOUT", "did not answer within 5 s");
};

test("quorum, members, links with both ends, and what is configured", async () => {
  const value = await read({ tools: healthy, files: { "/etc/corosync/corosync.conf": CONFIG } });
  expect(value).toMatchObject({
    isRunning: true,
    clusterName: "north",
    transport: "knet",
    localNodeId: 1,
    quorum: { quorate: true, totalVotes: 3 },
    configured: [{ name: "alder" }, { name: "birch" }],
    unread: [],
  });
  expect(value.members?.map(({ name }) => name)).toEqual(["node1", "node2", "node3"]);
  expect(value.links?.find(({ link, peerId }) => link === 1 && peerId === 3)).toEqual({
    link: 1,
    peerId: 3,
    transport: "udp",
    localAddress: "10.78.0.1",
    remoteAddress: "10.78.0.3",
    words: ["enabled", "connected"],
    isConnected: true,
    mtu: 1446,
  });
});

describe("not there, not running, not to be read are three things", () => {
  test("no tools: absent, whatever configuration is left", async () => {
    const host = memoryHost({ files: { "/etc/corosync/corosync.conf": CONFIG } });
    expect(await corosyncCollector().read(host, null)).toBeNull();
  });

  test("installed but not running is a fact, and all that only a running one says is null", async () => {
    const value = await read({ tools: stopped, files: { "/etc/corosync/corosync.conf": CONFIG } });
    expect(value).toMatchObject({ isRunning: false, clusterName: "north", quorum: null, members: null, links: null, unread: [] });
  });

  test.each<[string, MemoryTree]>([
    ["its process is there and does not answer", { files: { "/run/corosync.pid": "812\n", "/proc/812/comm": "corosync\n" } }],
    ["whether its process is there may not be seen", { forbidden: ["/run/corosync.pid"] }],
  ])("%s: forbidden, not stopped", async (_, tree) => {
    await expect(read({ tools: stopped, ...tree })).rejects.toMatchObject({ code: "HOST_FORBIDDEN" });
  });

  test("a process number left over from before, now another's: stopped", async () => {
    const files = { "/run/corosync.pid": "812\n", "/proc/812/comm": "vblade\n" };
    expect(await read({ tools: stopped, files })).toMatchObject({ isRunning: false });
  });

  test("the service says that it refuses: forbidden", async () => {
    const refusal = exit(1, "", "Could not initialize corosync configuration API error 11\n");
    await expect(read({ tools: { "corosync-quorumtool": refusal, "corosync-cfgtool": refusal } })).rejects.toMatchObject({
      code: "HOST_FORBIDDEN",
    });
  });

  test("as both tools of Corosync 3.1.7 answer a user who is not served: forbidden, with what to do", async () => {
    const tools = { ...stopped, "corosync-cfgtool": exit(1, "", "Could not initialize corosync configuration API error 11\n") };
    await expect(read({ tools })).rejects.toMatchObject({ code: "HOST_FORBIDDEN", message: expect.stringContaining("uidgid.d") });
  });

  test("both tools hang: the reading fails, it is not stopped", async () => {
    const tools = { "corosync-quorumtool": hangs, "corosync-cfgtool": hangs };
    await expect(read({ tools })).rejects.toMatchObject({ code: "HOST_TIMEOUT" });
  });

  test("answers in words nobody knows are failures", async () => {
    const tools = { "corosync-quorumtool": exit(0, "Quorum information\n"), "corosync-cfgtool": exit(3, "", "segfault\n") };
    await expect(read({ tools })).rejects.toMatchObject({ name: "ParseError" });
  });
});

describe("one part alone", () => {
  test.each<[string, Tools, object]>([
    ["cfgtool hangs", { ...healthy, "corosync-cfgtool": hangs }, { links: null, unread: [{ what: "links", code: "COLLECT_TIMEOUT" }] }],
    ["quorumtool hangs", { ...healthy, "corosync-quorumtool": hangs }, { quorum: null, members: null, unread: [{ what: "quorum" }] }],
    ["no cfgtool", { "corosync-quorumtool": exit(0, QUORUM) }, { links: null, unread: [{ what: "links", code: "COLLECT_READ" }] }],
  ])("%s: unread, and the rest is delivered", async (_, tools, expected) => {
    expect(await read({ tools })).toMatchObject({ isRunning: true, ...expected });
  });

  test("a configuration that may not be read is named, and is not 'nothing configured'", async () => {
    const value = await read({ tools: healthy, forbidden: ["/etc/corosync/corosync.conf"] });
    expect(value).toMatchObject({ configured: null, unread: [{ what: "corosync.conf", code: "COLLECT_FORBIDDEN" }] });
  });

  test("no quorum: the tool ends with a code of its own, and still answers", async () => {
    const tools = { ...healthy, "corosync-quorumtool": exit(2, text("quorum/corosync-3.1.7-quorum-lost")) };
    expect(await read({ tools })).toMatchObject({ quorum: { quorate: false, quorumVotes: 2 }, unread: [] });
  });

  test("a cfgtool without -n: what -s says stands", async () => {
    const old = (args: readonly string[]) =>
      args[0] === "-n" ? exit(0, "", "corosync-cfgtool: invalid option -- 'n'\n") : exit(1, text("rings/corosync-2.3-faulty-handwritten"));
    const value = await read({ tools: { ...healthy, "corosync-cfgtool": old } });
    expect(value.links?.map(({ words }) => words[0])).toEqual([
      "ring 0 active with no faults",
      "Marking ringid 1 interface 192.168.1.11 FAULTY",
    ]);
    expect(value.unread).toEqual([]);
  });
});

describe("what is asked, and when", () => {
  function watched() {
    let rings = RINGS;
    let reachable = REACHABLE;
    const tools = {
      ...healthy,
      "corosync-cfgtool": cfgtool(
        () => rings,
        () => reachable,
      ),
    };
    const host = memoryHost({ nowMs: 1_000_000, tools });
    const collector = corosyncCollector();
    const count = (asked: string) => host.asked.filter((one) => one === asked).length;
    const stop = new AbortController();
    let rung = 0;
    collector.doorbells?.(host).ring(() => (rung += 1), stop.signal);
    const cut = (whole: boolean) => {
      rings = RINGS_DOWN;
      if (whole) reachable = REACHABLE_DOWN;
    };
    return { host, collector, count, stop, cut, rings: () => rung, read: () => collector.read(host, null) };
  }

  test("links every time; quorum only when the bell rings, and every 30 s", async () => {
    const { host, count, read: again, stop } = watched();
    expect(host.followers("stdbuf")).toBe(0);
    await again();
    expect(host.followers("stdbuf")).toBe(2); // one for quorum, one for the links
    await again();
    await again();
    expect([count("corosync-cfgtool -s"), count("corosync-cfgtool -n"), count("corosync-quorumtool -s")]).toEqual([3, 1, 1]);
    host.say("stdbuf", QUORUM);
    await again();
    expect(count("corosync-quorumtool -s")).toBe(2);
    host.setNow(1_031_000);
    await again();
    expect([count("corosync-cfgtool -n"), count("corosync-quorumtool -s")]).toEqual([2, 3]);
    stop.abort();
    expect(host.followers("stdbuf")).toBe(0);
  });

  test("a link that goes down is asked about at once, from both ends", async () => {
    const { count, read: again, cut } = watched();
    await again();
    cut(true);
    const value = await again();
    expect(value?.links?.filter(({ isConnected }) => isConnected === false)).toMatchObject([
      { link: 1, peerId: 3, remoteAddress: "10.78.0.3", words: ["enabled"] },
    ]);
    expect(count("corosync-cfgtool -n")).toBe(2);
  });

  test("while links move the quorum is asked every time, whether or not the bell is heard", async () => {
    const { host, count, read: again, cut } = watched();
    await again();
    cut(true);
    host.setNow(1_003_000);
    await again();
    host.setNow(1_006_000);
    await again();
    expect(count("corosync-quorumtool -s")).toBe(3);
    host.setNow(1_024_000);
    await again();
    expect(count("corosync-quorumtool -s")).toBe(3);
  });

  test("where no link can be read nothing else would show a change: quorum is asked every time", async () => {
    const host = memoryHost({ tools: { "corosync-quorumtool": exit(0, QUORUM) }, isReal: true });
    const collector = corosyncCollector();
    await collector.read(host, null);
    await collector.read(host, null);
    expect(host.asked.filter((one) => one === "corosync-quorumtool -s")).toHaveLength(2);
  });

  test("two answers that do not agree: the one that tells of everybody stands, and the other is asked again", async () => {
    const { count, read: again, cut } = watched();
    await again();
    cut(false);
    const value = await again();
    expect(value?.links?.filter(({ isConnected }) => isConnected === false)).toMatchObject([
      { link: 1, peerId: 3, words: ["disconnected"] },
    ]);
    await again();
    expect(count("corosync-cfgtool -n")).toBe(3);
  });

  test("links are asked seldom only while their bell is heard: before its greeting and after its end every 3 s", async () => {
    const { host, stop, collector, cut, read: again } = watched();
    const pace = async () => {
      const value = await again();
      return value && collector.paceMs?.(value);
    };
    expect(await pace()).toBe(3_000);
    host.say("stdbuf", 'Type "q" to finish\n');
    expect(await pace()).toBe(30_000);
    host.fallSilent("stdbuf");
    expect(await pace()).toBe(3_000);
    host.say("stdbuf", 'Type "q" to finish\n');
    expect(await pace()).toBe(30_000);
    cut(true);
    expect(await pace()).toBe(3_000); // the members may change next, and nobody knows yet that the bell of these is well
    host.setNow(1_021_000);
    expect(await pace()).toBe(30_000);
    stop.abort();
    expect(host.followers("stdbuf")).toBe(0);
  });

  test("a bell that falls silent rings, and quorum is asked again", async () => {
    const { host, count, rings, read: again } = watched();
    await again();
    await again();
    const before = rings();
    host.fallSilent("stdbuf");
    expect(rings()).toBeGreaterThan(before);
    await again();
    expect(count("corosync-quorumtool -s")).toBe(2);
  });

  test("links that are others hang up another bell, and the old one is taken down", async () => {
    let links = RINGS;
    const tools = {
      ...healthy,
      "corosync-cfgtool": cfgtool(
        () => links,
        () => (links === RINGS ? REACHABLE : ""),
      ),
    };
    const host = memoryHost({ tools });
    const collector = corosyncCollector();
    collector.doorbells?.(host).ring(() => undefined, new AbortController().signal);
    await collector.read(host, null);
    host.say("stdbuf", 'Type "q" to finish\n');
    links = RINGS.replaceAll(/^\t\tnodeid: +3:.*\n/gm, "");
    const value = await collector.read(host, null);
    expect(value && collector.paceMs?.(value)).toBe(3_000); // the new one has not spoken yet
    expect(host.followers("stdbuf")).toBe(2);
  });

  test("where no Corosync runs no bell is hung up", async () => {
    const host = memoryHost({ tools: stopped });
    const collector = corosyncCollector();
    collector.doorbells?.(host).ring(() => undefined, new AbortController().signal);
    await collector.read(host, null);
    expect(host.followers("stdbuf")).toBe(0);
  });

  test("in a tree that nothing rings in, quorum is asked every time", async () => {
    const host = memoryHost({ isReal: false, tools: healthy });
    const collector = corosyncCollector();
    await collector.read(host, null);
    await collector.read(host, null);
    expect(host.asked.filter((one) => one === "corosync-quorumtool -s")).toHaveLength(2);
  });
});
