// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { HostError, type RunResult } from "../host/host";
import { memoryHost } from "../host/memory-host";
import { manualClock } from "../manual-clock";
import { aoeDiscover } from "./aoe-discover";
import { cleanup } from "./cleanup";
import { firstWords, stepErrorOf } from "./failure";

const exit = (exitCode: number, stdout = "", stderr = ""): RunResult => ({ exitCode, stdout, stderr });

test("aoe-discover: the devices before, after, and the new ones", async () => {
  const clock = manualClock();
  const host = memoryHost({
    files: { "/sys/block/sda/size": "1\n", "/sys/block/etherd!e0.1/size": "1\n" },
    tools: {
      "aoe-discover": () => {
        host.write("/sys/block/etherd!e0.2/size", "1\n");
        return exit(0);
      },
    },
  });
  const done = aoeDiscover({ host, clock });
  await clock.advance(2_000);
  expect(await done).toEqual({ commands: ["aoe-discover"], output: "before: e0.1\nafter: e0.1 e0.2\nnew: e0.2" });
});

test("no aoe-discover, or one that fails: told as such", async () => {
  await expect(aoeDiscover({ host: memoryHost(), clock: manualClock() })).rejects.toMatchObject({ code: "STEP_ABSENT" });
  const host = memoryHost({ tools: { "aoe-discover": exit(1, "", "/dev/etherd/discover does not exist") } });
  await expect(aoeDiscover({ host, clock: manualClock() })).rejects.toMatchObject({
    code: "STEP_TOOL",
    message: "aoe-discover ended with exit 1: /dev/etherd/discover does not exist",
  });
});

test("cleanup: on every node, or on one; what it said goes back", async () => {
  const host = memoryHost({ tools: { crm_resource: exit(0, "Cleaned up vip on ruby\nWaiting for 1 reply\n") } });
  expect(await cleanup({ host, clock: manualClock() }, { kind: "cleanup", resource: "vip", node: "ruby" })).toEqual({
    commands: ["crm_resource --cleanup --resource vip --node ruby"],
    output: "Cleaned up vip on ruby Waiting for 1 reply",
  });
});

test("cleanup: one that gave up while it waited may have been done; one that never began was not", async () => {
  const ends = (code: number) => {
    const host = memoryHost({ tools: { crm_resource: exit(code, "", "it failed") } });
    return cleanup({ host, clock: manualClock() }, { kind: "cleanup", resource: "vip", node: null });
  };
  for (const code of [1, 124]) await expect(ends(code)).rejects.toMatchObject({ code: "STEP_TOOL", mayHaveHappened: true });
  for (const code of [4, 64, 102, 105]) await expect(ends(code)).rejects.toMatchObject({ code: "STEP_TOOL", mayHaveHappened: false });
});

test("a tool's words are cut short, and a document it dumps is left out: a CIB holds passwords", () => {
  expect(firstWords(exit(78, "", `Call failed: Update does not conform\n<cib password="secret"/>\n`))).toBe(
    "Call failed: Update does not conform",
  );
  expect(firstWords(exit(1, "x".repeat(10_000))).length).toBeLessThanOrEqual(300);
  expect(firstWords(exit(1))).toBe("");
});

test("whatever goes wrong is an error of the contract; a hanging tool is a timeout", () => {
  expect(stepErrorOf(new HostError("HOST_TIMEOUT", "cibadmin did not answer"))).toMatchObject({ code: "STEP_TIMEOUT" });
  expect(stepErrorOf(new HostError("HOST_FORBIDDEN", "may not"))).toMatchObject({ code: "STEP_TOOL", message: "may not" });
  expect(stepErrorOf(new TypeError("x"))).toMatchObject({ code: "STEP_TOOL", message: "This agent failed unexpectedly: x" });
});
