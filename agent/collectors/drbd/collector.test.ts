// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { ParseError } from "@/agent/collectors/define";
import { HostError, type RunResult } from "@/agent/host/host";
import { memoryHost } from "@/agent/host/memory-host";
import { Drbd, type DrbdPeer } from "@/agent/protocol/model/drbd";
import { drbd } from "./collector";

function fixture(name: string): string {
  return readFileSync(path.join(import.meta.dirname, "fixtures", `${name}.txt`), "utf8");
}

function ok(stdout: string): RunResult {
  return { exitCode: 0, stdout, stderr: "" };
}

const unknownOption: RunResult = { exitCode: 20, stdout: "", stderr: "drbdsetup: unrecognized option\n" };

/** A tool that answers these command lines and refuses all others. */
function tool(answers: Record<string, string>): (args: readonly string[]) => RunResult {
  return (args) => {
    const answer = answers[args.join(" ")];
    return answer === undefined ? unknownOption : ok(answer);
  };
}

const two = {
  files: {
    "/proc/drbd": fixture("proc-8.4.11-two-resources"),
    "/sys/block/drbd0/size": "524200\n",
    "/sys/block/drbd1/size": "262064\n",
    "/proc/sys/kernel/hostname": "alice\n",
  },
};
const setup84 = tool({
  "events2 --now --statistics": fixture("events2-8.4.11-two-resources"),
  "show --show-defaults": fixture("show-8.4.11-two-resources-defaults"),
});

describe("DRBD 8.4", () => {
  test("states from /proc, names and settings from drbdsetup, sizes from sysfs", async () => {
    const value = await drbd.read(memoryHost({ ...two, tools: { drbdsetup: setup84 } }), null);
    expect(Drbd.parse(value)).toEqual(value);
    expect(value?.devices.map(({ minor, resource, volume, sizeBytes, role }) => ({ minor, resource, volume, sizeBytes, role }))).toEqual([
      { minor: 0, resource: "r0", volume: 0, sizeBytes: 524_200 * 512, role: "Primary" },
      { minor: 1, resource: "r1", volume: 0, sizeBytes: 262_064 * 512, role: "Secondary" },
    ]);
    expect(value?.settings?.map((one) => one.connections[0]?.protocol)).toEqual(["C", "A"]);
    expect(value?.unread).toEqual([]);
  });

  test("no module: not there", async () => {
    expect(await drbd.read(memoryHost({ tools: { drbdsetup: setup84 } }), null)).toBeNull();
  });

  test("a text that is not DRBD's: a failure, not an empty list", async () => {
    await expect(drbd.read(memoryHost({ files: { "/proc/drbd": "nothing here\n" } }), null)).rejects.toThrow(ParseError);
  });

  test("no tools at all: names from udev's links, settings unknown, and nothing is wrong", async () => {
    const links = { "/dev/drbd/by-res/r0": "../../drbd0", "/dev/drbd/by-res/r1/0": "../../../drbd1" };
    const value = await drbd.read(memoryHost({ ...two, links }), null);
    expect(value?.devices.map(({ resource, volume }) => [resource, volume])).toEqual([
      ["r0", null],
      ["r1", 0],
    ]);
    expect(value?.settings).toBeNull();
    expect(value?.unread).toEqual([]);
  });

  test("drbdsetup without --show-defaults: the settings it does show", async () => {
    const drbdsetup = tool({
      "events2 --now --statistics": fixture("events2-8.4.11-two-resources"),
      show: fixture("show-8.4.11-two-resources"),
    });
    const value = await drbd.read(memoryHost({ ...two, tools: { drbdsetup } }), null);
    expect(value?.settings?.[0]?.connections[0]).toMatchObject({ protocol: null, verifyAlg: "crc32c" });
  });

  test("stand-alone: the connection as configured, because none is in force", async () => {
    const drbdsetup = tool({
      "events2 --now --statistics": fixture("events2-8.4.11-stand-alone"),
      show: fixture("show-8.4.11-stand-alone"),
    });
    const drbdadm = tool({ "dump-xml": fixture("dump-xml-9.22-two-resources") });
    const files = { ...two.files, "/proc/drbd": fixture("proc-8.4.11-stand-alone") };
    const value = await drbd.read(memoryHost({ files, tools: { drbdsetup, drbdadm } }), null);
    expect(value?.settings?.[0]?.connections).toMatchObject([{ peer: "bob", remote: { address: "10.0.0.2", port: 7788 } }]);
    expect(value?.settings?.[1]?.connections).toMatchObject([{ protocol: "B" }]);
  });

  test("settings that cannot be asked for: null, and why", async () => {
    const refuse: RunResult = { exitCode: 20, stdout: "", stderr: "Could not connect to 'drbd' generic netlink family\n" };
    const value = await drbd.read(memoryHost({ ...two, tools: { drbdsetup: () => refuse } }), null);
    expect(value?.settings).toBeNull();
    expect(value?.unread).toMatchObject([
      { what: "DRBD settings", code: "COLLECT_READ", message: expect.stringContaining("exit code 20") },
    ]);
  });

  test("a hanging tool: the states are read all the same", async () => {
    const drbdsetup = () => {
      throw new HostError("HOST_TIMEOUT", "drbdsetup did not answer");
    };
    const value = await drbd.read(memoryHost({ ...two, tools: { drbdsetup } }), null);
    expect(value?.devices.map((device) => device.role)).toEqual(["Primary", "Secondary"]);
    expect(value?.unread.map(({ what, code }) => [what, code])).toEqual([
      ["DRBD resource names", "COLLECT_TIMEOUT"],
      ["DRBD settings", "COLLECT_TIMEOUT"],
    ]);
  });

  test("no sysfs: the size that drbdsetup prints", async () => {
    const files = { "/proc/drbd": two.files["/proc/drbd"] };
    const value = await drbd.read(memoryHost({ files, tools: { drbdsetup: setup84 } }), null);
    expect(value?.devices.map((device) => device.sizeBytes)).toEqual([262_100 * 1024, 131_032 * 1024]);
  });

  test("why I/O is suspended comes from drbdsetup", async () => {
    const events = fixture("events2-8.4.11-two-resources").replace("suspended:no", "suspended:user");
    const files = { ...two.files, "/proc/drbd": fixture("proc-8.4.11-two-resources").replace("C r-----", "C s-----") };
    const value = await drbd.read(memoryHost({ files, tools: { drbdsetup: tool({ "events2 --now --statistics": events }) } }), null);
    expect(value?.devices[0]).toMatchObject({ suspended: true, suspendedBy: ["user"] });
  });
});

