// SPDX-License-Identifier: Apache-2.0
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { newFleet } from "@/sim/model/fleet";
import { clusterOf, type Fleet, memberOf, mirrorOf } from "@/sim/model/model";
import { createWorld, nodePlaces, type World } from "./world";

const START_MS = Date.UTC(2026, 10, 20, 14);
let dir = "";
let clock = START_MS;
let world: World;

beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "sim-acts-"));
  clock = START_MS;
});

/** Lays down one cluster, calm. */
function begin(slug = "san-a"): void {
  const fleet = newFleet({ atMs: START_MS, isCalm: true, pace: 1, newId: () => "boot-1" });
  world = createWorld({ dir, fleet: { ...fleet, clusters: fleet.clusters.filter((cluster) => cluster.slug === slug) }, now: () => clock });
  world.go();
}

afterEach(() => {
  world.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** Really runs a tool of a node, as an agent would: by its path, without a shell of ours. `copy`: on a private copy. */
function run(
  node: string,
  tool: string,
  args: readonly string[],
  copy?: string,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, LC_ALL: "C", ...(copy === undefined ? {} : { CIB_file: copy }) };
  return new Promise((resolve) => {
    execFile(path.join(nodePlaces(dir, node).bin, tool), args, { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
  });
}

/** Lets simulated time pass, a quarter of a second at a time. */
function wait(ms: number): void {
  for (let passed = 0; passed < ms; passed += 250) {
    clock += 250;
    world.go();
  }
}

/** Does a change of the configuration as an agent does: copy, edit, simulate, diff, patch. Gives what was simulated. */
async function changeBy(node: string, tool: string, ...args: string[]): Promise<{ simulated: string; patched: number }> {
  const file = (name: string) => path.join(dir, name);
  writeFileSync(file("seen.xml"), (await run(node, "cibadmin", ["-Q"])).stdout);
  writeFileSync(file("want.xml"), readFileSync(file("seen.xml")));
  const edited = await run(node, tool, args, file("want.xml"));
  expect(edited).toMatchObject({ code: 0 });
  const simulated = await run(node, "crm_simulate", ["--xml-file", file("want.xml"), "-S", "--output-as=xml"]);
  expect(simulated.code).toBe(0);
  const diff = await run(node, "crm_diff", ["--original", file("seen.xml"), "--new", file("want.xml")]);
  expect(diff.code).toBe(1);
  writeFileSync(file("patch.xml"), diff.stdout.replace(/(<source [^>]*?) num_updates="\d+"/, "$1"));
  const patched = await run(node, "cibadmin", ["--patch", "--xml-file", file("patch.xml")]);
  return { simulated: simulated.stdout, patched: patched.code };
}

const placesOf = (fleet: Fleet, slug: string) =>
  Object.fromEntries(
    clusterOf(fleet, slug).pacemaker.services.map((service) => [
      service.group,
      service.primitives.map(({ node, state }) => `${state} ${node}`),
    ]),
  );

describe("standby of a node that runs services", () => {
  beforeEach(() => begin());

  it("is predicted, then happens step by step, and ends as predicted", async () => {
    const { simulated, patched } = await changeBy("ruby", "crm_standby", "-N", "ruby", "-v", "on");
    expect(patched).toBe(0);
    expect(simulated).toContain('<rsc_action action="move" resource="p_ip_o1" source="ruby" dest="crystal"/>');
    expect(simulated).toContain(
      '<rsc_action action="stop" resource="p_drbd_mail:0" role="Unpromoted" node="ruby" reason="node availability"/>',
    );
    expect(memberOf(clusterOf(world.fleet(), "san-a"), "ruby")?.isStandby).toBe(true);
    wait(1_000);
    // In the middle of it: seconds pass between the first stop and the last start.
    expect(Object.values(placesOf(world.fleet(), "san-a")).flat()).toContain("Stopping ruby");
    wait(29_000);
    expect(new Set(Object.values(placesOf(world.fleet(), "san-a")).flat())).toEqual(new Set(["Started crystal"]));
    const store = mirrorOf(clusterOf(world.fleet(), "san-a"), "store");
    expect(store.copies.map(({ node, role, isUp }) => [node, role, isUp])).toEqual([
      ["ruby", "Secondary", false],
      ["crystal", "Primary", true],
    ]);
    // What the kernel of ruby shows then: DRBD is loaded, nothing is configured.
    expect(readFileSync(path.join(nodePlaces(dir, "ruby").root, "proc/drbd"), "utf8")).not.toContain("cs:");
  });

  it("taken back brings the mirrors up, and copies what was written meanwhile", async () => {
    await changeBy("ruby", "crm_standby", "-N", "ruby", "-v", "on");
    wait(40_000);
    expect((await changeBy("crystal", "crm_standby", "-N", "ruby", "-D")).patched).toBe(0);
    wait(1_000);
    // Not yet connected it knows that it is old, so nothing would be promoted on it.
    expect(readFileSync(path.join(nodePlaces(dir, "ruby").root, "proc/drbd"), "utf8")).toContain(
      "cs:WFConnection ro:Secondary/Unknown ds:Outdated/DUnknown",
    );
    wait(5_000);
    const [link] = mirrorOf(clusterOf(world.fleet(), "san-a"), "store").links;
    expect(link).toMatchObject({ state: "connected", sync: { kind: "resync", from: "crystal" } });
    wait(60_000);
    expect(mirrorOf(clusterOf(world.fleet(), "san-a"), "mail").copies.map((copy) => copy.disk)).toEqual(["UpToDate", "UpToDate"]);
  });
});

describe("a patch", () => {
  beforeEach(() => begin());

  it("made from a configuration that is no longer the current one is refused, and nothing changes", async () => {
    const old = (await run("ruby", "cibadmin", ["-Q"])).stdout;
    writeFileSync(path.join(dir, "old.xml"), old);
    await changeBy("crystal", "crm_resource", "--ban", "--resource", "g_mail", "--node", "ruby");
    writeFileSync(path.join(dir, "want.xml"), old);
    await run("ruby", "crm_standby", ["-N", "ruby", "-v", "on"], path.join(dir, "want.xml"));
    const diff = await run("ruby", "crm_diff", ["--original", path.join(dir, "old.xml"), "--new", path.join(dir, "want.xml")]);
    writeFileSync(path.join(dir, "patch.xml"), diff.stdout.replace(/(<source [^>]*?) num_updates="\d+"/, "$1"));
    const patched = await run("ruby", "cibadmin", ["--patch", "--xml-file", path.join(dir, "patch.xml")]);
    expect(patched).toEqual({
      code: 103,
      stdout: "",
      stderr: "Call cib_apply_diff failed: Update was older than existing configuration\n",
    });
    expect(memberOf(clusterOf(world.fleet(), "san-a"), "ruby")?.isStandby).toBe(false);
  });
});

describe("a constraint with a lifetime", () => {
  beforeEach(() => begin());

  it("moves a service, and no longer counts when it is over", async () => {
    // The tool reckons the end with the machine's clock: the world is of now.
    clock = Date.now();
    world.go();
    await changeBy("ruby", "crm_resource", "--ban", "--resource", "g_mail", "--node", "crystal", "--lifetime", "PT60S");
    wait(30_000);
    expect(placesOf(world.fleet(), "san-a").g_mail).toEqual(["Started ruby", "Started ruby", "Started ruby"]);
    expect((await run("ruby", "crm_mon", ["-1", "--output-as=xml"])).stdout).toContain('<ban id="cli-ban-g_mail-on-crystal"');
    wait(40_000);
    await changeBy("ruby", "crm_resource", "--move", "--resource", "g_mail", "--node", "crystal");
    wait(30_000);
    expect(placesOf(world.fleet(), "san-a").g_mail).toEqual(["Started crystal", "Started crystal", "Started crystal"]);
  });
});

describe("a stop that fails", () => {
  beforeEach(() => begin());

  it("has the node fenced; the service goes on elsewhere, and the node boots again", async () => {
    world.change((scene) => {
      clusterOf(scene.fleet, "san-a").pacemaker.traps.push({ resource: "p_fs_vm", node: "ruby", task: "stop" });
    });
    const { simulated } = await changeBy("crystal", "crm_resource", "--move", "--resource", "g_vm", "--node", "crystal");
    expect(simulated).not.toContain("fencing_action");
    wait(4_500);
    const said = (await run("crystal", "crm_mon", ["-1", "--output-as=xml"])).stdout;
    expect(said).toContain(
      '<failure op_key="p_fs_vm_stop_0" node="ruby" exitstatus="error" exitreason="Couldn\'t unmount /srv/vm, giving up!"',
    );
    expect(said).toMatch(/<fence_event action="reboot" target="ruby" client="pacemaker-controld\.\d+" origin="\w+" status="pending"/);
    wait(2_000);
    expect(world.fleet().clusters[0]?.nodes.find((node) => node.name === "ruby")?.power).toBe("off");
    wait(60_000);
    expect(new Set(Object.values(placesOf(world.fleet(), "san-a")).flat())).toEqual(new Set(["Started crystal"]));
    expect(memberOf(clusterOf(world.fleet(), "san-a"), "ruby")).toMatchObject({ isOnline: true, isPending: false, isUnclean: false });
  });
});

describe("a start that fails", () => {
  beforeEach(() => begin());

  it("leaves the service where it can run, until somebody cleans up", async () => {
    world.change((scene) => {
      clusterOf(scene.fleet, "san-a").pacemaker.traps.push({ resource: "p_fs_mail", node: "ruby", task: "start" });
    });
    await changeBy("ruby", "crm_resource", "--move", "--resource", "g_mail", "--node", "ruby");
    wait(40_000);
    expect(placesOf(world.fleet(), "san-a").g_mail).toEqual(["Started crystal", "Started crystal", "Started crystal"]);
    expect((await run("ruby", "crm_mon", ["-1", "--output-as=xml"])).stdout).toContain(
      'id="p_fs_mail" orphan="false" migration-threshold="1000000" fail-count="1000000"',
    );
    world.change((scene) => {
      clusterOf(scene.fleet, "san-a").pacemaker.traps = [];
    });
    const cleaned = await run("ruby", "crm_resource", ["--cleanup", "--resource", "g_mail", "--node", "ruby"]);
    expect(cleaned.code).toBe(0);
    wait(40_000);
    expect(placesOf(world.fleet(), "san-a").g_mail).toEqual(["Started ruby", "Started ruby", "Started ruby"]);
  });
});

describe("fencing by a person", () => {
  beforeEach(() => begin());

  it("is answered when it is done, and stands in the history with who asked", async () => {
    expect((await run("ruby", "stonith_admin", ["--list", "crystal", "--output-as=xml"])).stdout).toContain("<item>p_fence_crystal</item>");
    const fencing = run("ruby", "stonith_admin", ["--reboot", "crystal", "--timeout", "120"]);
    await vi.waitFor(() => expect(clusterOf(world.fleet(), "san-a").pacemaker.fencing).toHaveLength(1), { timeout: 30_000, interval: 20 });
    wait(1_500);
    expect((await fencing).code).toBe(0);
    expect(clusterOf(world.fleet(), "san-a").pacemaker.fencing[0]).toMatchObject({
      target: "crystal",
      action: "reboot",
      status: "success",
      origin: "ruby",
      delegate: "ruby",
    });
    expect((await run("ruby", "stonith_admin", ["--history", "crystal"])).stdout).toMatch(
      /^stonith_admin\.\d+ from ruby used ruby to reboot node crystal: completed at /,
    );
    wait(60_000);
    expect(placesOf(world.fleet(), "san-a").g_mail).toEqual(["Started ruby", "Started ruby", "Started ruby"]);
    expect(memberOf(clusterOf(world.fleet(), "san-a"), "crystal")).toMatchObject({ isOnline: true, isPending: false });
  });
});

describe("old tools", () => {
  beforeEach(() => begin("attic"));

  it("say that they cannot simulate in XML, and know no promoted role", async () => {
    expect(await run("jade", "crm_simulate", ["--xml-file", "x", "-S", "--output-as=xml"])).toMatchObject({
      code: 64,
      stderr: "crm_simulate: unrecognized option '--output-as=xml'\n",
    });
    const copy = path.join(dir, "want.xml");
    writeFileSync(copy, (await run("jade", "cibadmin", ["-Q"])).stdout);
    const move = ["--move", "--resource", "ms_drbd_scans", "--node", "glouton"];
    expect((await run("jade", "crm_resource", [...move, "--promoted"], copy)).code).toBe(64);
    expect((await run("jade", "crm_resource", [...move, "--master"], copy)).code).toBe(0);
    expect(readFileSync(copy, "utf8")).toContain(
      '<rsc_location id="cli-prefer-ms_drbd_scans" rsc="ms_drbd_scans" role="Master" node="glouton"',
    );
  });
});

describe("a tool that hangs", () => {
  beforeEach(() => begin());

  it("is asked for in vain until it is repaired; the others work", async () => {
    world.setTool("ruby", "crm_simulate", "hangs");
    const asked = run("ruby", "crm_simulate", ["--xml-file", "x", "-S", "--output-as=xml"]);
    expect((await run("ruby", "stonith_admin", ["--list", "ruby"])).stdout).toBe("p_fence_ruby\n1 fence device found\n");
    await vi.waitFor(() => expect(world.streams.count()).toBe(1), { timeout: 30_000, interval: 20 });
    world.setTool("ruby", "crm_simulate", "works");
    // What hung ends without an answer; the next call gets one.
    expect((await asked).stdout).toBe("");
    expect((await run("ruby", "crm_simulate", ["--xml-file", "x", "-S", "--output-as=xml"])).code).toBe(105);
  });
});
