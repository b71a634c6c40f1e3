// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import type { SimulatedAction } from "@/agent/protocol/steps";
import { effectsOf, unlikePredicted } from "./effects";
import { resource, said, simulated, viewOf } from "./guards/test-view";

const act = (part: Partial<SimulatedAction>): SimulatedAction => ({
  resource: "g_mail",
  action: "move",
  node: "ruby",
  to: "crystal",
  role: null,
  nextRole: null,
  reason: null,
  ...part,
});
const at = (node: string | null, role = "Started", id = "g_mail") => ({ resource: id, node, role });

it("a move: where it is and where it will be, with the reason", () => {
  const preview = simulated({ actions: [act({ reason: "node availability" })], placements: [at("crystal")] });
  expect(effectsOf(viewOf(), preview)).toEqual([
    {
      resource: "g_mail",
      parent: null,
      before: "started on ruby",
      after: "started on crystal",
      says: "g_mail stops on ruby and starts on crystal.",
      reason: "node availability",
    },
  ]);
});

it("a fencing comes first, and a restart counts although it ends where it was", () => {
  const actions = [act({ action: "restart", to: null }), act({ resource: null, action: "fence", node: "ruby", to: null })];
  const effects = effectsOf(viewOf(), simulated({ actions, placements: [at("ruby")] }));
  expect(effects.map(({ says }) => says)).toEqual(["ruby is fenced: power-cycled, with no clean stop.", "g_mail restarts on ruby."]);
});

it("what people use comes first, then DRBD's clones, then fence devices", () => {
  const view = viewOf(
    resource("p_fence", "ruby", { agent: "stonith:fence_ipmilan" }),
    resource("p_drbd", "ruby", { agent: "ocf:linbit:drbd" }),
    resource("vm", "ruby", { agent: "ocf:heartbeat:VirtualDomain" }),
  );
  const actions = ["p_fence", "p_drbd", "vm"].map((id) => act({ resource: id, action: "stop", to: null }));
  expect(effectsOf(view, simulated({ actions })).map(({ resource: id }) => id)).toEqual(["vm", "p_drbd", "p_fence"]);
});

it("what the simulation moves without an action of its own is told too; what stays is not", () => {
  const view = viewOf(resource("vm", "ruby"), resource("ip", "crystal"));
  const preview = simulated({ placements: [at("ruby"), at("crystal", "Started", "vm"), at("crystal", "Started", "ip")] });
  expect(effectsOf(view, preview).map(({ says }) => says)).toEqual(["vm: started on ruby, then started on crystal."]);
});

it("instances of a clone are told together, in one order", () => {
  const places = ["ruby", "crystal"].map((node, index) => ({
    node,
    role: index === 0 ? "Promoted" : "Unpromoted",
    said: said("ok", "there"),
  }));
  const view = viewOf(resource("p_drbd", null, { places }));
  const placements = [at("crystal", "Promoted", "p_drbd:1"), at("ruby", "Unpromoted", "p_drbd:0")];
  const [effect] = effectsOf(view, simulated({ placements }));
  expect(effect).toMatchObject({
    before: "promoted on ruby and unpromoted on crystal",
    after: "promoted on crystal and unpromoted on ruby",
  });
});

it("of a cluster too large to be played through, the actions alone tell the end", () => {
  const actions = [
    act({}),
    act({ resource: "vm", action: "stop", to: null }),
    act({ resource: "p_drbd:1", action: "promote", node: null, to: "crystal", nextRole: "Promoted" }),
  ];
  const view = viewOf(resource("vm", "ruby"), resource("p_drbd", "crystal"));
  const ends = effectsOf(view, simulated({ actions })).map(({ resource: id, after }) => `${id}: ${after}`);
  expect(ends).toEqual(["g_mail: started on crystal", "vm: stopped", "p_drbd: promoted on crystal"]);
});

it("what came out otherwise than predicted is named; what the view does not hold is not", () => {
  const effects = effectsOf(viewOf(), simulated({ actions: [act({})], placements: [at("crystal")] }));
  expect(unlikePredicted(viewOf(), effects)).toEqual(["g_mail is started on ruby, not started on crystal"]);
  expect(unlikePredicted(viewOf(resource("g_mail", "crystal")), effects)).toEqual([]);
});
