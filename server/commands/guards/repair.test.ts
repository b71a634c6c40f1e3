// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it, test } from "vitest";
import { commandFor } from "@/server/commands/catalog";
import { judge } from "@/server/commands/define";
import { contextOf } from "@/server/commands/offers";
import { LINES, MAIL, repairRun, repairView, type Scene } from "@/server/repair/test-repair";
import { constraint, copy, pair, resource, said, source, T0 } from "./test-view";

const DISCONNECT = "drbd.disconnect";
const CONNECT = "drbd.connect";
const TAKE = "drbd.takeFromPeer";
const anna = { user: "anna", role: "admin" as const, token: null, from: null };

/** What stands against a step, a line each: "block blocks-are-marked …". */
function against(verb: string, scene: Scene = {}, args: Record<string, unknown> = { ...MAIL }): string[] {
  const command = commandFor(verb);
  const context = contextOf(command, args, { view: repairView(scene), nowMs: T0, asker: anna, preview: null, runId: null });
  return judge(command.guards, context).map(({ level, guard, message }) => `${level} ${guard}: ${message}`);
}
const blocks = (verb: string, scene: Scene = {}, args?: Record<string, unknown>) =>
  against(verb, scene, args).filter((line) => line.startsWith("block"));

const APART: Scene = { stage: "apart", runs: [repairRun(DISCONNECT, 2)] };
const NINE: Scene = { versions: ["9.2.8", "9.2.8"] };

describe("the next step of a healthy repair", () => {
  test.each<[string, Scene]>([
    [DISCONNECT, {}],
    [DISCONNECT, { versions: ["9.0.20", "9.0.20"] }],
    [CONNECT, APART],
    [TAKE, NINE],
  ])("%s: not blocked, and the direction is typed", (verb, scene) => {
    expect(blocks(verb, scene)).toEqual([]);
    expect(against(verb, scene).filter((line) => line.startsWith("type"))).toEqual([
      "type direction-is-meant: 32 KiB on crystal will be overwritten with ruby's copy.",
    ]);
    expect(commandFor(verb).typedName({ ...MAIL })).toBe("mail");
  });
});

describe("what is not marked by a verify is not repaired", () => {
  test.each<[string, Scene, string]>([
    ["nothing marked", { stage: "same" }, "nothing is marked out of sync"],
    ["a resync runs", { stage: "moving" }, "resync to crystal"],
    ["not connected", { stage: "apart" }, "not connected"],
    [
      "not read now",
      { mail: { pairs: [pair("crystal", "ruby", { line: "old", said: said("old", "last seen: differs in 32 KiB") })] } },
      "last seen",
    ],
  ])("%s", (_, scene, why) => {
    for (const verb of [DISCONNECT, TAKE]) expect(blocks(verb, scene).join()).toContain(why);
  });

  it("nor is connected what was not disconnected here: it may be a split brain", () => {
    expect(blocks(CONNECT, { stage: "apart" }).join()).toContain("it may be a split brain");
    expect(blocks(CONNECT, {}).join()).toContain("is not disconnected");
    const joined = [repairRun(DISCONNECT, 9), repairRun(CONNECT, 5)];
    expect(blocks(CONNECT, { stage: "apart", runs: joined }).join()).toContain("it may be a split brain");
  });

  it("nor is anything done upon facts that are not read now", () => {
    const stale = source("crystal", "drbd", { freshness: "stale" });
    expect(blocks(DISCONNECT, { more: [stale] }).join()).toContain("facts-are-fresh");
  });
});

describe("each generation has its own way", () => {
  it("--reset-bitmap is never left to hope: by module and by tools", () => {
    for (const scene of [{}, { versions: ["9.0.28", "9.2.8"] as const }, { ...NINE, utils: "9.16.1" }, { ...NINE, utils: null }])
      expect(blocks(TAKE, scene).join()).toContain("the whole device would be overwritten");
  });

  it("newer DRBD 9 is not disconnected: that would copy nothing", () => {
    expect(blocks(DISCONNECT, NINE).join()).toContain("would copy nothing by that alone");
  });

  it("older DRBD 9 needs a write in between: connecting without one is warned of", () => {
    const old: Scene = { ...APART, versions: ["9.0.20", "9.0.20"] };
    expect(against(CONNECT, old).join()).toContain("warn primary-has-written: No write on ruby was seen");
    expect(against(CONNECT, APART).join()).not.toContain("primary-has-written");
  });

  it("a version of which nothing is known: no way", () => {
    expect(blocks(DISCONNECT, { versions: ["7.0.1", "8.4.11"] }).join()).toContain("No way to repair is known");
  });
});

