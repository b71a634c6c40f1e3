// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { EntityOf } from "@/agent/protocol/console/view";
import { dcStaysWhileMixed } from "./dc-and-versions";
import { clusterMayAct, resourceRuns } from "./has-an-effect";
import { clientsMayStall, discoveryIsSafe, exportsWriteThrough } from "./live-clients";
import { noVerifyIsCut } from "./no-verify-is-cut";
import { ringsAreWhole, targetStandsOnWholeParts } from "./path-of-the-target";
import { mirrorsResyncFirst } from "./returning";
import { noSessionIsBusy, nothingHangs, stopsEndInTime } from "./stops-end-in-time";
import { targetHoldsTheMirror } from "./target-holds-the-mirror";
import {
  cluster,
  context,
  copy,
  mailMoves,
  mirror,
  NOTHING,
  node,
  pair,
  resource,
  resyncing,
  rubyGoes,
  said,
  says,
  simulated,
  standing,
  T0,
  viewOf,
} from "./test-view";
import { aoeEntity, arrayEntity, bondEntity, exportEntity, ringEntity, targetEntity } from "./test-view-storage";

const timing = (task: string, tookMs: number, timeoutMs: number | null = 20_000) => ({ node: "crystal", task, tookMs, timeoutMs });
const fence = { verb: "node.fence" };

describe("stops", () => {
  const mail = (...timings: ReturnType<typeof timing>[]) => viewOf(resource("g_mail", "ruby", { timings }));

  it("near their limit: warned of, with what follows", () => {
    expect(says(stopsEndInTime, rubyGoes(mail(timing("stop", 300), timing("stop", 18_000))))).toEqual([
      "warn The last stop of g_mail took 18 s on crystal, its limit is 20 s. Past that, ruby is fenced. Raise the limit first.",
    ]);
    const off = new Map([...mail(timing("demote", 25_000)), ["cluster", cluster({}, { fencing: said("risk", "off") })] as const]);
    expect(says(stopsEndInTime, rubyGoes(off))[0]).toContain("it stays where it is, unmanaged");
  });

  it("far from it, without one, of another task: nothing to say", () => {
    expect(says(stopsEndInTime, rubyGoes(mail(timing("stop", 4_000), timing("start", 60_000), timing("stop", 60_000, null))))).toEqual([]);
    expect(says(stopsEndInTime, rubyGoes(viewOf()))).toEqual([]);
    expect(says(stopsEndInTime, context(mail(timing("stop", 19_000)), { ...NOTHING, resources: ["g_mail"] }))).toEqual([]);
  });

  it("under sessions: warned of in a command, told in a verdict, with what was measured", () => {
    const view = viewOf(
      targetEntity("ruby", 3),
      resource("lun", "ruby", { agent: "ocf:heartbeat:iSCSILogicalUnit", timings: [timing("stop", 4_000)] }),
      node("ruby", { versions: [{ what: "resource-agents", version: "4.12", differs: null }] }),
    );
    expect(says(noSessionIsBusy, rubyGoes(view))).toEqual([
      "warn iqn.lab:o1 on ruby has 3 sessions: under writes a stop can time out, with resource-agents 4.12, and then ruby is fenced. Its last stop took 4 s of 20 s. Pause the initiators, or move it at a quiet time.",
    ]);
    expect(says(noSessionIsBusy, standing(view))[0]).toMatch(/^inform /);
    expect(says(noSessionIsBusy, rubyGoes(viewOf(targetEntity("ruby", 1))))[0]).toContain(
      "has 1 session: under writes a stop can time out, and",
    );
    expect(says(noSessionIsBusy, rubyGoes(viewOf(targetEntity("ruby", 1))))[0]).toContain("was never measured");
  });

  it("nobody is logged in, or elsewhere: nothing to say", () => {
    expect(says(noSessionIsBusy, rubyGoes(viewOf(targetEntity("ruby", 0), targetEntity("crystal", 2, "iqn.lab:o2"))))).toEqual([]);
  });

  it("a list of sessions that is not whole is none", () => {
    const whole = targetEntity("ruby", 0);
    const groups = whole.target.portalGroups.map((group) => ({ ...group, hasAllSessions: false }));
    const half = { ...whole, target: { ...whole.target, portalGroups: groups } };
    expect(says(noSessionIsBusy, rubyGoes(viewOf(half)))[0]).toContain("has 0 or more sessions");
  });

  it("a move touches the target of its agent, or over its mirror", () => {
    expect(says(noSessionIsBusy, mailMoves(viewOf(targetEntity("ruby", 1))))).toEqual([]);
    const iscsi = resource("g_mail", "ruby", { agent: "ocf:heartbeat:iSCSITarget" });
    expect(says(noSessionIsBusy, mailMoves(viewOf(targetEntity("ruby", 1), iscsi)))).toHaveLength(1);
    const lun = { tag: 1, lun: 0, mirror: "mirror:store/0", said: said("ok", "LUN 0") };
    expect(says(noSessionIsBusy, mailMoves(viewOf({ ...targetEntity("ruby", 1), luns: [lun] })))).toEqual([]);
    const drbd = resource("drbd_store", "ruby", { agent: "ocf:linbit:drbd" });
    const along = { resources: ["g_mail", "drbd_store"] };
    expect(says(noSessionIsBusy, mailMoves(viewOf({ ...targetEntity("ruby", 1), luns: [lun] }, drbd), {}, along))).toHaveLength(1);
  });

  it("a hung process: warned of for a while", () => {
    const kernel = (agoMs: number): EntityOf<"kernel"> => ({
      kind: "kernel",
      from: { node: "ruby", source: "kernelLog" },
      lines: [
        { kmsgSeq: 1, atMs: T0 - agoMs, priority: 3, topic: "hung", text: "INFO: task targetcli:21877 blocked for more than 120 seconds." },
      ],
    });
    const seen = (agoMs: number) => rubyGoes(new Map([...viewOf(), ["kernel:ruby", kernel(agoMs)] as const]));
    expect(says(nothingHangs, seen(60_000))).toEqual([
      "warn targetcli hung in the kernel of ruby not long ago: a stop may hang as well and time out. Look at it first.",
    ]);
    expect(says(nothingHangs, seen(3_600_000))).toEqual([]);
    expect(says(nothingHangs, rubyGoes(viewOf()))).toEqual([]);
  });
});

