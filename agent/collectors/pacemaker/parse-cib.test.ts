// SPDX-License-Identifier: Apache-2.0
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ParseError } from "@/agent/collectors/define";
import { cutsOf, goldenCases } from "@/agent/collectors/golden";
import { HostError } from "@/agent/host/host";
import { Pacemaker } from "@/agent/protocol/model/pacemaker";
import { parseCib } from "./parse-cib";
import { parseCrmMon } from "./parse-crm-mon";

const cases = goldenCases(path.join(import.meta.dirname, "fixtures/cib"));
const snapshots = goldenCases(path.join(import.meta.dirname, "fixtures/crm-mon"));

function textOf(name: string, from = cases): string {
  return from.find((one) => one.name === name)?.text ?? "";
}

describe.each(cases)("$name", ({ text, golden }) => {
  test("becomes its golden value", () => {
    expect(Pacemaker.parse(parseCib(text, "cibadmin -Q"))).toEqual(golden);
  });

  test("cut anywhere it is refused", () => {
    for (const cut of cutsOf(text.trimEnd())) expect(() => parseCib(cut, "cibadmin -Q"), cut.slice(-60)).toThrow(ParseError);
  });
});

describe("the CIB read by us says what crm_mon says of the same moment", () => {
  test.each(["pacemaker-2.1.5-quorum-lost", "pacemaker-2.1.5-pacemaker-stopped-corosync-up"])("%s", (name) => {
    const ours = parseCib(textOf(name), "cibadmin -Q");
    const theirs = parseCrmMon(textOf(name, snapshots), "crm_mon --output-as=xml").pacemaker;
    expect(nodesOf(ours)).toEqual(nodesOf(theirs));
    expect(activeOf(ours)).toEqual(activeOf(theirs));
  });

  function nodesOf(value: Pacemaker) {
    return value.nodes.map(({ name, online, standby, maintenance, pending, unclean, isDc }) => ({
      name,
      online,
      standby,
      maintenance,
      pending,
      unclean,
      isDc,
    }));
  }
  function activeOf(value: Pacemaker): string[] {
    const active = value.resources.filter((resource) => resource.active);
    return active
      .map(({ id, role, nodes, agent, failed, onOfflineNode }) => [id, role, ...nodes, agent, failed, onOfflineNode].join(" "))
      .sort();
  }
});

describe("the CIB on disk", () => {
  const disk = textOf("pacemaker-2.1.5-healthy").replace(/ {2}<status>[\s\S]*<\/status>\n/, "");

  test("claims no node to be up, no DC, no quorum, no running resource, and says why", () => {
    const value = parseCib(disk, "CIB on disk");
    expect(value.nodes.map(({ name, online, pending, unclean, isDc }) => [name, online, pending, unclean, isDc])).toEqual([
      ["node1", false, false, false, false],
      ["node2", false, false, false, false],
      ["node3", false, false, false, false],
    ]);
    expect([value.dc, value.quorate]).toEqual([null, null]);
    expect(value.resources.some(({ active }) => active)).toBe(false);
    expect(value.unread.map(({ what }) => what)).toContain("status");
    expect(value.constraints).toHaveLength(4);
  });
});

describe("parts that an ACL hides", () => {
  test("no constraints section is not no constraints", () => {
    const text = textOf("pacemaker-2.1.5-healthy").replace(/ {4}<constraints>[\s\S]*<\/constraints>\n/, "");
    expect(parseCib(text, "cibadmin -Q").unread).toContainEqual(
      expect.objectContaining({ what: "constraints", code: "COLLECT_FORBIDDEN" }),
    );
  });

  test("no options section: whether fencing is on is not known", () => {
    const text = textOf("pacemaker-2.1.5-healthy").replace(/ {4}<crm_config>[\s\S]*<\/crm_config>\n/, "");
    expect(parseCib(text, "cibadmin -Q").stonithEnabled).toBeNull();
  });

  test("no nodes is a failure to read", () => {
    expect(() => parseCib('<cib epoch="1" num_updates="1" admin_epoch="0"><configuration/></cib>', "cibadmin -Q")).toThrow(HostError);
  });
});

