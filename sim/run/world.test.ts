// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { newFleet } from "@/sim/model/fleet";
import { type Fleet, nodeOf } from "@/sim/model/model";
import { followCables } from "@/sim/model/network-life";
import { powerOff } from "@/sim/model/power";
import { createWorld, nodePlaces, type World } from "./world";

const START_MS = Date.UTC(2026, 10, 20, 14);
let dir = "";
let world: World | null = null;
let clock = START_MS;
const children: ChildProcess[] = [];

function fleetOf(slug: string, isCalm = true): Fleet {
  const fleet = newFleet({ atMs: START_MS, isCalm, pace: 1, newId: () => "boot-1" });
  return { ...fleet, clusters: fleet.clusters.filter((cluster) => cluster.slug === slug) };
}

/** Lays down one cluster, calm unless told otherwise. */
function newWorld(slug = "san-a", isCalm = true): World {
  dir = mkdtempSync(path.join(tmpdir(), "sim-world-"));
  clock = START_MS;
  world = createWorld({ dir, fleet: fleetOf(slug, isCalm), now: () => clock });
  world.go();
  return world;
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  world?.stop();
  world = null;
  rmSync(dir, { recursive: true, force: true });
});

const file = (node: string, nodePath: string) => path.join(nodePlaces(dir, node).root, nodePath);
const text = (node: string, nodePath: string) => readFileSync(file(node, nodePath), "utf8");

/** Really runs a tool of a node, as an agent would: by its path, without a shell of ours. */
function run(node: string, tool: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(path.join(nodePlaces(dir, node).bin, tool), args, { env: { ...process.env, LC_ALL: "C" } }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
  });
}

/** Starts a tool that keeps talking, and gathers what it says. */
function follow(node: string, tool: string, ...args: string[]) {
  const child = spawn(path.join(nodePlaces(dir, node).bin, tool), args, {
    stdio: ["ignore", "pipe", "ignore"],
  });
  children.push(child);
  let said = "";
  let hasEnded = false;
  child.stdout.on("data", (bytes: Buffer) => {
    said += bytes;
  });
  child.on("close", () => {
    hasEnded = true;
  });
  return { child, said: () => said, hasEnded: () => hasEnded };
}

const patiently = { timeout: 60_000, interval: 20 };

describe("a node's tree", () => {
  it("of DRBD 8.4 and bonds of bonds has what such a node has", () => {
    newWorld();
    expect(text("ruby", "/proc/drbd")).toMatch(
      /^version: 8\.4\.11 \(api:1\/proto:86-101\)\nsrcversion: \w+ \n 0: cs:Connected ro:Primary\/Secondary /,
    );
    expect(readdirSync(file("ruby", "/proc/net/bonding"))).toEqual(["idmz", "idmz1", "idmz2"]);
    expect(readlinkSync(file("ruby", "/dev/drbd/by-res/store"))).toBe("../../drbd0");
    expect(text("ruby", "/proc/uptime")).toMatch(/^\d+\.\d\d \d+\.\d\d\n$/);
  });

  it("of DRBD 8.3 and AoE, target and initiator, has what such a node has", () => {
    newWorld("attic");
    expect(text("jade", "/proc/drbd")).toMatch(/^version: 8\.3\.16 \(api:88\/proto:86-97\)\nGIT-hash: /);
    expect(text("jade", "/proc/3188/cmdline")).toBe(["/usr/sbin/vblade", "-s", "1", "1", "e1p1", "/dev/drbd1", ""].join("\0"));
    expect(readdirSync(file("hv05", "/sys/block"))).toEqual(["etherd!e0.1", "etherd!e1.1", "vda"]);
  });

  it("of DRBD 9 has a head without devices", () => {
    newWorld("north");
    expect(text("bergen", "/proc/drbd")).toMatch(/^version: 9\.2\.8 .*\n.*\nTransports \(api:20\): tcp \(9\.2\.8\)\n$/);
  });

  it("is written only where something changed, by rename, with nothing else in its folders", () => {
    const quiet = newWorld();
    const before = statSync(file("ruby", "/proc/net/bonding/idmz1")).ino;
    const drbd = statSync(file("ruby", "/proc/drbd")).ino;
    clock += 4_000;
    const files = quiet.written.files;
    quiet.go();
    expect(statSync(file("ruby", "/proc/net/bonding/idmz1")).ino).toBe(before);
    expect(statSync(file("ruby", "/proc/drbd")).ino).not.toBe(drbd);
    expect(quiet.written.files - files).toBeLessThan(20);
    expect(readdirSync(file("ruby", "/proc/net/bonding"))).toHaveLength(3);
  });

  it("stands still when the node has no power", () => {
    const dark = newWorld();
    dark.change((scene) => {
      const { cluster, node } = nodeOf(scene.fleet, "ruby");
      powerOff(scene, cluster, node);
    });
    const before = text("ruby", "/proc/uptime");
    clock += 10_000;
    dark.go();
    expect(text("ruby", "/proc/uptime")).toBe(before);
    expect(text("crystal", "/proc/drbd")).toContain("cs:WFConnection ro:Primary/Unknown ds:UpToDate/DUnknown C r-----");
  });

  it("lets the kernel log grow, and begins it anew with each boot", () => {
    const pulled = newWorld();
    pulled.change((scene) => {
      const { cluster, node } = nodeOf(scene.fleet, "ruby");
      for (const port of node.ports) if (port.name === "e1p2") port.isCableIn = false;
      followCables(scene, cluster, node);
    });
    expect(text("ruby", "/dev/kmsg")).toMatch(/^6,0,\d+,-;idmz1: \(slave e1p2\): link status definitely down, disabling slave\n$/);
  });
});

