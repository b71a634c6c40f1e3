// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { clearedLockIsNotNeeded, drbdHasNotLocked, noConstraintIsLeft, noPreferenceIsReplaced } from "./constraints";
import { constraint, context, lonely, mailMoves, NOTHING, node, resource, rubyGoes, says, simulated, standing, viewOf } from "./test-view";

const ban = (on: string) => constraint(`cli-ban-g_mail-on-${on}`, { node: on });
const prefer = (on: string) => constraint("cli-prefer-g_mail", { node: on, score: "INFINITY" });
const lock = (rule: string | null = "#uname ne ruby") =>
  constraint("drbd-fence-by-handler-store-ms_store", { resource: "ms_store", node: null, role: "Master", rule });
const ms = resource("ms_store", "ruby", { type: "promotable" });

describe("left-over constraints", () => {
  it("a ban elsewhere: warned of in a command, told in a verdict", () => {
    const words = "A left-over ban keeps g_mail off jade, even when no other node is there (cli-ban-g_mail-on-jade). Clear it.";
    expect(says(noConstraintIsLeft, mailMoves(viewOf(ban("jade"))))).toEqual([`warn ${words}`]);
    expect(says(noConstraintIsLeft, standing(viewOf(ban("jade"))))).toEqual([`inform ${words}`]);
  });

  it("a ban from the node that goes changes nothing now; one from the target is another guard's", () => {
    expect(says(noConstraintIsLeft, rubyGoes(viewOf(ban("ruby"))))[0]).toMatch(/^inform /);
    expect(says(noConstraintIsLeft, mailMoves(viewOf(ban("crystal"))))).toEqual([]);
  });

  it("a ban from the last other node is told as what it means", () => {
    expect(says(noConstraintIsLeft, rubyGoes(viewOf(ban("crystal"))))).toEqual([]);
  });

  it("a preference for the node that goes draws it back later: told", () => {
    expect(says(noConstraintIsLeft, rubyGoes(viewOf(prefer("ruby"))))).toEqual([
      "inform g_mail returns as soon as ruby does: a left-over move holds it there (cli-prefer-g_mail).",
    ]);
    expect(says(noConstraintIsLeft, rubyGoes(viewOf(prefer("crystal"))))).toEqual([]);
  });

  it("of other resources, of the configuration: nothing to say", () => {
    expect(says(noConstraintIsLeft, mailMoves(viewOf(constraint("cli-ban-x-on-jade", { resource: "x", node: "jade" }))))).toEqual([]);
    expect(says(noConstraintIsLeft, mailMoves(viewOf(constraint("loc-3", { node: "jade" }))))).toEqual([]);
  });

  it("a second preference takes the place of the first: warned of", () => {
    expect(says(noPreferenceIsReplaced, mailMoves(viewOf(prefer("ruby"))))).toEqual([
      "warn g_mail is held on ruby by an earlier move (cli-prefer-g_mail): this one takes its place, and it goes when the move is done.",
    ]);
    expect(says(noPreferenceIsReplaced, mailMoves(viewOf(prefer("crystal"))))).toEqual([]);
    expect(says(noPreferenceIsReplaced, mailMoves(viewOf(ban("ruby"))))).toEqual([]);
  });
});

describe("DRBD's own lock", () => {
  it("on the node that goes, while the copies are apart: refused", () => {
    expect(says(drbdHasNotLocked, rubyGoes(viewOf(ms, lonely(), lock())))).toEqual([
      "block DRBD itself has locked promotion of ms_store to ruby (drbd-fence-by-handler-store-ms_store), because it lost its peer. It goes by itself when store is in sync: wait for that.",
    ]);
  });

  it("left behind although in sync: refused until it is cleared", () => {
    expect(says(drbdHasNotLocked, rubyGoes(viewOf(ms, lock())))[0]).toContain(
      "store is in sync by now: the lock was left behind. Clear it first.",
    );
  });

  it("a move to another node than it allows: refused; to the very node: nothing to say", () => {
    const to = (target: string) => mailMoves(viewOf(ms, lonely(), lock()), {}, { resources: ["ms_store"], to: target });
    expect(says(drbdHasNotLocked, to("crystal"))).toHaveLength(1);
    expect(says(drbdHasNotLocked, to("ruby"))).toEqual([]);
  });

  it("of a node that may go without it: nothing to say", () => {
    expect(says(drbdHasNotLocked, rubyGoes(viewOf(ms, lonely(), lock("#uname ne crystal"))))).toEqual([]);
    expect(says(drbdHasNotLocked, rubyGoes(viewOf(ms, ban("crystal"))))).toEqual([]);
  });

  it("whose rule says it otherwise: taken as meant", () => {
    expect(says(drbdHasNotLocked, rubyGoes(viewOf(ms, lonely(), lock("#id ne 1"))))).toHaveLength(1);
    expect(says(drbdHasNotLocked, rubyGoes(viewOf(ms, lonely(), lock("#uname ne opal"), node("jade"))))).toHaveLength(1);
  });

  describe("when it is to be cleared", () => {
    const clears = (view: ReturnType<typeof viewOf>, commands: string[] | null) =>
      context(
        view,
        { ...NOTHING, resources: ["ms_store"] },
        { verb: "resource.clear", preview: commands === null ? null : simulated({ commands }) },
      );
    const line = 'cibadmin --delete --xml-text <rsc_location id="drbd-fence-by-handler-store-ms_store"/>';

    it("while the copies are apart: refused", () => {
      expect(says(clearedLockIsNotNeeded, clears(viewOf(ms, lonely(), lock()), [line]))).toEqual([
        "block drbd-fence-by-handler-store-ms_store is DRBD's own lock: without it an old copy of store could be promoted. It goes by itself when the copies are in sync.",
      ]);
    });

    it("before it is known what is cleared: told", () => {
      expect(says(clearedLockIsNotNeeded, clears(viewOf(ms, lonely(), lock()), null))[0]).toMatch(/^inform /);
    });

    it("in sync, or another one is cleared: nothing to say", () => {
      expect(says(clearedLockIsNotNeeded, clears(viewOf(ms, lock()), [line]))).toEqual([]);
      expect(says(clearedLockIsNotNeeded, clears(viewOf(ms, lonely(), lock()), ["cibadmin --delete cli-ban"]))).toEqual([]);
      expect(says(clearedLockIsNotNeeded, clears(viewOf(ms, lonely(), ban("ruby")), [line]))).toEqual([]);
    });
  });
});