describe("what stands under the target", () => {
  const three = said("risk", "3 of 4 ports");

  it("less than whole on the only one that could take it: warned of", () => {
    const view = viewOf(
      bondEntity("crystal", "idmz", three),
      bondEntity("crystal", "in1", three, "idmz"),
      arrayEntity("crystal", "md0", said("bad", "1 of 2 legs")),
      aoeEntity("crystal", null, "silent"),
    );
    expect(says(targetStandsOnWholeParts, rubyGoes(view))).toEqual([
      "warn crystal would run it on less than it has. idmz: 3 of 4 ports, md0: 1 of 2 legs and e0.1: silent. Mend that first.",
    ]);
    expect(says(targetStandsOnWholeParts, mailMoves(view))).toHaveLength(1);
  });

  it("a third is whole: told", () => {
    expect(says(targetStandsOnWholeParts, rubyGoes(viewOf(bondEntity("crystal", "idmz", three), node("jade"))))).toEqual([
      "inform Not every node that could take it is whole below: crystal.",
    ]);
  });

  it("whole, or only here: nothing to say", () => {
    expect(says(targetStandsOnWholeParts, rubyGoes(viewOf(bondEntity("crystal", "idmz", said("ok", "4 of 4 ports")))))).toEqual([]);
    expect(says(targetStandsOnWholeParts, rubyGoes(viewOf(bondEntity("ruby", "idmz", three))))).toEqual([]);
  });

  it("a ring that is not whole: told where it ends with the node, else warned of", () => {
    const ring = (a: string, b: string) => ringEntity(1, said("bad", "down"), [[a, b]]);
    expect(says(ringsAreWhole, rubyGoes(viewOf(ring("crystal", "ruby"))))[0]).toMatch(/^inform Ring 1 is not whole \(down\)/);
    expect(says(ringsAreWhole, rubyGoes(viewOf(ring("crystal", "jade"))))[0]).toMatch(/^warn /);
    expect(says(ringsAreWhole, mailMoves(viewOf(ring("crystal", "ruby"))))[0]).toMatch(/^warn /);
    expect(says(ringsAreWhole, rubyGoes(viewOf(ringEntity(0, said("ok", "connected"), [["crystal", "ruby"]]))))).toEqual([]);
    expect(says(ringsAreWhole, rubyGoes(viewOf(ringEntity(0, said("unknown", "1 pair not known"), [["crystal", "jade"]]))))).toEqual([]);
  });
});

