// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { Entity } from "@/agent/protocol/console/view";
import {
  clearingMovesNothing,
  failBackMovesNothing,
  nothingIsBlocked,
  nothingIsFenced,
  nothingStopsEverywhere,
  saysWhatMovesAlong,
  simulationReachesTarget,
} from "./simulation";
import { action, context, mailMoves, NOTHING, resource, rubyGoes, said, says, simulated, viewOf } from "./test-view";

const placed = (id: string, on: string | null, role = on === null ? "Stopped" : "Started") => ({ resource: id, node: on, role });
const promotable: readonly Entity[] = [
  resource("ms_store", "ruby", { type: "promotable", children: ["drbd_store"] }),
  resource("drbd_store", "ruby", {
    parents: ["ms_store"],
    agent: "ocf:linbit:drbd",
    places: [
      { node: "ruby", role: "Promoted", said: said("ok", "Promoted") },
      { node: "crystal", role: "Unpromoted", said: said("ok", "Unpromoted") },
    ],
  }),
];

describe("what runs now, by the simulation", () => {
  it("runs elsewhere, or was not simulated: nothing to say", () => {
    expect(says(nothingStopsEverywhere, rubyGoes(viewOf(), { preview: simulated({ placements: [placed("g_mail", "crystal")] }) }))).toEqual(
      [],
    );
    expect(says(nothingStopsEverywhere, rubyGoes(viewOf(), { preview: simulated({}) }))).toEqual([]);
    expect(says(nothingStopsEverywhere, rubyGoes(viewOf()))).toEqual([]);
  });

  it("would be stopped everywhere: the name is typed for a node, refused for a move", () => {
    const preview = simulated({ placements: [placed("g_mail", null)] });
    expect(says(nothingStopsEverywhere, rubyGoes(viewOf(), { preview }))).toEqual([
      "type The simulation says that g_mail would be stopped everywhere. Find out what keeps it off the other nodes first.",
    ]);
    expect(says(nothingStopsEverywhere, mailMoves(viewOf(), { preview }))).toEqual([
      "block The simulation says that g_mail would be stopped everywhere. Choose another node, or see what keeps it off.",
    ]);
    expect(says(nothingStopsEverywhere, rubyGoes(viewOf(), { preview, verb: "node.fence" }))).toEqual([]);
  });

  it("is told by its group; many are counted", () => {
    const ids = ["a", "b", "c", "d", "e"];
    const group = [resource("g", "ruby", { type: "group", children: ["ip"] }), resource("ip", "ruby", { parents: ["g"] })];
    const view = viewOf(...group, ...ids.map((id) => resource(id, "ruby")));
    const preview = simulated({ placements: [placed("ip", null), ...ids.map((id) => placed(id, null))] });
    expect(says(nothingStopsEverywhere, rubyGoes(view, { preview }))[0]).toContain("g, a, b and 3 others would be stopped");
  });

  it("an instance of a clone, a fence device, what is stopped already: nothing to say", () => {
    const view = viewOf(
      resource("ping", "ruby", { parents: ["c"] }),
      resource("fence", "ruby", { agent: "stonith:fence_ipmilan" }),
      resource("g_mail", null),
    );
    const placements = [placed("ping:0", "crystal"), placed("ping:1", null), placed("fence", null), placed("g_mail", null)];
    expect(says(nothingStopsEverywhere, rubyGoes(view, { preview: simulated({ placements }) }))).toEqual([]);
  });

  it("would be promoted nowhere: as grave", () => {
    const placements = [placed("drbd_store", "crystal", "Unpromoted"), placed("drbd_store:1", null)];
    expect(says(nothingStopsEverywhere, rubyGoes(viewOf(...promotable), { preview: simulated({ placements }) }))).toEqual([
      "type The simulation says that ms_store would be promoted nowhere. Find out what keeps it off the other nodes first.",
    ]);
  });
});

describe("a fencing in the simulation", () => {
  const preview = simulated({ actions: [action(null, "fence", { node: "ruby" })] });

  it("asks for the name", () => {
    expect(says(nothingIsFenced, rubyGoes(viewOf(), { preview }))).toEqual([
      "type The simulation says that ruby would be fenced: power-cycled, with no clean stop. Find out why first.",
    ]);
    expect(says(nothingIsFenced, rubyGoes(viewOf()))).toEqual([]);
  });

  it("is what was asked for, when it was", () => {
    expect(says(nothingIsFenced, rubyGoes(viewOf(), { preview, verb: "node.fence" }))).toEqual([]);
  });
});

describe("what the cluster may not do", () => {
  it("is warned of, and interrupts nothing", () => {
    const preview = simulated({ actions: [action("g_mail", "stop", { node: "ruby", reason: "node availability (blocked)" })] });
    expect(says(nothingIsBlocked, rubyGoes(viewOf(), { preview }))).toEqual([
      "warn The cluster would like to, but may not: g_mail stops on ruby. Something failed there before: see why, then clean up first.",
    ]);
    expect(says(failBackMovesNothing, rubyGoes(viewOf(), { preview }))).toEqual([]);
    expect(says(nothingIsBlocked, rubyGoes(viewOf(), { preview: simulated({ actions: [action("g_mail", "stop")] }) }))).toEqual([]);
    expect(says(nothingIsBlocked, rubyGoes(viewOf()))).toEqual([]);
  });
});

