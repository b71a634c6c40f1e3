// SPDX-License-Identifier: Apache-2.0
import { mkdirSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { allowedSteps } from "./allowed-steps";
import { readPolicy } from "./policy";
import { emptyFolder, put } from "./test-folder";

const folder = () => emptyFolder(onTestFinished);

test("what the file names is allowed, in the contract's order; a word that names no step is told", async () => {
  const file = put(folder(), "policy.json", '{"steps": ["prefer", "standby", "reboot"]}');
  const policy = await readPolicy(file);
  expect(policy.steps).toEqual(["standby", "prefer"]);
  expect(policy.why).toContain("Words that name no step: reboot.");
});

test("no file: nothing is allowed, and the sentence says so", async () => {
  expect(await readPolicy("/nowhere/policy.json")).toEqual({
    steps: [],
    why: "/nowhere/policy.json is not there, so no step is allowed: this agent only reads.",
  });
});

test.each([0o666, 0o664, 0o646, 0o622])("a file of mode %o, which others may write, allows nothing", async (mode) => {
  const file = put(folder(), "policy.json", '{"steps": ["standby"]}', mode);
  const policy = await readPolicy(file);
  expect(policy.steps).toEqual([]);
  expect(policy.why).toContain(`chmod go-w ${file}`);
});

test.each(["", "{}", '{"steps": "standby"}', '{"steps": [1]}', '["standby"]', '{"steps": ["standby"]'])(
  "%j is no policy: nothing is allowed",
  async (text) => {
    const policy = await readPolicy(put(folder(), "policy.json", text));
    expect(policy.steps).toEqual([]);
    expect(policy.why).toContain("is not a policy");
  },
);

test("a folder in its place, or a text of megabytes: nothing is allowed", async () => {
  const parent = folder();
  mkdirSync(path.join(parent, "policy.json"));
  expect((await readPolicy(path.join(parent, "policy.json"))).steps).toEqual([]);
  const large = put(folder(), "policy.json", `{"steps": ["standby"]${" ".repeat(70_000)}}`);
  expect((await readPolicy(large)).why).toContain("too large");
});

test("over plain text across the network nothing is allowed, whatever the file says", async () => {
  const policyFile = put(folder(), "policy.json", '{"steps": ["standby"]}');
  const at = async (console: string, tlsProxy = false) => (await allowedSteps({ console, tlsProxy, policyFile })).steps;
  expect(await at("http://console.example:8080")).toEqual([]);
  expect(await at("http://127.0.0.1:8080")).toEqual(["standby"]);
  expect(await at("http://[::1]:8080")).toEqual(["standby"]);
  expect(await at("https://console.example")).toEqual(["standby"]);
  expect(await at("https://console.example", true)).toEqual(["standby"]);
});