describe("the target's copy, when a service moves", () => {
  const drbd = resource("drbd_store", "ruby", {
    agent: "ocf:linbit:drbd",
    parents: ["ms_store"],
    places: [{ node: "ruby", role: "Promoted", said: said("ok", "Promoted") }],
  });
  const promoted = (id = "drbd_store") => simulated({ placements: [{ resource: id, node: "crystal", role: "Promoted" }] });
  const gone = mirror("store", { copies: [copy("jade"), copy("ruby", { role: "Primary" })], holders: ["jade", "ruby"] });

  it("complete and connected: nothing to say", () => {
    expect(says(targetHoldsTheMirror, mailMoves(viewOf(drbd), { preview: promoted() }))).toEqual([]);
  });

  it("not complete: the name is typed", () => {
    expect(says(targetHoldsTheMirror, mailMoves(viewOf(resyncing(), drbd), { preview: promoted() }))).toEqual([
      "type crystal has no complete copy of store: crystal is 61 % synced, 14 min left. Wait until it is synced and connected.",
    ]);
  });

  it("no copy at all: refused", () => {
    expect(says(targetHoldsTheMirror, mailMoves(viewOf(gone, drbd), { preview: promoted() }))).toEqual([
      "block crystal has no copy of store: nothing that stands on it can run there.",
    ]);
  });

  it("a service that moves without any DRBD needs no copy", () => {
    const preview = simulated({
      placements: [
        { resource: "drbd_store", node: "ruby", role: "Promoted" },
        { resource: "g_mail", node: "crystal", role: "Started" },
      ],
    });
    expect(says(targetHoldsTheMirror, mailMoves(viewOf(gone, drbd), { preview }))).toEqual([]);
    expect(says(targetHoldsTheMirror, mailMoves(viewOf(gone)))).toEqual([]);
  });

  it("before the simulation only what is named itself is known to go", () => {
    expect(says(targetHoldsTheMirror, mailMoves(viewOf(gone, drbd)))).toEqual([]);
    const ms = resource("ms_store", "ruby", { type: "promotable", children: ["drbd_store"] });
    expect(says(targetHoldsTheMirror, mailMoves(viewOf(gone, drbd, ms), {}, { resources: ["ms_store"] }))).toHaveLength(1);
  });

  it("an id that does not say which mirror it is may be any of them", () => {
    const odd = resource("p_data", "ruby", { agent: "ocf:linbit:drbd" });
    expect(says(targetHoldsTheMirror, mailMoves(viewOf(gone, odd), { preview: promoted("p_data") }))).toHaveLength(1);
  });

  it("DRBD that is nobody's resource is under what stands on a device", () => {
    const fs = resource("g_mail", "ruby", { agent: "ocf:heartbeat:Filesystem" });
    expect(says(targetHoldsTheMirror, mailMoves(viewOf(gone, fs)))).toHaveLength(1);
  });

  it("a target that is not known is another guard's", () => {
    expect(says(targetHoldsTheMirror, mailMoves(viewOf(), {}, { to: "opal" }))).toEqual([]);
  });
});

