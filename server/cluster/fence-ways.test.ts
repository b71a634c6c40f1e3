// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { Pacemaker, PacemakerConstraint } from "@/agent/protocol/model/pacemaker";
import { around, cluster, member, nodeFacts, pacemaker, resource, T0 } from "./factories";
import { fenceWays } from "./fence-ways";
import { project } from "./project";

const NAMES = ["ruby", "crystal", "jade"];
type Setup = NonNullable<Pacemaker["fenceSetup"]>;

function fencing(
  devices: Record<string, Record<string, string> | null>,
  more: Partial<Pacemaker> = {},
  setup: Partial<Setup> = {},
): Pacemaker {
  const ids = Object.keys(devices);
  return pacemaker(
    NAMES.map((name) => member(name)),
    [resource("g_mail", "ruby"), ...ids.map((id) => resource(id, "ruby", { agent: "stonith:fence_ipmilan" }))],
    {
      parameters: ids.flatMap((id) => (devices[id] ? [{ resource: id, values: devices[id] }] : [])),
      fenceSetup: {
        symmetric: true,
        watchdogTimeout: null,
        devices: ids.map((id) => ({ resource: id, monitorEveryMs: 60_000 })),
        levels: [],
        ...setup,
      },
      ...more,
    },
  );
}
const at = (device: string, node: string | null, score: string, rule: string | null = null): PacemakerConstraint => ({
  id: `${device}-${node}`,
  kind: "location",
  resource: device,
  with: null,
  node,
  score,
  role: null,
  rule,
});
const ways = (value: Pacemaker, name = "ruby") =>
  fenceWays(value)
    .get(name)
    ?.ways.map(({ device, from, level }) => `${device}${level === null ? "" : ` (${level})`} from ${from === null ? "?" : from.join(" ")}`);
const told = (value: Pacemaker) =>
  [...project(cluster(...NAMES.map((name) => nodeFacts(name, { pacemaker: value }))), around(T0), new Map()).values()].flatMap((one) =>
    one.kind === "finding" && /^fencing-(gap|reach|level)$/.test(one.rule) ? [one.title] : [],
  );

describe("which device fences whom", () => {
  it.each<[string, Record<string, string>, boolean]>([
    ["a list", { pcmk_host_list: "jade,ruby" }, true],
    ["a map", { pcmk_host_map: "ruby:1,2;jade:3" }, true],
    ["a list that lacks it", { pcmk_host_list: "jade" }, false],
    ["nobody is asked: all", { pcmk_host_check: "none" }, true],
  ])("%s", (_, values, isFor) => {
    expect(ways(fencing({ st: values }))).toEqual(isFor ? ["st from crystal jade"] : []);
    expect(fenceWays(fencing({ st: values })).get("ruby")?.isKnown).toBe(true);
  });

  it("only the device knows, or its parameters are not known: it may, and nothing is sure", () => {
    for (const values of [{ pcmk_host_check: "dynamic-list" }, { pcmk_host_check: "status" }, {}, null]) {
      const value = fencing({ st: values });
      expect(fenceWays(value).get("ruby")).toMatchObject({ isKnown: false, ways: [{ device: "st", isSure: false }] });
      expect(told(value)).toEqual([]);
    }
  });
});

