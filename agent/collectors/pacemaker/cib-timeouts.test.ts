// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { readXml } from "@/agent/xml";
import { readTimeouts, timeoutMs } from "./cib-timeouts";
import { childrenOf } from "./fields";

const RESOURCES = readXml(`<resources>
  <template id="t"><operations><op id="t1" name="stop" timeout="30s"/></operations></template>
  <primitive id="vip" template="t"><operations><op id="v1" name="start" timeout="1min"/></operations></primitive>
  <group id="g"><primitive id="fs"><operations>
    <op id="f1" name="stop"><meta_attributes id="m"><nvpair id="n" name="timeout" value="90"/></meta_attributes></op>
    <op id="f2" name="start" timeout="soon"/>
  </operations></primitive></group>
</resources>`);

test("the resource's own word, its template's, then the defaults; what nobody says is not told", () => {
  expect(readTimeouts(RESOURCES, [])).toEqual([
    { resource: "vip", task: "start", timeoutMs: 60_000 },
    { resource: "vip", task: "stop", timeoutMs: 30_000 },
    { resource: "fs", task: "stop", timeoutMs: 90_000 },
  ]);
  const defaults = readXml('<d><meta_attributes id="o"><nvpair id="p" name="timeout" value="120s"/></meta_attributes></d>');
  const all = readTimeouts(RESOURCES, childrenOf(defaults, "meta_attributes"));
  expect(all).toContainEqual({ resource: "vip", task: "stop", timeoutMs: 30_000 });
  expect(all).toContainEqual({ resource: "fs", task: "promote", timeoutMs: 120_000 });
});

test.each([
  ["100", 100_000],
  ["100s", 100_000],
  ["500ms", 500],
  ["2min", 120_000],
  ["1 h", 3_600_000],
  ["", null],
  [null, null],
  ["soon", null],
  ["-5s", null],
])("%j is %j ms", (written, ms) => {
  expect(timeoutMs(written)).toBe(ms);
});
