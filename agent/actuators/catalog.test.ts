// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { CIB_STEPS, Step, StepKind } from "../protocol/steps";
import { readXml } from "../xml";
import { asCibStep, cibCalls, TOOLS_OF } from "./catalog";
import { cleanupLines } from "./cleanup";
import { commandLine } from "./define";
import { fenceLines } from "./fence";

const CIB = readXml(`<cib><configuration>
  <resources><clone id="drbd-clone"><primitive id="drbd"/></clone><primitive id="vip"/><group id="g"><primitive id="fs"/></group></resources>
  <constraints>
    <rsc_location id="cli-prefer-vip" rsc="vip" node="ruby" score="INFINITY"/>
    <rsc_location id="cli-ban-drbd-clone-on-ruby" rsc="drbd-clone" node="ruby" score="-INFINITY"/>
    <rsc_location id="drbd-fence-by-handler-r0-drbd-clone" rsc="drbd-clone"><rule id="r" score="-INFINITY"/></rsc_location>
    <rsc_location id="cli-prefer-pattern" rsc-pattern="v.*" node="ruby" score="INFINITY"/>
    <rsc_colocation id="cli-prefer-odd" rsc="vip" with-rsc="g" score="INFINITY"/>
  </constraints>
</configuration></cib>`);

const lines = (step: Step): string[] => {
  const cibStep = asCibStep(step);
  return cibStep === null ? [] : cibCalls(cibStep, CIB).map(({ tool, args }) => commandLine(tool, args));
};

const PREFER = { kind: "prefer", resource: "vip", node: "ruby", role: null, lifetimeSeconds: null } as const;
const CLEAR: Step = { kind: "clear", resource: "vip", constraints: ["cli-prefer-vip"] };

test.each<[Step, string]>([
  [{ kind: "standby", node: "ruby", on: true }, "crm_standby -N ruby -v on"],
  [{ kind: "standby", node: "ruby", on: false }, "crm_standby -N ruby -D"],
  [PREFER, "crm_resource --move --resource vip --node ruby"],
  [{ ...PREFER, role: "Promoted" }, "crm_resource --move --resource vip --node ruby --promoted"],
  [{ ...PREFER, lifetimeSeconds: 600 }, "crm_resource --move --resource vip --node ruby --lifetime PT600S"],
  [
    { ...PREFER, kind: "ban", role: "Promoted", lifetimeSeconds: 5 },
    "crm_resource --ban --resource vip --node ruby --promoted --lifetime PT5S",
  ],
  [
    { kind: "managed", resource: "vip", on: false },
    "crm_resource --resource vip --meta --set-parameter is-managed --parameter-value false",
  ],
  [{ kind: "maintenance", node: null, on: true }, "crm_attribute --type crm_config --name maintenance-mode --update true"],
  [{ kind: "maintenance", node: null, on: false }, "crm_attribute --type crm_config --name maintenance-mode --update false"],
  [{ kind: "maintenance", node: "ruby", on: true }, "crm_attribute --type nodes --node ruby --name maintenance --update true"],
  [{ kind: "maintenance", node: "ruby", on: false }, "crm_attribute --type nodes --node ruby --name maintenance --delete"],
  [
    { kind: "clear", resource: "vip", constraints: ["cli-prefer-vip", "cli-prefer-vip"] },
    `cibadmin --delete --scope constraints --xml-text '<rsc_location id="cli-prefer-vip"/>'`,
  ],
])("%j", (step, line) => {
  expect(lines(Step.parse(step))).toEqual([line]);
});

test("what needs crm_diff is what the contract calls a change of the configuration", () => {
  const changing = StepKind.options.filter((kind) => TOOLS_OF[kind].includes("crm_diff"));
  expect(new Set(changing)).toEqual(CIB_STEPS);
  expect(asCibStep(CLEAR)).toEqual(CLEAR);
  expect(asCibStep({ kind: "aoeDiscover" })).toBeNull();
});

