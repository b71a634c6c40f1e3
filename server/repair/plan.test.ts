// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it, test } from "vitest";
import type { Offer } from "@/agent/protocol/console/commands";
import { Repair } from "@/agent/protocol/console/repair";
import { type EntityOf, keyOf, type View } from "@/agent/protocol/console/view";
import { copy, pair, said, T0 } from "@/server/commands/guards/test-view";
import { planSays, repairsOf } from "./plan";
import { LINES, MAIL, repairRun, repairView, type Scene } from "./test-repair";

const offer = (verb: string): Offer => ({
  ask: { verb, args: {} },
  title: verb,
  does: "",
  fields: [],
  needs: "operator",
  isDisruptive: true,
  refusal: null,
});

function mailOf(view: View): EntityOf<"mirror"> {
  const mail = view.get(keyOf.mirror("mail", 0));
  if (mail?.kind !== "mirror") throw new Error("no mail");
  return mail;
}

function plan(scene: Scene): Repair[] {
  const view = repairView(scene);
  return repairsOf(view, mailOf(view), offer).map((one) => Repair.parse(one));
}
const only = (scene: Scene): Repair => {
  const [first, ...more] = plan(scene);
  if (!first || more.length > 0) throw new Error(`${more.length + 1} repairs`);
  return first;
};
const states = ({ steps }: Repair) => steps.map(({ id, state }) => `${id} ${state}`);
const commands = ({ steps }: Repair) => steps.flatMap(({ command }) => (command ? [`${command.node}: ${command.line}`] : []));

describe("the way of each generation", () => {
  test.each<[string, readonly [string, string], string[]]>([
    ["8.3", ["8.3.16", "8.3.16"], ["crystal: drbdadm disconnect mail", "crystal: drbdadm connect mail"]],
    ["8.4", ["8.4.11", "8.4.11"], ["crystal: drbdadm disconnect mail", "crystal: drbdadm connect mail"]],
    ["8.3 beside 8.4", ["8.4.11", "8.3.16"], ["crystal: drbdadm disconnect mail", "crystal: drbdadm connect mail"]],
    [
      "9.0.20: with a write in between",
      ["9.0.20", "9.0.20"],
      ["crystal: drbdadm disconnect mail:ruby", "crystal: drbdadm connect mail:ruby"],
    ],
    [
      "9.0.28 beside 9.2.8: the older counts",
      ["9.2.8", "9.0.28"],
      ["crystal: drbdadm disconnect mail:ruby", "crystal: drbdadm connect mail:ruby"],
    ],
    ["9.1.1: too old for it", ["9.1.1", "9.1.1"], ["crystal: drbdadm disconnect mail:ruby", "crystal: drbdadm connect mail:ruby"]],
    ["9.0.29", ["9.0.29", "9.0.29"], ["crystal: drbdadm invalidate mail:ruby/0 --reset-bitmap=no"]],
    ["9.1.23", ["9.1.23", "9.1.23"], ["crystal: drbdadm invalidate mail:ruby/0 --reset-bitmap=no"]],
    ["9.2.8", ["9.2.8", "9.2.8"], ["crystal: drbdadm invalidate mail:ruby/0 --reset-bitmap=no"]],
  ])("%s", (_, versions, lines) => {
    const repair = only({ versions });
    expect(commands(repair)).toEqual(lines);
    expect(repair).toMatchObject({
      direction: { from: "ruby", to: "crystal" },
      says: "32 KiB on crystal will be overwritten with ruby's copy.",
      refusal: null,
      halfWay: null,
    });
    expect(repair.steps.at(-1)?.id).toBe("verify");
    expect(repair.steps.some(({ id }) => id === "write")).toBe(lines.length > 1 && versions[0].startsWith("9."));
  });

  it("whose tools are too old, or not known, for --reset-bitmap goes without it: never a full invalidate", () => {
    for (const utils of ["9.16.0", null]) {
      const repair = only({ versions: ["9.2.8", "9.2.8"], utils });
      expect(repair.method).toBe("write");
      expect(commands(repair).join()).not.toContain("invalidate");
    }
  });

  it("that is not known is refused in words", () => {
    expect(only({ versions: ["8.0.16", "8.0.16"] })).toMatchObject({
      steps: [],
      refusal: expect.stringContaining("No way to repair is known"),
    });
  });
});