describe("the target, by the simulation", () => {
  const step = (on: string | null) => simulated({ placements: [placed("g_mail", on)] });

  it("runs it: nothing to say", () => {
    expect(says(simulationReachesTarget, mailMoves(viewOf(), { preview: step("crystal") }))).toEqual([]);
    expect(says(simulationReachesTarget, mailMoves(viewOf()))).toEqual([]);
    expect(says(simulationReachesTarget, mailMoves(viewOf(), { preview: simulated({ placements: [placed("other", "ruby")] }) }))).toEqual(
      [],
    );
  });

  it("does not: refused", () => {
    expect(says(simulationReachesTarget, mailMoves(viewOf(), { preview: step("ruby") }))).toEqual([
      "block Pacemaker would not run g_mail on crystal: the simulation leaves it elsewhere. See what keeps it off crystal.",
    ]);
  });

  it("is started but not promoted: refused as well", () => {
    const preview = simulated({ placements: [placed("drbd_store", "crystal", "Unpromoted"), placed("drbd_store:1", "ruby", "Promoted")] });
    const moves = mailMoves(viewOf(...promotable), { preview }, { resources: ["ms_store"] });
    expect(says(simulationReachesTarget, moves)[0]).toMatch(/^block Pacemaker would not promote ms_store on crystal/);
  });

  it("would lose it again when the constraint goes: warned of", () => {
    const preview = [...step("crystal"), ...step("ruby")];
    expect(says(simulationReachesTarget, mailMoves(viewOf(), { preview }))).toEqual([
      "warn g_mail would go back as soon as the constraint of the move is removed. See what draws it back.",
    ]);
    expect(says(simulationReachesTarget, mailMoves(viewOf(), { preview: [...step("crystal"), ...step("crystal")] }))).toEqual([]);
  });
});

describe("what goes along", () => {
  const group = [
    resource("g_mail", "ruby", { type: "group", children: ["ip", "fs"] }),
    resource("ip", "ruby", { parents: ["g_mail"] }),
    resource("fs", "ruby", { parents: ["g_mail"] }),
  ];

  it("of the group is told, by colocation is warned of", () => {
    const actions = [action("ip", "move"), action("fs", "move"), action("web", "stop"), action("drbd_store:0", "promote")];
    const view = viewOf(...group, ...promotable, resource("web", "ruby"));
    expect(says(saysWhatMovesAlong, mailMoves(view, { preview: simulated({ actions }) }))).toEqual([
      "warn web and ms_store are tied to g_mail, and would be stopped, moved or change role with it.",
      "inform The whole group goes: ip and fs.",
    ]);
  });

  it("nothing, or nothing simulated: nothing to say", () => {
    expect(says(saysWhatMovesAlong, mailMoves(viewOf(), { preview: simulated({ actions: [action("g_mail", "move")] }) }))).toEqual([]);
    expect(says(saysWhatMovesAlong, mailMoves(viewOf(...group)))).toEqual([]);
  });
});

describe("a second interruption", () => {
  const actions = [
    action("g_mail", "move", { node: "ruby", to: "crystal" }),
    action("a", "stop", { node: "ruby" }),
    action("b", "recover", { node: "ruby" }),
    action("c", "restart"),
    action("d", "demote", { node: "ruby" }),
    action("new", "start", { node: "ruby" }),
  ];
  const view = viewOf(...["a", "b", "c", "d"].map((id) => resource(id, "ruby")), resource("new", null));
  const back = (more: Parameters<typeof context>[2]) => context(view, { ...NOTHING, to: "ruby" }, { verb: "node.unstandby", ...more });

  it("is said before a node is taken back, or a constraint cleared", () => {
    const preview = simulated({ actions });
    expect(says(failBackMovesNothing, back({ preview }))).toEqual([
      "warn Services move back at once, a second interruption: g_mail moves from ruby to crystal, a stops on ruby, b is recovered on ruby, c is interrupted and 1 other.",
    ]);
    expect(says(clearingMovesNothing, back({ preview }))[0]).toMatch(/^warn Without the constraint the cluster acts at once: /);
    expect(says(failBackMovesNothing, back({ preview: simulated({ actions: [action("d", "demote", { node: "ruby" })] }) }))[0]).toContain(
      "d is demoted on ruby",
    );
  });

  it("what starts, and fence devices, interrupt nothing", () => {
    expect(says(failBackMovesNothing, back({ preview: simulated({ actions: [action("new", "start")] }) }))).toEqual([]);
    const fence = viewOf(resource("f", "ruby", { agent: "stonith:x" }));
    expect(says(failBackMovesNothing, context(fence, NOTHING, { preview: simulated({ actions: [action("f", "move")] }) }))).toEqual([]);
    expect(says(failBackMovesNothing, back({}))).toEqual([]);
  });
});