test("before Pacemaker 2.1 a promoted role is asked for in its older word", () => {
  const [call] = cibCalls({ ...PREFER, role: "Promoted" }, CIB);
  expect(call?.older).toEqual(["--move", "--resource", "vip", "--node", "ruby", "--master"]);
});

test("steps that are no change of the configuration", () => {
  expect(cleanupLines({ kind: "cleanup", resource: "vip", node: null })).toEqual(["crm_resource --cleanup --resource vip"]);
  expect(cleanupLines({ kind: "cleanup", resource: "vip", node: "ruby" })).toEqual(["crm_resource --cleanup --resource vip --node ruby"]);
  expect(fenceLines({ kind: "fence", node: "ruby", action: "reboot" })).toEqual(["stonith_admin --reboot ruby --timeout 120"]);
  expect(fenceLines({ kind: "fence", node: "ruby", action: "off" })).toEqual(["stonith_admin -F ruby --timeout 120"]);
});

describe("clear", () => {
  const clear = (resource: string, ...constraints: string[]) => lines(Step.parse({ kind: "clear", resource, constraints }));

  test("what the DRBD handler left on the clone around a resource", () => {
    expect(clear("drbd", "drbd-fence-by-handler-r0-drbd-clone", "cli-ban-drbd-clone-on-ruby")).toHaveLength(2);
    expect(clear("drbd-clone", "cli-ban-drbd-clone-on-ruby")).toHaveLength(1);
  });

  test("one that is gone already costs nothing", () => {
    expect(clear("vip", "cli-ban-vip-on-ruby")).toEqual([]);
  });

  test.each([
    ["another resource's", "fs", "cli-prefer-vip"],
    ["another clone's", "vip", "cli-ban-drbd-clone-on-ruby"],
    ["one of a pattern", "vip", "cli-prefer-pattern"],
    ["no location constraint", "vip", "cli-prefer-odd"],
    ["of a resource inside the one named", "drbd-other", "cli-ban-drbd-clone-on-ruby"],
  ])("%s: refused", (_name, resource, id) => {
    expect(() => clear(resource, id)).toThrow(expect.objectContaining({ code: "STEP_INVALID" }));
  });
});

describe("names that are no names never reach a command line", () => {
  const HOSTILE = ["-h", "--force", "a;reboot", "a b", "", "../x", "a\nb", "$(reboot)", "a'b", 'a"b', "a<b", "-", "ä", "a\u0000"];

  test.each(HOSTILE)("%j", (name) => {
    const steps = [
      { kind: "standby", node: name, on: true },
      { ...PREFER, node: name },
      { ...PREFER, resource: name },
      { ...PREFER, kind: "ban", resource: name },
      { ...CLEAR, resource: name },
      { ...CLEAR, constraints: [`cli-prefer-${name}"/>`] },
      { ...CLEAR, constraints: [name] },
      { kind: "managed", resource: name, on: true },
      { kind: "maintenance", node: name, on: true },
      { kind: "cleanup", resource: name, node: null },
      { kind: "cleanup", resource: "vip", node: name },
      { kind: "fence", node: name, action: "off" },
      { kind: "fence", node: "ruby", action: name },
    ];
    for (const step of steps) expect(Step.safeParse(step).success, JSON.stringify(step)).toBe(false);
  });

  test("constraints that no tool leaves behind are not removed, nor is anything beside the closed list done", () => {
    for (const id of ["location-vip", "cli-prefer-", "cli-other-vip", "xcli-prefer-vip"])
      expect(Step.safeParse({ ...CLEAR, constraints: [id] }).success, id).toBe(false);
    for (const kind of ["run", "xml", "primary", "StandBy"]) expect(Step.safeParse({ ...PREFER, kind }).success).toBe(false);
    expect(new Set(StepKind.options)).toEqual(new Set(Step.options.map((option) => option.shape.kind.value)));
  });
});