describe("from where", () => {
  const LIST = { st: { pcmk_host_list: NAMES.join(" ") } };

  it("wherever no constraint forbids it, and never from the node itself", () => {
    expect(ways(fencing(LIST, { constraints: [at("st", "jade", "-INFINITY")] }))).toEqual(["st from crystal"]);
    expect(ways(fencing(LIST, { constraints: [at("st", "jade", "-1"), at("st", "crystal", "100")] }))).toEqual(["st from crystal"]);
  });

  it("in an opt-in cluster only where a constraint allows it", () => {
    const optIn = { symmetric: false };
    expect(ways(fencing(LIST, { constraints: [at("st", "jade", "0"), at("st", "crystal", "10")] }, optIn))).toEqual(["st from crystal"]);
  });

  it("a rule by name is as good as a name; any other leaves it open", () => {
    expect(ways(fencing(LIST, { constraints: [at("st", null, "-INFINITY", "#uname eq jade")] }))).toEqual(["st from crystal"]);
    expect(ways(fencing(LIST, { constraints: [at("st", null, "-INFINITY", "#uname ne jade")] }))).toEqual(["st from ?"]);
  });

  it("constraints that were not read leave it open", () => {
    const unread = [{ what: "constraints", code: "COLLECT_FORBIDDEN" as const, message: "hidden" }];
    expect(ways(fencing(LIST, { unread }))).toEqual(["st from ?"]);
  });

  it("a device that only lives on the node it fences is told; so is one whose only users are gone", () => {
    const own = { st: { pcmk_host_list: "ruby" }, rest: { pcmk_host_list: "crystal jade" } };
    const away = [at("st", "crystal", "-INFINITY"), at("st", "jade", "-INFINITY")];
    expect(told(fencing(own, { constraints: away }))).toEqual(["No other node may fence ruby"]);
    const nodes = [member("ruby"), member("crystal", { online: false }), member("jade")];
    const cut = fencing(own, { constraints: away.slice(1), nodes });
    expect(told(cut)).toEqual(["Nobody who is up can fence ruby"]);
    // Nobody is left who could need it.
    expect(told({ ...cut, nodes: [member("ruby"), ...NAMES.slice(1).map((name) => member(name, { online: false }))] })).toEqual([]);
  });
});

describe("levels", () => {
  const DEVICES = { ipmi: { pcmk_host_list: "ruby" }, pdu: { pcmk_host_list: "ruby crystal jade" } };
  const level = (index: number, devices: string[], more: Partial<Setup["levels"][number]> = {}) => ({
    index,
    target: "ruby",
    pattern: null,
    attribute: null,
    devices,
    ...more,
  });

  it("where a node has levels no other device is asked", () => {
    const value = fencing(DEVICES, {}, { levels: [level(2, ["pdu"]), level(1, ["ipmi"])] });
    expect(ways(value)).toEqual(["ipmi (1) from crystal jade", "pdu (2) from crystal jade"]);
    expect(ways(value, "crystal")).toEqual(["pdu from jade ruby"]);
  });

  it.each([
    ["a name that is none", "imp", "imp of level 1 is not there."],
    ["a device for others", "other", "other of level 1 is not for ruby."],
  ])("%s: the level cannot work", (_, device, why) => {
    const value = fencing({ ...DEVICES, other: { pcmk_host_list: "jade" } }, {}, { levels: [level(1, [device]), level(2, ["pdu"])] });
    expect(told(value)).toEqual(["Fencing of ruby: level 1 cannot work"]);
    expect(
      fenceWays(value)
        .get("ruby")
        ?.broken.map((one) => `${one.device} of level ${one.level} ${one.why}.`),
    ).toEqual([why]);
  });

  it("a level by attribute is for the nodes that have it, one by pattern for nobody knows whom", () => {
    const levels = [level(1, ["pdu"], { target: null, attribute: { name: "rack", value: "4" } })];
    const nodes = [member("ruby", { attributes: { rack: "4" } }), member("crystal"), member("jade")];
    expect(ways(fencing(DEVICES, { nodes }, { levels }))).toEqual(["pdu (1) from crystal jade"]);
    expect(fenceWays(fencing(DEVICES, {}, { levels: [level(1, ["pdu"], { target: null, pattern: "r.*" })] })).get("ruby")).toMatchObject({
      isKnown: false,
      ways: [],
    });
  });
});

it("a device that is switched off fences nobody, and a watchdog needs none", () => {
  const off = fencing({ st: { pcmk_host_list: NAMES.join(" ") } });
  const resources = off.resources.map((one) => (one.id === "st" ? { ...one, targetRole: "Stopped", active: false, nodes: [] } : one));
  expect(told({ ...off, resources })).toEqual(["No fencing device is for crystal, jade and ruby"]);
  const watchdog = fencing({ st: { pcmk_host_list: "ruby" } }, {}, { watchdogTimeout: "10s" });
  expect(told(watchdog)).toEqual([]);
});

it("an agent that does not read the set-up still tells whom no device names", () => {
  const { fenceSetup: _, ...old } = fencing({ st: { pcmk_host_list: "ruby jade" } });
  expect(told(old)).toEqual(["No fencing device is for crystal"]);
  expect(ways(old)).toEqual(["st from ?"]);
});
