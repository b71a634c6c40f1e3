// SPDX-License-Identifier: Apache-2.0
import path from "node:path";
import { describe, expect, test } from "vitest";
import { ParseError } from "@/agent/collectors/define";
import { cutsOf, goldenCases } from "@/agent/collectors/golden";
import { HostError } from "@/agent/host/host";
import { Pacemaker } from "@/agent/protocol/model/pacemaker";
import { parseCrmMon } from "./parse-crm-mon";

const SOURCE = "crm_mon --output-as=xml";
const cases = goldenCases(path.join(import.meta.dirname, "fixtures/crm-mon"));

function fixture(name: string): Pacemaker {
  return parseCrmMon(textOf(name), SOURCE).pacemaker;
}

function textOf(name: string): string {
  return cases.find((one) => one.name === name)?.text ?? "";
}

describe.each(cases)("$name", ({ text, golden }) => {
  test("becomes its golden value", () => {
    expect(Pacemaker.parse(parseCrmMon(text, SOURCE).pacemaker)).toEqual(golden);
  });

  test("cut anywhere it is refused", () => {
    // Without its last newline the document is whole.
    for (const cut of cutsOf(text.trimEnd())) expect(() => parseCrmMon(cut, SOURCE), cut.slice(-60)).toThrow(ParseError);
  });
});

describe("what must never look well", () => {
  test("after lost quorum nothing on a dead peer counts as there", () => {
    const value = fixture("pacemaker-2.1.5-quorum-lost");
    expect(value.quorate).toBe(false);
    const active = value.resources.filter((resource) => resource.active);
    expect(active.length).toBeGreaterThan(0);
    for (const resource of active) expect(resource.onOfflineNode, resource.id).toBe(!resource.nodes.includes("node1"));
  });

  test("Pacemaker stopped with Corosync up: online, but pending", () => {
    const node = fixture("pacemaker-2.1.5-pacemaker-stopped-corosync-up").nodes.find(({ name }) => name === "node3");
    expect(node).toMatchObject({ online: true, pending: true, standby: true });
  });

  test("fencing under way is pending", () => {
    expect(fixture("pacemaker-2.1.5-node-killed-fencing").fencing.map(({ target, status }) => `${target} ${status}`)).toContain(
      "node3 pending",
    );
  });

  test("up to 2.0.2 a node inside a resource is there when cached is false", () => {
    const value = fixture("pacemaker-1.1.12-handwritten");
    expect(value.resources.map(({ id, nodes, onOfflineNode }) => [id, nodes[0], onOfflineNode])).toContainEqual(["p_drbd_r0", "bob", true]);
    expect(value.resources.filter(({ onOfflineNode }) => onOfflineNode)).toHaveLength(1);
  });

  test.each([
    ["1.1.12", "true", true],
    ["1.1.12", "false", false],
    ["2.0.2", "true", true],
    ["2.0.3", "true", false],
    ["2.0.3", "false", true],
    ["2.1.5", "false", true],
  ])("crm_mon %s, cached %s, node not listed: on an offline node %s", (version, cached, expected) => {
    const text = textOf("pacemaker-1.1.12-handwritten")
      .replace('version="1.1.12"', `version="${version}"`)
      .replace('<node name="bob" id="2" cached="true"/>', `<node name="carol" id="3" cached="${cached}"/>`);
    const value = parseCrmMon(text, SOURCE).pacemaker;
    expect(value.resources.find(({ nodes }) => nodes.includes("carol"))?.onOfflineNode).toBe(expected);
  });
});

describe("by-node output", () => {
  test("shows the same resources in the same places as the plain one, each once", () => {
    const plain = fixture("pacemaker-2.1.5-resource-unmanaged").resources;
    const byNode = fixture("pacemaker-2.1.5-resource-stopped-by-node").resources;
    const places = (all: Pacemaker["resources"]) => all.map(({ id, nodes }) => `${id}@${nodes.join("+")}`).sort();
    expect(new Set(places(byNode)).size).toBe(byNode.length);
    expect(places(byNode).filter((place) => !place.startsWith("dummy1"))).toEqual(
      places(plain).filter((place) => !place.startsWith("dummy1")),
    );
  });
});

describe("an answer that is none", () => {
  const failed = (status: string) => `<pacemaker-result api-version="2.25" request="crm_mon -1">\n  ${status}\n</pacemaker-result>\n`;

  test.each([
    ["no permission", failed('<status code="4" message="Insufficient privileges"/>'), "HOST_FORBIDDEN"],
    ["not connected", failed('<status code="102" message="Not connected"/>'), "HOST_READ"],
    ["another failure", failed('<status code="78" message="Invalid configuration"/>'), "HOST_READ"],
    ["an ACL without a role: no nodes, no error", failed('<pacemakerd state="running"/><status code="0" message="OK"/>'), "HOST_FORBIDDEN"],
    ["no nodes in the list", failed('<summary/><nodes/><status code="0" message="OK"/>'), "HOST_FORBIDDEN"],
    ["an error told in passing", failed('<status code="0" message="OK"><errors><error>no schema</error></errors></status>'), "HOST_READ"],
  ])("%s", (_name, text, code) => {
    const error = caught(() => parseCrmMon(text, SOURCE));
    expect(error).toBeInstanceOf(HostError);
    expect(error).toMatchObject({ code });
  });

  test.each([
    ["text", "Cluster Summary:\n  * Stack: corosync\n"],
    ["a web page", '<html><head><meta charset="x"/></head></html>'],
    ["a CIB", '<cib epoch="1"/>'],
    ["no status at the end", '<pacemaker-result api-version="2.25"><nodes/></pacemaker-result>'],
    ["a status without a code", '<pacemaker-result api-version="2.25"><status/></pacemaker-result>'],
  ])("%s is refused", (_name, text) => {
    expect(() => parseCrmMon(text, SOURCE)).toThrow(ParseError);
  });

  test.each([
    ["a flag that is neither", 'online="true"', 'online="perhaps"'],
    ["a node without online", 'online="true" standby', "standby"],
    ["a resource without a role", 'role="Promoted"', 'lore="Promoted"'],
  ])("%s is refused", (_name, from, to) => {
    const text = textOf("pacemaker-2.1.5-healthy");
    expect(text).toContain(from);
    expect(() => parseCrmMon(text.replace(from, to), SOURCE)).toThrow(ParseError);
  });
});

function caught(act: () => unknown): unknown {
  try {
    act();
    return null;
  } catch (error) {
    return error;
  }
}
