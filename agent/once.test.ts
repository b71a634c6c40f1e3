// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import type { Config } from "./config";
import { explain } from "./explain";
import { once } from "./once";
import { Readings, SourceName } from "./protocol/sources";
import { emptyFolder, put } from "./test-folder";
import { chosenSources } from "./usage";
import { AGENT_VERSION } from "./version";

const BOND = readFileSync(path.join(import.meta.dirname, "collectors/bonding/fixtures/linux-6.1-active-backup.txt"), "utf8");
const Printed = z.strictObject({ protocol: z.literal(1), node: z.string(), readings: Readings });

const ENROLLED: Config = { console: "https://console.example", agentId: "a", node: "ruby", consoleKey: "k", stateDir: "/nowhere" };

function tree() {
  const folder = emptyFolder(onTestFinished);
  put(folder, "etc/hostname", "ruby\n");
  put(folder, "proc/net/bonding/bond0", BOND);
  return folder;
}

test("a recorded tree gives every source once: ok, or absent, never a tool of this machine", async () => {
  const printed = Printed.parse(JSON.parse(await once(["--root", tree(), "--json"], {})));
  expect(printed.node).toBe("ruby");
  expect(Object.keys(printed.readings)).toEqual([...SourceName.options]);
  expect(printed.readings.bonding).toMatchObject({ status: "ok", value: { bonds: [{ name: "bond0" }] } });
  expect(printed.readings.drbd?.status).toBe("absent");
  expect(printed.readings.pacemaker?.status).toBe("absent");
});

test("only the sources asked for are read", async () => {
  const printed = Printed.parse(JSON.parse(await once(["--root", tree(), "--json", "--source", "aoe,bonding"], {})));
  expect(Object.keys(printed.readings).sort()).toEqual(["aoe", "bonding"]);
});

test("a source that fails is printed as failed, and the rest is read", async () => {
  const root = tree();
  put(root, "proc/drbd", "this is not DRBD\n");
  const printed = Printed.parse(JSON.parse(await once(["--root", root, "--json"], {})));
  expect(printed.readings.drbd).toMatchObject({ status: "failed", error: { code: "COLLECT_PARSE" } });
  expect(printed.readings.bonding?.status).toBe("ok");
});

test("the name given wins over the tree's own", async () => {
  expect(Printed.parse(JSON.parse(await once(["--root", tree(), "--json", "--node", "emerald"], {}))).node).toBe("emerald");
});

test("without --json a person reads one line per source", async () => {
  const text = await once(["--root", tree()], {});
  expect(text).toMatch(/^node ruby$/m);
  expect(text).toMatch(/^bonding +ok +bonds 1/m);
  expect(text).toMatch(/^drbd +absent +not on this node$/m);
});

test.each([
  [["--source", "drbd,bonds"], '"bonds" is not a source. Sources: drbd, bonding'],
  [["--root", "/nowhere/at/all"], "there is no such folder"],
  [["--bin", "/nowhere/at/all"], "there is no such folder"],
  [["--frobnicate"], "--frobnicate"],
  [["stray"], "stray"],
  [["--node", "not a name"], "--node NAME"],
])("%j: the mistake is named", async (args, words) => {
  await expect(once(args, {})).rejects.toThrow(words);
});

test("a comma list of sources may have blanks", () => {
  expect(chosenSources("drbd, aoe")).toEqual(["drbd", "aoe"]);
});

test("explain says of every source what is read and whether it is here, and that the agent takes no steps", async () => {
  const text = await explain(["--root", tree()], {});
  for (const name of SourceName.options) expect(text).toMatch(new RegExp(`^${name}$`, "m"));
  expect(text).toMatch(/^bonding\n {2}reads: {2}\/proc\/net\/bonding.*\n.*\n {2}here: {3}yes$/m);
  expect(text).toMatch(/^drbd\n.*\n.*\n {2}here: {3}no/m);
  expect(text).toContain("steps: none (this is a recorded tree)");
});

test("explain says which steps an enrolled agent takes, and why no more", async () => {
  const folder = emptyFolder(onTestFinished);
  const policyFile = put(folder, "policy.json", '{"steps": ["standby"]}');
  const explained = async (part: Partial<Config>) => {
    const config = put(folder, "agent.json", JSON.stringify({ ...ENROLLED, policyFile, ...part }));
    return explain(["--root", tree(), "--config", config], {});
  };
  const allowed = await explained({});
  expect(allowed).toContain(`steps: standby\n  why:    ${policyFile} allows standby.`);
  expect(allowed).toContain("but not standby here: crm_standby, cibadmin, crm_diff, crm_simulate not installed");
  expect(await explained({ policyFile: "/nowhere/policy.json" })).toContain(
    "steps: none (this agent only reads)\n  why:    /nowhere/policy.json is not there",
  );
  expect(await explained({ console: "http://console.example" })).toMatch(
    /steps: none .*\n {2}why: {4}the link to .* plain text across the network/,
  );
});

test("the version is the package's", () => {
  const file = readFileSync(path.join(import.meta.dirname, "../package.json"), "utf8");
  expect(z.object({ version: z.string() }).parse(JSON.parse(file)).version).toBe(AGENT_VERSION);
});