describe("what is asked again", () => {
  test("nothing moved: states and sizes and no tool; a state moved: told at once, everything right after; a minute is over: everything", async () => {
    const host = memoryHost({ ...two, tools: { drbdsetup: setup84 } });
    const first = await drbd.read(host, null);
    const asked = host.asked.length;
    host.setNow(30_000);
    const second = await drbd.read(host, first);
    expect(host.asked.slice(asked)).toEqual(["/proc/drbd", "/sys/block/drbd0/size", "/sys/block/drbd1/size"]);
    expect(second).toEqual(first);

    host.write("/proc/drbd", fixture("proc-8.4.11-two-resources").replace("Primary/Secondary", "Secondary/Secondary"));
    const upToNow = host.asked.length;
    const third = (await drbd.read(host, second)) ?? fail();
    expect(third.devices[0]).toMatchObject({ role: "Secondary", resource: "r0" });
    expect(host.asked.slice(upToNow)).toEqual(["/proc/drbd", "/sys/block/drbd0/size", "/sys/block/drbd1/size"]);
    expect([drbd.againMs?.(third), drbd.paceMs?.(third)], "once more, and no other pace").toEqual([100, 2_000]);
    const fourth = (await drbd.read(host, third)) ?? fail();
    expect(host.asked.slice(upToNow)).toContain("drbdsetup show --show-defaults");
    expect(fourth).toEqual(third);
    expect([third, fourth].map((value) => drbd.againMs?.(value))).toEqual([null, null]);

    const before = host.asked.filter((one) => one.startsWith("drbdsetup show")).length;
    host.setNow(91_000);
    await drbd.read(host, fourth);
    expect(host.asked.filter((one) => one.startsWith("drbdsetup show")).length).toBe(before + 1);
  });

  test("a device that was not there before is told with its name, not before it is known", async () => {
    const host = memoryHost({ ...two, tools: { drbdsetup: setup84 } });
    const whole = fixture("proc-8.4.11-two-resources");
    host.write("/proc/drbd", whole.slice(0, whole.indexOf(" 1: cs:")));
    const first = await drbd.read(host, null);
    expect(first?.devices.map(({ resource }) => resource)).toEqual(["r0"]);
    host.write("/proc/drbd", whole);
    expect((await drbd.read(host, first))?.devices.map(({ resource }) => resource)).toEqual(["r0", "r1"]);
  });

  test("a device that was grown shows its new size at once, although no state moved", async () => {
    const host = memoryHost({ ...two, tools: { drbdsetup: setup84 } });
    const first = await drbd.read(host, null);
    host.write("/sys/block/drbd0/size", "1048488\n");
    expect((await drbd.read(host, first))?.devices[0]?.sizeBytes).toBe(1_048_488 * 512);
  });

  test("counters and progress ask for sizes alone", async () => {
    const host = memoryHost({ files: { "/proc/drbd": fixture("proc-8.4.11-sync-source-begin") }, tools: { drbdsetup: setup84 } });
    const first = await drbd.read(host, null);
    host.write("/proc/drbd", fixture("proc-8.4.11-sync-source-end"));
    const asked = host.asked.length;
    const second = await drbd.read(host, first);
    expect(host.asked.slice(asked)).toEqual(["/proc/drbd", "/sys/block/drbd0/size"]);
    expect(second?.devices[0]?.peers[0]?.progress).not.toEqual(first?.devices[0]?.peers[0]?.progress);
    expect(drbd.steady?.(second ?? fail())).toEqual(drbd.steady?.(first ?? fail()));
  });
});