describe("roles from recorded operations", () => {
  const op = (task: string, callId: number, rc: number, more = "") =>
    `<lrm_rsc_op id="r_${task}_${callId}" operation_key="r_${task}_0" operation="${task}" transition-key="1:1:${task === "monitor" && !more.includes("interval") ? 7 : 0}:u" call-id="${callId}" rc-code="${rc}" op-status="${rc === 193 ? -1 : 0}" ${more}/>`;
  const RECURRING = 'interval="5000"';

  test.each<[string, string[], string, boolean, boolean]>([
    ["never asked", [], "Stopped", false, false],
    ["a probe found nothing", [op("monitor", 1, 7)], "Stopped", false, false],
    ["a probe found it running", [op("monitor", 1, 0)], "Started", true, false],
    ["a probe found it promoted", [op("monitor", 1, 8)], "Promoted", true, false],
    ["a probe found it promoted and broken", [op("monitor", 1, 9)], "Promoted", true, true],
    ["a probe where it is not installed", [op("monitor", 1, 5)], "Stopped", false, false],
    ["started", [op("monitor", 1, 7), op("start", 2, 0)], "Started", true, false],
    ["written in another order than it ran", [op("start", 2, 0), op("monitor", 1, 7)], "Started", true, false],
    ["stopped after a monitor", [op("monitor", 3, 0, RECURRING), op("stop", 4, 0)], "Stopped", false, false],
    ["a monitor found it gone", [op("start", 2, 0), op("monitor", 3, 7, RECURRING)], "Started", true, true],
    ["failed, then started anew", [op("monitor", 3, 7, RECURRING), op("start", 4, 0)], "Started", true, false],
    ["a start failed", [op("start", 2, 1)], "Started", true, true],
    ["a stop failed", [op("start", 2, 0), op("stop", 3, 1)], "Started", true, true],
    ["promoted, then demoted", [op("promote", 2, 0), op("demote", 3, 0)], "Started", true, false],
    ["starting", [op("monitor", 1, 7), op("start", -1, 193)], "Starting", true, false],
    ["stopping", [op("monitor", 2, 0, RECURRING), op("stop", -1, 193)], "Stopping", true, false],
    ["a stop under way of what nobody saw running", [op("stop", -1, 193)], "Stopped", false, false],
    ["left for another node", [op("start", 2, 0), op("migrate_to", 3, 0)], "Stopped", false, false],
    ["came from another node", [op("migrate_from", 2, 0)], "Started", true, false],
    ["notified only", [op("start", 2, 0), op("notify", 3, 0)], "Started", true, false],
  ])("%s", (_name, operations, role, active, failed) => {
    const value = parseCib(cibWith(operations.join("")), "cibadmin -Q");
    expect(value.resources).toHaveLength(1);
    expect(value.resources[0]).toMatchObject({ id: "r", role, active, failed, nodes: active ? ["alice"] : [] });
  });

  test("any history gives one resource that is active exactly where it has a place", () => {
    const task = fc.constantFrom("monitor", "start", "stop", "promote", "demote", "notify", "migrate_to", "migrate_from", "reload");
    const operation = fc.tuple(task, fc.integer({ min: -1, max: 50 }), fc.constantFrom(0, 1, 5, 7, 8, 9, 193));
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 8 }), (operations) => {
        const value = Pacemaker.parse(
          parseCib(cibWith(operations.map(([name, callId, rc]) => op(name, callId, rc)).join("")), "cibadmin -Q"),
        );
        expect(value.resources).toHaveLength(1);
        for (const resource of value.resources) expect(resource.nodes.length > 0).toBe(resource.active);
      }),
    );
  });

  function cibWith(operations: string): string {
    return `<cib epoch="1" num_updates="2" admin_epoch="0" have-quorum="1" dc-uuid="1"><configuration><crm_config/><nodes><node id="1" uname="alice"/></nodes>
      <resources><primitive id="r" class="ocf" provider="x" type="Dummy"/></resources><constraints/></configuration>
      <status><node_state id="1" uname="alice" in_ccm="true" crmd="online" join="member" expected="member"><lrm id="1"><lrm_resources>
      <lrm_resource id="r" type="Dummy" class="ocf" provider="x">${operations}</lrm_resource></lrm_resources></lrm></node_state></status></cib>`;
  }
});