describe("which step is next is read off the mirror", () => {
  it("marked: disconnect, and only that can be asked for", () => {
    const repair = only({});
    expect(states(repair)).toEqual(["disconnect next", "connect later", "verify later"]);
    expect(repair.steps.map((step) => step.offer?.ask.verb ?? null)).toEqual(["drbd.disconnect", null, null]);
  });

  it("disconnected by us: connect, and who left it so and since when", () => {
    const repair = only({ stage: "apart", runs: [repairRun("drbd.disconnect", 12)] });
    expect(states(repair)).toEqual(["disconnect done", "connect next", "verify later"]);
    expect(repair.halfWay).toEqual({ by: "anna", atMs: T0 - 720_000 });
    expect(repair.says).toBe("mail is disconnected for a repair. 32 KiB on crystal will be overwritten with ruby's copy.");
  });

  it("disconnected by somebody else: no repair of ours, it may be a split brain", () => {
    expect(plan({ stage: "apart" })).toEqual([]);
    expect(plan({ stage: "apart", runs: [repairRun("drbd.disconnect", 12, { outcome: "refused" })] })).toEqual([]);
  });

  it("9.0.20, disconnected: the write is next until the kernel tells of it", () => {
    const scene: Scene = { stage: "apart", versions: ["9.0.20", "9.0.20"], runs: [repairRun("drbd.disconnect", 2)] };
    expect(states(only(scene))).toEqual(["disconnect done", "write next", "connect next", "verify later"]);
    const log = (text: string): EntityOf<"kernel"> => ({
      kind: "kernel",
      from: { node: "ruby", source: "kernelLog" },
      lines: [{ kmsgSeq: 1, atMs: T0 - 60_000, priority: 6, topic: "drbd", text }],
    });
    const view = new Map(repairView(scene)).set(keyOf.kernel("ruby"), log("drbd mail/0 drbd1 crystal: new current UUID: 5B1C weak: FFFE"));
    const [repair] = repairsOf(view, mailOf(view), offer);
    expect(repair && states(repair)).toEqual(["disconnect done", "write done", "connect next", "verify later"]);
    const other = new Map(repairView(scene)).set(keyOf.kernel("ruby"), log("drbd mail2/0 drbd7 crystal: new current UUID: 5B1C"));
    expect(repairsOf(other, mailOf(other), offer)[0]?.steps[1]?.state).toBe("next");
  });

  it("connecting: under way, nothing can be asked for", () => {
    const running = repairRun("drbd.connect", 0, { endedAtMs: null, outcome: null });
    const repair = only({ stage: "moving", runs: [repairRun("drbd.disconnect", 3), running] });
    expect(states(repair)).toEqual(["disconnect done", "connect running", "verify later"]);
    expect(repair.steps.every((step) => step.offer === null)).toBe(true);
  });

  it("made the same: a verify is next, and a clean one that began afterwards proves it", () => {
    const runs = [repairRun("drbd.disconnect", 5), repairRun("drbd.connect", 3)];
    const repair = only({ stage: "same", runs });
    expect(states(repair)).toEqual(["disconnect done", "connect done", "verify next"]);
    expect(repair.says).toBe("mail on crystal was made the same as ruby's. Only a clean verify proves it.");
  });

  it("no resync happened: said, and the repair begins anew", () => {
    const runs = [repairRun("drbd.disconnect", 5), repairRun("drbd.connect", 3, { outcome: "unsettled", says: "Waited." })];
    const repair = only({ stage: "marked", runs });
    expect(states(repair)[0]).toBe("disconnect next");
    expect(repair.steps[1]?.found).toBe("No resync happened; the bits are still set. Waited.");
  });

  it("nothing marked and nothing begun: nothing to repair", () => {
    const view = repairView({ stage: "same" });
    expect(repairsOf(view, mailOf(view), offer)).toEqual([]);
    expect(planSays(mailOf(view), [])).toBe("There is nothing to repair on mail: no verify has left anything marked.");
  });
});

describe("the direction", () => {
  it("of two Primaries, or none, cannot be told: no step", () => {
    expect(only({ roles: ["Primary", "Primary"] })).toMatchObject({
      direction: null,
      steps: [],
      refusal: expect.stringContaining("Primary on crystal and ruby"),
    });
    expect(only({ roles: ["Secondary", "Secondary"] })).toMatchObject({
      direction: null,
      steps: [],
      refusal: expect.stringContaining("No node is Primary"),
    });
  });

  it("between two copies that are not in use is taken from the one that is", () => {
    const jade = copy("jade", { role: "Primary", drbd: null });
    const crystal = copy("crystal");
    const ruby = copy("ruby");
    const pairs = [pair("crystal", "ruby", LINES.marked), pair("crystal", "jade"), pair("jade", "ruby")];
    const repair = only({ mail: { copies: [crystal, jade, ruby], pairs } });
    expect(repair.refusal).toContain("jade is. Verify each of them against jade");
  });

  it("is kept while it is half way, whoever is Primary by then", () => {
    const repair = only({ stage: "apart", roles: ["Secondary", "Primary"], runs: [repairRun("drbd.disconnect", 1)] });
    expect(repair.direction).toEqual({ from: MAIL.from, to: MAIL.to });
  });
});

test("a line that nobody speaks of now is not taken for nothing to do", () => {
  const view = repairView({ mail: { pairs: [pair("crystal", "ruby", { line: "old", said: said("old", "was in sync") })] } });
  expect(planSays(mailOf(view), repairsOf(view, mailOf(view), offer))).toContain("Not known whether");
});