describe("the pace", () => {
  test("every second while a resync or verify runs, else every two", async () => {
    const pace = async (name: string) => {
      const value = await drbd.read(memoryHost({ files: { "/proc/drbd": fixture(name) } }), null);
      return drbd.paceMs?.(value ?? fail());
    };
    expect(await pace("proc-8.4.11-sync-target-begin")).toBe(1_000);
    expect(await pace("proc-8.4.11-verify-target")).toBe(1_000);
    expect(await pace("proc-8.4.11-primary-up-to-date")).toBe(2_000);
    expect(await pace("proc-8.4.11-paused-by-user")).toBe(2_000);
  });

  test("drbdsetup events2 rings", () => {
    const host = memoryHost();
    const stop = new AbortController();
    let rings = 0;
    drbd.doorbells?.(host).ring(() => {
      rings += 1;
    }, stop.signal);
    host.say("drbdsetup", "change resource name:r0 role:Primary");
    expect(rings).toBe(1);
    stop.abort();
    expect(host.followers("drbdsetup")).toBe(0);
  });
});

describe("what counts as an event", () => {
  test("congestion, which comes and goes with every burst of writes, does not; I/O that is held back does", async () => {
    const value = (await drbd.read(memoryHost({ files: { "/proc/drbd": fixture("proc-8.4.11-primary-up-to-date") } }), null)) ?? fail();
    const withPeers = (part: Partial<DrbdPeer>) =>
      drbd.steady?.({
        ...value,
        devices: value.devices.map((one) => ({ ...one, peers: one.peers.map((peer) => ({ ...peer, ...part })) })),
      });
    expect(withPeers({ congested: "network" })).toEqual(withPeers({ congested: null }));
    expect(withPeers({ pausedBy: ["peer"] })).not.toEqual(withPeers({ pausedBy: [] }));
  });

  test("the first block out of sync, a stall and the end of a resync do; a growing number does not", async () => {
    const read = async (text: string) => drbd.steady?.((await drbd.read(memoryHost({ files: { "/proc/drbd": text } }), null)) ?? fail());
    const text = fixture("proc-8.4.11-verify-finished-out-of-sync");
    expect(text).toContain("oos:56");
    expect(await read(text.replace("oos:56", "oos:60"))).toEqual(await read(text));
    expect(await read(text.replace("oos:56", "oos:0"))).not.toEqual(await read(text));
    const sync = fixture("proc-8.4.11-sync-source-begin");
    expect(await read(sync.replace("K/sec", "K/sec (stalled)"))).not.toEqual(await read(sync));
    expect(await read(sync.replace("SyncSource", "Connected"))).not.toEqual(await read(sync));
  });
});

describe("DRBD 8.3", () => {
  test("names from udev's links, settings from drbdadm; drbdsetup is not asked", async () => {
    const host = memoryHost({
      files: { "/proc/drbd": fixture("proc-8.3.0-four-flags"), "/proc/sys/kernel/hostname": "alice\n" },
      links: { "/dev/drbd/by-res/r0": "../../drbd0" },
      tools: { drbdadm: tool({ "dump-xml": fixture("dump-xml-8.3") }) },
    });
    const value = await drbd.read(host, null);
    expect(value?.devices.map((device) => device.resource)).toEqual(["r0", null]);
    expect(value?.settings).toMatchObject([{ resource: "r0", connections: [{ peer: "bob", protocol: "C", verifyAlg: "md5" }] }]);
    expect(host.asked.some((one) => one.startsWith("drbdsetup"))).toBe(false);
  });
});

