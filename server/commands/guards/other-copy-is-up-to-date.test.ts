// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { leaving } from "../look";
import { noResyncFromHere, noResyncToHere, otherCopyIsHeard, otherCopyIsUpToDate, redundancyStays } from "./other-copy-is-up-to-date";
import { context, copy, lonely, mailMoves, mirror, pair, resyncing, rubyGoes, said, says, standing, viewOf } from "./test-view";

const all = [otherCopyIsUpToDate, otherCopyIsHeard, noResyncFromHere];
const sayAll = (of: Parameters<typeof says>[1]) => all.flatMap((guard) => says(guard, of));

describe("the other copy, when a node goes", () => {
  it("in sync: nothing to say", () => {
    expect(sayAll(rubyGoes(viewOf()))).toEqual([]);
  });

  it.each(["Outdated", "Diskless", "DUnknown"])("%s: an admin types the name", (disk) => {
    expect(sayAll(rubyGoes(viewOf(lonely(disk))))).toEqual([
      `type ruby holds the only good copy of store: crystal is ${disk}. Without ruby it stops everywhere. Bring the other copy back first.`,
    ]);
  });

  it("UpToDate by its own word but cut off from the writer: the name is typed", () => {
    const cut = mirror("store", { holders: ["ruby"], onlyHolder: "ruby", pairs: [pair("crystal", "ruby", { line: "cut" })] });
    expect(sayAll(rubyGoes(viewOf(cut)))[0]).toContain("crystal is not connected");
  });

  it("being synced from here: refused until that has ended, with how far", () => {
    expect(sayAll(rubyGoes(viewOf(resyncing())))).toEqual([
      "block ruby holds the only good copy of store: crystal is 61 % synced, 14 min left. Without ruby it stops everywhere. The resync ends by itself: wait for it.",
    ]);
  });

  it("a standing verdict tells no progress", () => {
    expect(sayAll(standing(viewOf(resyncing())))[0]).toContain("store: crystal is not synced yet.");
  });

  it("being synced to here: warned of", () => {
    expect(says(noResyncToHere, context(viewOf(resyncing()), leaving(viewOf(resyncing()), "crystal")))).toEqual([
      "warn store is being synced to crystal: that would be interrupted, and goes on only when crystal is back. Wait until it has ended.",
    ]);
    expect(says(noResyncToHere, rubyGoes(viewOf(resyncing())))).toEqual([]);
    expect(says(noResyncToHere, mailMoves(viewOf(resyncing())))).toEqual([]);
  });

  it("a resync that stands still does not end by itself: the name is typed", () => {
    expect(sayAll(rubyGoes(viewOf(resyncing("store", { stalled: true }))))[0]).toMatch(/^type .*61 % synced, stalled/);
    expect(sayAll(standing(viewOf(resyncing("store", { stalled: true }))))[0]).toContain("the resync to crystal stands still");
  });

  it("a copy that nobody can hear is not UpToDate", () => {
    const unheard = mirror("store", {
      copies: [copy("crystal", { said: said("old", "was UpToDate") }), copy("ruby", { role: "Primary" })],
      holders: ["ruby"],
      onlyHolder: null,
    });
    expect(sayAll(rubyGoes(viewOf(unheard)))).toEqual([
      "type No other copy of store is known to be good: nobody can hear crystal's copy. Without ruby it may stop everywhere. Look at the other node first.",
    ]);
  });

  it("no other copy at all: the name is typed", () => {
    const alone = mirror("store", { copies: [copy("ruby", { role: "Primary" })], pairs: [], holders: ["ruby"], onlyHolder: null });
    expect(sayAll(rubyGoes(viewOf(alone)))[0]).toContain("no other copy is known");
  });

  it("a Secondary that alone is complete counts as well", () => {
    expect(sayAll(rubyGoes(viewOf(lonely("Inconsistent", "Secondary"))))).toHaveLength(1);
  });

  it("the copy that is behind may go", () => {
    const behind = mirror("store", {
      copies: [copy("crystal", { role: "Primary" }), copy("ruby", { disk: "Inconsistent", said: said("risk", "Inconsistent") })],
      holders: ["crystal"],
      onlyHolder: "crystal",
    });
    expect(sayAll(rubyGoes(viewOf(behind)))).toEqual([]);
  });

  it("a third copy is enough", () => {
    const three = mirror("store", {
      copies: [copy("crystal", { disk: "Outdated", said: said("risk", "Outdated") }), copy("jade"), copy("ruby", { role: "Primary" })],
      holders: ["jade", "ruby"],
    });
    expect(sayAll(rubyGoes(viewOf(three)))).toEqual([]);
  });

  it("a move of one resource is another guard's", () => {
    expect(sayAll(mailMoves(viewOf(lonely())))).toEqual([]);
  });
});

describe("redundancy", () => {
  it("one copy is left: accepted in a command, told in a verdict", () => {
    const words = "DRBD stops on ruby: store has one copy until ruby is back and synced.";
    expect(says(redundancyStays, rubyGoes(viewOf()))).toEqual([`warn ${words}`]);
    expect(says(redundancyStays, standing(viewOf()))).toEqual([`inform ${words}`]);
  });

  it("two are left: told", () => {
    const three = mirror("store", { copies: [copy("crystal"), copy("jade"), copy("ruby")], holders: ["crystal", "jade", "ruby"] });
    expect(says(redundancyStays, rubyGoes(viewOf(three)))).toEqual([
      "inform DRBD stops on ruby: store has a copy less until ruby is back and synced.",
    ]);
  });

  it("none is left: that is another guard's", () => {
    expect(says(redundancyStays, rubyGoes(viewOf(lonely())))).toEqual([]);
  });
});
