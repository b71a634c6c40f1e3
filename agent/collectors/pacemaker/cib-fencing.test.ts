// SPDX-License-Identifier: Apache-2.0
import path from "node:path";
import { expect, it } from "vitest";
import { goldenCases } from "@/agent/collectors/golden";
import { Pacemaker } from "@/agent/protocol/model/pacemaker";
import { parseCib } from "./parse-cib";

const cases = goldenCases(path.join(import.meta.dirname, "fixtures/cib"));

const primitive = (id: string, more: string, inner = "") => `<primitive id="${id}" ${more}>${inner}</primitive>`;
const monitor = (interval: string, more = "") =>
  `<operations><op id="m-${interval}" name="monitor" interval="${interval}" ${more}/></operations>`;
const setup = (resources: string, topology = "", options = "") =>
  Pacemaker.parse(
    parseCib(
      `<cib epoch="1" num_updates="1" admin_epoch="0"><configuration><crm_config><cluster_property_set id="o">${options}</cluster_property_set></crm_config>
       <nodes><node id="1" uname="ruby"/></nodes><resources>${resources}</resources><constraints/>${topology}</configuration></cib>`,
      "cibadmin -Q",
    ),
  ).fenceSetup;

it("devices with the pace at which they are watched, the template's where they have none, and no other service", () => {
  const resources = `<template id="t" class="stonith" type="fence_ipmilan">${monitor("2min")}</template>
    ${primitive("st1", 'class="stonith" type="fence_ipmilan"', monitor("60s"))}
    <group id="g">${primitive("st2", 'template="t"')}</group>
    ${primitive("st3", 'class="stonith" type="fence_sbd"')}
    ${primitive("st4", 'class="stonith" type="fence_sbd"', monitor("60s", 'enabled="false"'))}
    ${primitive("ip", 'class="ocf" provider="heartbeat" type="IPaddr2"', monitor("10s"))}`;
  expect(setup(resources)?.devices).toEqual([
    { resource: "st1", monitorEveryMs: 60_000 },
    { resource: "st2", monitorEveryMs: 120_000 },
    { resource: "st3", monitorEveryMs: null },
    { resource: "st4", monitorEveryMs: null },
  ]);
});

it("levels by name, pattern and attribute, in the order of the document", () => {
  const topology = `<fencing-topology>
    <fencing-level id="l1" target="ruby" index="1" devices="ipmi-ruby"/>
    <fencing-level id="l2" target="ruby" index="2" devices="pdu-a, pdu-b"/>
    <fencing-level id="l3" target-pattern="hv.*" index="1" devices="sbd"/>
    <fencing-level id="l4" target-attribute="rack" target-value="4" index="1" devices="pdu-4"/>
  </fencing-topology>`;
  expect(setup("", topology)?.levels).toEqual([
    { index: 1, target: "ruby", pattern: null, attribute: null, devices: ["ipmi-ruby"] },
    { index: 2, target: "ruby", pattern: null, attribute: null, devices: ["pdu-a", "pdu-b"] },
    { index: 1, target: null, pattern: "hv.*", attribute: null, devices: ["sbd"] },
    { index: 1, target: null, pattern: null, attribute: { name: "rack", value: "4" }, devices: ["pdu-4"] },
  ]);
});

it("an opt-in cluster and a watchdog are said as written", () => {
  const options = `<nvpair id="a" name="symmetric-cluster" value="off"/><nvpair id="b" name="stonith-watchdog-timeout" value="10s"/>`;
  expect(setup("", "", options)).toEqual({ symmetric: false, watchdogTimeout: "10s", devices: [], levels: [] });
  expect(setup("")).toEqual({ symmetric: true, watchdogTimeout: null, devices: [], levels: [] });
});

it("the real cluster's device is watched as its configuration says", () => {
  const text = cases.find(({ name }) => name === "pacemaker-2.1.5-healthy")?.text ?? "";
  expect(parseCib(text, "cibadmin -Q").fenceSetup).toEqual({
    symmetric: true,
    watchdogTimeout: null,
    devices: [{ resource: "fence", monitorEveryMs: 60_000 }],
    levels: [],
  });
});
