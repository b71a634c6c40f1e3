// SPDX-License-Identifier: Apache-2.0
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
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
  world = createWorld({ dir, fleet: newFleet({ atMs: START_MS, isCalm: true, pace: 1, newId: () => "boot-1" }), now: () => clock });
  world.go();
});

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
    wait(6_000);
    const [link] = mirrorOf(clusterOf(world.fleet(), "san-a"), "store").links;
    expect(link).toMatchObject({ state: "connected", sync: { kind: "resync", from: "crystal" } });
  });
});
