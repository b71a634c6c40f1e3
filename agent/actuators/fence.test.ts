// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { ParseError } from "../collectors/define";
import type { RunResult } from "../host/host";
import { memoryHost } from "../host/memory-host";
import { manualClock } from "../manual-clock";
import { devicesInText, devicesInXml, fence, fenceDevices } from "./fence";

const exit = (exitCode: number, stdout = "", stderr = ""): RunResult => ({ exitCode, stdout, stderr });
const XML =
  '<pacemaker-result api-version="2.25"><list name="Registered fence devices" count="2"><item name="device">fence-a</item><item name="device">pdu.2</item></list><status code="0" message="OK"/></pacemaker-result>\n';
const REBOOT = { kind: "fence", node: "ruby", action: "reboot" } as const;
const context = (answer: RunResult) => ({ host: memoryHost({ tools: { stonith_admin: answer } }), clock: manualClock() });

test("the devices that can reach a node, as XML and as text", async () => {
  expect(devicesInXml(XML)).toEqual(["fence-a", "pdu.2"]);
  expect(devicesInText(" fence-a\n  * pdu.2\n\n2 fence devices found\n")).toEqual(["fence-a", "pdu.2"]);
  expect(devicesInText("No devices found\n")).toEqual([]);
  expect(() => devicesInXml("<cib/>")).toThrow(ParseError);
  expect(await fenceDevices(memoryHost({ tools: { stonith_admin: exit(0, XML) } }), "ruby")).toEqual(["fence-a", "pdu.2"]);
});

test("an older stonith_admin is asked in words it knows; none that can is an answer, a failure is not", async () => {
  const older = (args: readonly string[]) => (args.includes("--output-as=xml") ? exit(64) : exit(0, "fence-a\n1 fence device found\n"));
  expect(await fenceDevices(memoryHost({ tools: { stonith_admin: older } }), "ruby")).toEqual(["fence-a"]);
  expect(await fenceDevices(memoryHost({ tools: { stonith_admin: exit(105) } }), "ruby")).toEqual([]);
  await expect(fenceDevices(memoryHost({ tools: { stonith_admin: exit(102, "", "no fencer") } }), "ruby")).rejects.toMatchObject({
    code: "STEP_TOOL",
    message: "stonith_admin --list ended with exit 102: no fencer",
  });
});

test("a fencing that the fencer calls done", async () => {
  expect(await fence(context(exit(0, "done\n")), REBOOT)).toEqual({
    commands: ["stonith_admin --reboot ruby --timeout 120"],
    output: "done",
  });
});

test.each([
  [105, false],
  [102, false],
  [4, false],
  [124, true],
  [1, true],
])("exit %i: it may have happened: %j", async (code, mayHaveHappened) => {
  await expect(fence(context(exit(code)), REBOOT)).rejects.toMatchObject({ code: "STEP_TOOL", mayHaveHappened });
});

test("no stonith_admin on this node", async () => {
  await expect(fence({ host: memoryHost(), clock: manualClock() }, REBOOT)).rejects.toMatchObject({ code: "STEP_ABSENT" });
});