describe("the DC while releases are mixed", () => {
  const runs = (name: string, version: string, isDc = false) =>
    node(name, { isDc, versions: [{ what: "Pacemaker", version, differs: null }] });

  it("stays: warned of", () => {
    expect(says(dcStaysWhileMixed, rubyGoes(viewOf(runs("ruby", "2.1.5-1", true), runs("crystal", "2.1.6-1"))))).toEqual([
      "warn ruby is the DC, and Pacemaker's releases are mixed: 2.1.5 on ruby and 2.1.6 on crystal. Another node becomes DC and may write words that an older one cannot read. Let the others go first.",
    ]);
  });

  it("not mixed, not the DC, or only a move: nothing to say", () => {
    expect(says(dcStaysWhileMixed, rubyGoes(viewOf(runs("ruby", "2.1.5-1", true), runs("crystal", "2.1.5-2"))))).toEqual([]);
    expect(says(dcStaysWhileMixed, rubyGoes(viewOf(runs("ruby", "2.1.5"), runs("crystal", "2.1.6", true))))).toEqual([]);
    expect(says(dcStaysWhileMixed, mailMoves(viewOf(runs("ruby", "2.1.5", true), runs("crystal", "2.1.6"))))).toEqual([]);
  });
});

describe("clients", () => {
  it("stall: accepted in a command, told in a verdict; by AoE and by iSCSI", () => {
    const view = viewOf(aoeEntity("hv05", "ruby"), targetEntity("ruby", 2));
    expect(says(clientsMayStall, rubyGoes(view))).toEqual([
      "warn hv01, hv02 and hv05 use e0.1 and iqn.lab:o1 from ruby: they stall while it moves.",
    ]);
    expect(says(clientsMayStall, standing(view))[0]).toMatch(/^inform /);
    expect(says(clientsMayStall, rubyGoes(view, fence))[0]).toContain("until another node has taken over");
  });

  it("many are counted", () => {
    expect(says(clientsMayStall, rubyGoes(viewOf(targetEntity("ruby", 8))))[0]).toContain("hv05 and 3 others use");
  });

  it("without a cluster they lose it: warned of, also in a verdict", () => {
    expect(says(clientsMayStall, standing(viewOf(cluster({ pacemaker: null }), aoeEntity("hv05", "ruby"))))).toEqual([
      "warn hv05 uses e0.1 from ruby, and no cluster moves it elsewhere: they lose their disk. Move them first.",
    ]);
  });

  it("of another node, or of what does not move: nothing to say", () => {
    expect(says(clientsMayStall, rubyGoes(viewOf(aoeEntity("hv05", "crystal"), aoeEntity("hv06", null))))).toEqual([]);
    expect(says(clientsMayStall, mailMoves(viewOf(aoeEntity("hv05", "ruby"))))).toEqual([]);
    const drbd = resource("drbd_store", "ruby", { agent: "ocf:linbit:drbd" });
    const served = viewOf(aoeEntity("hv05", "ruby"), exportEntity("ruby"), drbd);
    expect(says(clientsMayStall, mailMoves(served))).toEqual([]);
    expect(says(clientsMayStall, mailMoves(served, {}, { resources: ["g_mail", "drbd_store"] }))).toHaveLength(1);
  });

  it("vblade without -s: lost by a fencing", () => {
    const lax = viewOf(exportEntity("ruby", { sync: false }));
    expect(says(exportsWriteThrough, rubyGoes(lax, fence))).toEqual([
      "warn vblade serves e0.1 on ruby without -s: writes that the clients believe done are lost by the fencing.",
    ]);
    expect(says(exportsWriteThrough, rubyGoes(lax))[0]).toMatch(/^warn .*a stop that fails ends in a fencing/);
    expect(says(exportsWriteThrough, standing(lax))[0]).toMatch(/^inform /);
    expect(says(exportsWriteThrough, rubyGoes(viewOf(exportEntity("ruby"), exportEntity("crystal", { sync: false }))))).toEqual([]);
  });

  it("asking for AoE targets changes nothing", () => {
    expect(says(discoveryIsSafe, context(viewOf(), NOTHING))[0]).toMatch(/^inform Nothing in use is changed/);
  });
});