describe("the Primary's data stays", () => {
  test.each<[string, Scene, string]>([
    ["dual-primary", { roles: ["Primary", "Primary"] }, "is Primary on crystal and ruby"],
    ["the Primary would be overwritten", { roles: ["Secondary", "Primary"] }, "its data is in use"],
    ["no Primary", { roles: ["Secondary", "Secondary"] }, "without a Primary DRBD resynchronises nothing"],
  ])("%s: refused", (_, scene, why) => {
    for (const verb of [DISCONNECT, TAKE]) expect(blocks(verb, scene).join()).toContain(why);
    expect(blocks(CONNECT, { ...APART, ...scene }).join()).toContain(why);
  });

  it("and is complete", () => {
    const copies = [copy("crystal"), copy("ruby", { role: "Primary", disk: "Inconsistent" })];
    expect(blocks(DISCONNECT, { mail: { copies } }).join()).toContain("ruby's own copy is Inconsistent");
  });
});

describe("letting go", () => {
  it("of a pair leaves one copy: warned of; of three copies the others are counted", () => {
    expect(against(DISCONNECT).join()).toContain("warn copy-less-is-accepted: From now until it is connected again and synced, ruby alone");
    const copies = [copy("crystal"), copy("jade"), copy("ruby", { role: "Primary" })];
    const jade = (part: Parameters<typeof pair>[2]) => ({
      copies,
      pairs: [pair("crystal", "ruby", LINES.marked), pair("jade", "ruby", part), pair("crystal", "jade")],
    });
    expect(blocks(DISCONNECT, { mail: { ...jade({}), holders: ["crystal", "jade", "ruby"] } })).toEqual([]);
    expect(blocks(DISCONNECT, { mail: jade({ line: "cut", said: said("risk", "not connected") }) }).join()).toContain("quorum-is-kept");
  });

  it("tells what DRBD's own handler does, and not again when it is connected", () => {
    expect(against(DISCONNECT, { fencing: "resource-only" }).join()).toContain("warn pacemaker-will-stay: fencing is resource-only");
    expect(against(DISCONNECT, { fencing: "resource-and-stonith" }).join()).toContain("ruby's I/O stands still");
    expect(against(DISCONNECT).join()).not.toContain("fencing is");
    expect(against(CONNECT, { ...APART, fencing: "resource-only" }).join()).not.toContain("fencing is");
  });

  it("is refused where DRBD has locked promotion already", () => {
    const more = [constraint("drbd-fence-by-handler-mail-ms_mail", { resource: "ms_mail" })];
    expect(blocks(DISCONNECT, { more }).join()).toContain("has locked promotion already");
  });

  it("tells what Pacemaker does with a mirror that it manages", () => {
    const more = [resource("p_drbd_mail", "ruby", { agent: "ocf:linbit:drbd" })];
    expect(against(DISCONNECT, { more }).join()).toContain("inform pacemaker-will-stay: Pacemaker manages mail (p_drbd_mail)");
  });

  it("of one volume is of all: each is looked at, and what they hold is counted together", () => {
    const second = { ...LINES.marked, outOfSyncBytes: 4_096 };
    const volume = (part: Parameters<typeof pair>[2]) => {
      const view = repairView().get("mirror:mail/0");
      if (view?.kind !== "mirror") throw new Error("no mail");
      return [{ ...view, volume: 1, pairs: [pair("crystal", "ruby", part)] }];
    };
    expect(against(DISCONNECT, { more: volume(second) }).join()).toContain(
      "36 KiB on crystal will be overwritten with ruby's copy. mail/1 has",
    );
    const verify = volume({ line: "verify", said: said("busy", "verify") });
    expect(blocks(DISCONNECT, { more: verify }).join()).toContain("A resync or verify runs: mail/1 (verify)");
    expect(against(TAKE, { ...NINE, more: volume(second) }).join()).toContain("32 KiB on crystal");
  });
});

test("nodes that hold no copies of it: refused", () => {
  expect(blocks(DISCONNECT, {}, { ...MAIL, resource: "nothing" }).join()).toContain("line-is-known");
  expect(blocks(DISCONNECT, {}, { ...MAIL, to: "jade" }).join()).toContain("line-is-known");
});