describe("DRBD 9", () => {
  const head = { "/proc/drbd": fixture("proc-9.0.14-head") };
  const json = fixture("status-json-9.34-resync-and-verify");
  const debugfs = "/sys/kernel/debug/drbd/resources";

  test("devices from drbdsetup status --json, protocols from the settings", async () => {
    const drbdsetup = tool({ "status --json": json, "show --show-defaults": fixture("show-9.34-three-nodes") });
    const value = await drbd.read(memoryHost({ files: head, tools: { drbdsetup } }), null);
    expect(Drbd.parse(value)).toEqual(value);
    expect(value?.devices[0]).toMatchObject({ resource: "store", minor: 1000, cs: null });
    expect(value?.devices[0]?.peers.map(({ name, protocol }) => [name, protocol])).toEqual([
      ["bob", "C"],
      ["carol", "A"],
    ]);
    expect(value?.unread).toEqual([]);
  });

  test("named devices are not named again", async () => {
    const host = memoryHost({
      files: head,
      links: { "/dev/drbd/by-res/other": "../../drbd1000" },
      tools: { drbdsetup: tool({ "status --json": json }) },
    });
    const value = await drbd.read(host, null);
    expect(value?.devices[0]).toMatchObject({ resource: "store", volume: 0 });
    expect(host.asked).not.toContain("drbdsetup events2 --now --statistics");
  });

  test("utilities without JSON: from events2", async () => {
    const drbdsetup = tool({ "events2 --now --statistics": fixture("events2-9.34-three-nodes") });
    const value = await drbd.read(memoryHost({ files: head, tools: { drbdsetup } }), null);
    expect(value?.devices.map((device) => device.minor)).toEqual([1000, 1001, 1002]);
  });

  test("a dump without its end is not taken for the whole", async () => {
    const cut = fixture("events2-9.34-three-nodes").split("\n").slice(0, 4).join("\n");
    const drbdsetup = tool({ "events2 --now --statistics": `${cut}\n` });
    const read = drbd.read(memoryHost({ files: head, tools: { drbdsetup } }), null);
    await expect(read).rejects.toMatchObject({ code: "HOST_READ", message: expect.stringContaining("no end") });
  });

  test("no utilities: from debugfs, with names from its folders, and a word on what it lacks", async () => {
    const block = (peer: string, state: string) =>
      ` 1: cs:${state} ro:Primary/${peer} ds:UpToDate/UpToDate C r-----\n\tns:4 nr:0 dw:4 dr:0 al:0 bm:0 lo:0 pe:[0;1] ua:0 ap:[0;0] ep:1 wo:2 oos:0\n`;
    const files = {
      ...head,
      [`${debugfs}/store/connections/bob/0/proc_drbd`]: block("Secondary", "Established"),
      [`${debugfs}/store/connections/carol/0/proc_drbd`]: block("Secondary", "Established"),
      [`${debugfs}/store/connections/carol/debug`]: "v: 0\n",
    };
    const value = await drbd.read(memoryHost({ files }), null);
    expect(value?.devices).toMatchObject([{ resource: "store", volume: 0, cs: null, peers: [{ name: "bob" }, { name: "carol" }] }]);
    expect(value?.unread).toMatchObject([{ message: expect.stringContaining("Install drbd-utils 9") }]);
  });

  test("a way that is there and fails: not read, instead of no devices", async () => {
    const read = drbd.read(memoryHost({ files: head, forbidden: ["/sys/kernel/debug"] }), null);
    await expect(read).rejects.toMatchObject({ code: "HOST_FORBIDDEN", message: expect.stringContaining("run the agent as root") });
  });

  test("no way on this node: the module, no devices, and what to install or permit", async () => {
    const value = await drbd.read(memoryHost({ files: head }), null);
    expect(value?.devices).toEqual([]);
    expect(value?.unread).toMatchObject([
      { what: "DRBD devices", code: "COLLECT_READ", message: expect.stringContaining("Install drbd-utils 9") },
    ]);
  });

  test("8.4 compatibility without utilities: the devices of /proc", async () => {
    const value = await drbd.read(memoryHost({ files: { "/proc/drbd": fixture("proc-9.2.19-compat") } }), null);
    expect(value?.devices.map((device) => device.minor)).toEqual([0, 1, 2]);
    expect(value?.unread).toEqual([]);
  });
});

function fail(): never {
  throw new Error("DRBD is there");
}
