// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { readXml } from "@/agent/xml";
import { readParameters } from "./cib-parameters";

const pair = (name: string, value: string) => `<nvpair id="${name}" name="${name}" value="${value}"/>`;
const primitive = (id: string, kind: string, pairs: string, more = "") =>
  `<primitive id="${id}" ${kind}><instance_attributes id="${id}-i">${more}${pairs}</instance_attributes></primitive>`;
const target = 'class="ocf" provider="heartbeat" type="iSCSITarget"';

test("what says how iSCSI is served and whom a device fences is read, and nothing else", () => {
  const text = `<resources>
    <group id="g">${primitive("t1", target, pair("implementation", "lio-t") + pair("tid", "1") + pair("incoming_password", "secret"))}</group>
    ${primitive("st", 'class="stonith" type="fence_ipmilan"', pair("pcmk_host_list", "ruby") + pair("password", "secret") + pair("ip", "10.0.0.9"))}
    ${primitive("fs", 'class="ocf" provider="heartbeat" type="Filesystem"', pair("device", "/dev/drbd0"))}
    <primitive id="c" class="ocf" provider="heartbeat" type="iscsi"/>
  </resources>`;
  expect(readParameters(readXml(text))).toEqual([
    { resource: "t1", values: { implementation: "lio-t", tid: "1" } },
    { resource: "st", values: { pcmk_host_list: "ruby" } },
    { resource: "c", values: {} },
  ]);
});

test("what comes from a template or stands under a rule is not known for sure, and is left out", () => {
  const rule = '<rule id="r" score="INFINITY"><expression id="e" attribute="#uname" operation="eq" value="ruby"/></rule>';
  const text = `<resources>${primitive("t1", target, pair("tid", "1"), rule)}<primitive id="t2" template="t"/></resources>`;
  expect(readParameters(readXml(text))).toEqual([]);
});