describe("a node's tools, really run", () => {
  it("give what lies beside them", async () => {
    newWorld();
    const shown = await run("ruby", "drbdsetup", "show", "--show-defaults");
    expect(shown.code).toBe(0);
    expect(shown.stdout).toContain('verify-alg      \t"crc32c";');
    const dump = await run("ruby", "drbdsetup", "events2", "--now", "--statistics");
    expect(dump.stdout).toMatch(/^exists resource name:store role:Primary suspended:no write-ordering:flush\n[\s\S]*\nexists -\n$/);
    expect((await run("ruby", "cibadmin", "-Q")).stdout).toMatch(/^<cib /);
    const monitor = await run("crystal", "crm_mon", "-1", "--output-as=xml", "--include=all", "--inactive", "--fence-history=3");
    expect(monitor).toMatchObject({ code: 0, stdout: readFileSync(path.join(nodePlaces(dir, "crystal").answers, "crm_mon.xml"), "utf8") });
  });

  it("speak JSON where DRBD is 9", async () => {
    newWorld("north");
    const status = await run("bergen", "drbdsetup", "status", "--json");
    const resources: unknown = JSON.parse(status.stdout);
    expect(resources).toMatchObject([{ name: "pg-main", role: "Primary", connections: [{ name: "narvik" }, { name: "tromso" }] }, {}, {}]);
  });

  it("refuse what their version does not know, with its exit code", async () => {
    // The release that knows the new words runs where an upgrade stands half done.
    newWorld("attic", false);
    const old = await run("jade", "crm_mon", "-1", "--output-as=xml", "--include=all");
    expect(old.code).toBe(64);
    expect(old.stderr).toContain("unrecognized option '--output-as=xml'");
    expect((await run("jade", "crm_mon", "-1", "--as-xml", "-r", "-f")).stdout).toMatch(
      /^<\?xml version="1\.0"\?>\n<crm_mon version="1\.1\.23"/,
    );
    expect((await run("glouton", "crm_mon", "-1", "--output-as=xml", "-r", "-f")).stdout).toMatch(/^<pacemaker-result api-version="2\.3"/);
    expect((await run("glouton", "drbdsetup", "status", "--json")).code).toBe(20);
    expect((await run("jade", "drbdadm", "dump-xml")).stdout).toContain('<resource name="archive" protocol="C"');
    expect((await run("jade", "drbdsetup", "events2")).code).toBe(20);
  });

  it("find their folder whatever it is called", async () => {
    const odd = mkdtempSync(path.join(tmpdir(), "sim 'odd' $x-"));
    const own = createWorld({
      dir: odd,
      fleet: newFleet({ atMs: START_MS, isCalm: true, pace: 1, newId: () => "b" }),
      now: () => START_MS,
    });
    own.go();
    dir = odd;
    world = own;
    expect((await run("ruby", "drbdsetup", "show")).stdout).toMatch(/^resource store \{\n/);
    const bell = follow("ruby", "stdbuf", "-o0", "crm_mon", "-i", "1", "--output-as=text", "--include=none");
    await vi.waitFor(() => expect(bell.said()).toBe("."), patiently);
  });

  it("hang when told to, and end when repaired", async () => {
    const hung = newWorld();
    hung.setTool("ruby", "crm_mon", "hangs");
    const one = follow("ruby", "crm_mon", "-1", "--output-as=xml");
    await vi.waitFor(() => expect(hung.streams.count()).toBe(1), patiently);
    expect(one.hasEnded()).toBe(false);
    hung.setTool("ruby", "crm_mon", "works");
    await vi.waitFor(() => expect(one.hasEnded()).toBe(true), patiently);
    expect(one.said()).toBe("");
    expect((await run("ruby", "crm_mon", "-1", "--output-as=xml")).stdout).toMatch(/^<pacemaker-result/);
  });

  it("may not be started when forbidden", async () => {
    newWorld().setTool("ruby", "crm_mon", "forbidden");
    expect(statSync(path.join(nodePlaces(dir, "ruby").bin, "crm_mon")).mode & 0o111).toBe(0);
  });
});

describe("streams", () => {
  it("begin with a dump, then tell what changes", async () => {
    const live = newWorld();
    const events = follow("crystal", "drbdsetup", "events2");
    await vi.waitFor(() => expect(events.said()).toMatch(/\nexists -\n$/), patiently);
    live.change((scene) => {
      const { cluster, node } = nodeOf(scene.fleet, "ruby");
      powerOff(scene, cluster, node);
    });
    clock += 10_000;
    live.go();
    await vi.waitFor(
      () =>
        expect(events.said()).toContain("change connection name:store peer-node-id:0 conn-name:peer connection:Connecting role:Unknown\n"),
      patiently,
    );
  });

  it("ring crm_mon's bell once per change", async () => {
    const live = newWorld();
    const bell = follow("crystal", "stdbuf", "-o0", "crm_mon", "-i", "1", "--output-as=text", "--include=none");
    await vi.waitFor(() => expect(bell.said()).toBe("."), patiently);
    live.change((scene) => {
      const { cluster, node } = nodeOf(scene.fleet, "ruby");
      powerOff(scene, cluster, node);
    });
    clock += 3_750;
    live.go();
    await vi.waitFor(() => expect(bell.said()).toBe(".."), patiently);
  });

  it("tell of links as ip does", async () => {
    const live = newWorld();
    const links = follow("ruby", "ip", "monitor", "link");
    await vi.waitFor(() => expect(live.streams.count()).toBe(1), patiently);
    live.change((scene) => {
      const { cluster, node } = nodeOf(scene.fleet, "ruby");
      for (const port of node.ports) if (port.name === "e3p3") port.isCableIn = false;
      followCables(scene, cluster, node);
    });
    await vi.waitFor(() => expect(links.said()).toMatch(/^\d+: e3p3: <NO-CARRIER,\S+> mtu 9000 .* master idmz2 state DOWN /), patiently);
  });

  it("serve each reader for itself, and survive readers that come, go and never read", async () => {
    const live = newWorld();
    const first = follow("ruby", "drbdsetup", "events2");
    const stopped = follow("ruby", "drbdsetup", "events2");
    await vi.waitFor(() => expect(live.streams.count()).toBe(2), patiently);
    stopped.child.kill("SIGSTOP");
    // More than a pipe holds: a writer that waited would wait for ever.
    for (let count = 0; count < 3; count += 1) live.streams.write("ruby", "events2", () => "x".repeat(60_000));
    await vi.waitFor(() => expect(first.said().endsWith("x")).toBe(true), patiently);
    first.child.kill("SIGKILL");
    await vi.waitFor(() => expect(first.hasEnded()).toBe(true), patiently);
    live.streams.write("ruby", "events2", () => "y");
    const again = follow("ruby", "drbdsetup", "events2");
    await vi.waitFor(() => expect(again.said()).toMatch(/^exists [\s\S]*exists -\n$/), patiently);
    expect(readdirSync(path.join(dir, "streams")).filter((name) => name.endsWith(`.${first.child.pid}`))).toEqual([]);
  });

  it("end when the node loses its power", async () => {
    const dark = newWorld();
    const events = follow("ruby", "drbdsetup", "events2");
    await vi.waitFor(() => expect(dark.streams.count()).toBe(1), patiently);
    dark.change((scene) => {
      const { cluster, node } = nodeOf(scene.fleet, "ruby");
      powerOff(scene, cluster, node);
    });
    await vi.waitFor(() => expect(events.hasEnded()).toBe(true), patiently);
  });
});