describe("a verify", () => {
  it("under way: warned of, for either of its nodes", () => {
    const verified = mirror("store", { pairs: [pair("crystal", "ruby", { line: "verify" })] });
    expect(says(noVerifyIsCut, rubyGoes(viewOf(verified)))).toEqual([
      "warn A verify of store runs: it would be aborted, and would prove nothing. Wait until it has ended.",
    ]);
    expect(says(noVerifyIsCut, rubyGoes(viewOf()))).toEqual([]);
    expect(says(noVerifyIsCut, mailMoves(viewOf(verified)))).toEqual([]);
  });
});

describe("whether it has an effect", () => {
  it("all is managed: nothing to say", () => {
    expect(says(clusterMayAct, rubyGoes(viewOf()))).toEqual([]);
    expect(says(clusterMayAct, mailMoves(viewOf()))).toEqual([]);
  });

  it("maintenance of the cluster, of the node: refused", () => {
    expect(says(clusterMayAct, mailMoves(viewOf(cluster({}, { maintenance: true }))))).toEqual([
      "block The cluster is in maintenance: nothing moves by itself until that ends. End it first.",
    ]);
    expect(says(clusterMayAct, rubyGoes(viewOf(node("ruby", { isInMaintenance: true }))))).toEqual([
      "block ruby is in maintenance: the cluster would move nothing away from it. End that first.",
    ]);
  });

  it("unmanaged: refused for itself, warned of for a node", () => {
    const free = viewOf(resource("g_mail", "ruby", { isManaged: false }));
    expect(says(clusterMayAct, mailMoves(free))).toEqual(["block g_mail is unmanaged: the cluster would not move it. Manage it first."]);
    expect(says(clusterMayAct, rubyGoes(free))).toEqual([
      "warn g_mail is unmanaged: the cluster leaves it running on ruby. Manage it first, or stop by hand.",
    ]);
    const many = ["a", "b", "c", "d"].map((id) => resource(id, "ruby", { isManaged: false }));
    expect(says(clusterMayAct, rubyGoes(viewOf(...many)))[0]).toContain("a, b, c and 1 other are unmanaged: the cluster leaves them");
  });

  it("a move of what is stopped: refused", () => {
    expect(says(resourceRuns, mailMoves(viewOf(resource("g_mail", null))))).toEqual([
      "block g_mail is stopped: a move would leave a constraint, and start nothing. See why it is stopped first.",
    ]);
    expect(says(resourceRuns, mailMoves(viewOf()))).toEqual([]);
    expect(says(resourceRuns, rubyGoes(viewOf(resource("g_mail", null))))).toEqual([]);
  });
});

describe("a node that is taken back", () => {
  it("counts for its mirrors once they are synced: warned of until then", () => {
    const back = (view: ReturnType<typeof viewOf>) => context(view, { ...NOTHING, to: "crystal" }, { verb: "node.unstandby" });
    expect(says(mirrorsResyncFirst, back(viewOf(resyncing())))).toEqual([
      "warn store has to resync to crystal first: until that is done no other node may go.",
    ]);
    expect(says(mirrorsResyncFirst, back(viewOf()))).toEqual([]);
    expect(says(mirrorsResyncFirst, context(viewOf(), NOTHING))).toEqual([]);
  });
});
