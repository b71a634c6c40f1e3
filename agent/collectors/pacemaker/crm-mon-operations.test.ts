// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { readXml } from "@/agent/xml";
import { readOperations } from "./crm-mon-operations";

const document = (operations: string) =>
  readXml(
    `<pacemaker-result><node_history><node name="ruby"><resource_history id="fs">${operations}</resource_history></node></node_history></pacemaker-result>`,
  );

test("the newest of each task counts; monitors, and what is still under way, do not", () => {
  const root = document(`
    <operation_history call="9" task="stop" rc="1" last-rc-change="Fri Nov 20 11:29:30 2026" exec-time="2100ms"/>
    <operation_history call="7" task="stop" rc="0" exec-time="90ms"/>
    <operation_history call="10" task="monitor" rc="0" interval="5000ms" exec-time="12ms"/>
    <operation_history call="-1" task="start" rc="193" exec-time="0ms"/>`);
  expect(readOperations(root)).toEqual([
    { resource: "fs", node: "ruby", task: "stop", tookMs: 2_100, isOk: false, call: 9, began: "Fri Nov 20 11:29:30 2026" },
  ]);
});

test("a document without operations, or times in other words: not read, nothing invented", () => {
  expect(readOperations(readXml("<pacemaker-result/>"))).toBeNull();
  expect(readOperations(document(""))).toBeNull();
  expect(readOperations(document('<operation_history call="9" task="stop" rc="0" exec-time="2 s"/>'))).toEqual([]);
});
