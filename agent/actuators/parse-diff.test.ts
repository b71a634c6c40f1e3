// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { ParseError } from "../collectors/define";
import { cutsOf } from "../collectors/golden";
import { diffDigest, NO_CHANGE, withoutUpdates } from "./parse-diff";

const text = (name: string) => readFileSync(path.join(import.meta.dirname, `fixtures/diff/pacemaker-2.1.5-${name}.txt`), "utf8");
const MOVE = text("move");
const WITH_LIFETIME = text("move-with-lifetime");
const RENEWED = text("lifetime-renewed");

test("the digest is of the change: another epoch, time or writer gives the same, another node does not", () => {
  expect(diffDigest(MOVE)).toMatch(/^[0-9a-f]{64}$/);
  const later = MOVE.replaceAll('epoch="90"', 'epoch="95"')
    .replaceAll('"91"', '"96"')
    .replace("11:35:11", "12:00:00")
    .replace("crm_attribute", "x");
  expect(later).not.toBe(MOVE);
  expect(diffDigest(later)).toBe(diffDigest(MOVE));
  const elsewhere = MOVE.replace('node="node3"', 'node="node2"');
  expect(elsewhere).not.toBe(MOVE);
  expect(diffDigest(elsewhere)).not.toBe(diffDigest(MOVE));
});

test("one byte more in the change is another digest", () => {
  for (const [from, to] of [
    ['score="INFINITY"', 'score="-INFINITY"'],
    ['position="4"', 'position="5"'],
    ['operation="create"', 'operation="delete"'],
  ] as const) {
    expect(MOVE).toContain(from);
    expect(diffDigest(MOVE.replace(from, to))).not.toBe(diffDigest(MOVE));
  }
});

test("when a lifetime ends is counted from the moment it is computed, so it is no part of the digest", () => {
  const later = (diff: string) => diff.replaceAll(/2026-11-25 22:\d\d:\d\dZ/g, "2026-11-25 23:30:00Z");
  for (const diff of [WITH_LIFETIME, RENEWED]) {
    expect(later(diff)).not.toBe(diff);
    expect(diffDigest(later(diff))).toBe(diffDigest(diff));
  }
  const elsewhere = WITH_LIFETIME.replace('value="node3"', 'value="node2"');
  expect(elsewhere).not.toBe(WITH_LIFETIME);
  expect(diffDigest(elsewhere)).not.toBe(diffDigest(WITH_LIFETIME));
});

test("only the epoch changes: the digest of no change", () => {
  expect(diffDigest('<diff format="2"><change operation="modify" path="/cib"/></diff>')).toBe(NO_CHANGE);
});

test("the patch fits any status of its epoch: only the source's count of updates is taken out", () => {
  const patch = withoutUpdates(WITH_LIFETIME);
  expect(patch).toMatch(/<source admin_epoch="0" epoch="\d+"\/>/);
  expect(patch).toMatch(/<target admin_epoch="0" epoch="\d+" num_updates="\d+"\/>/);
  expect(withoutUpdates(MOVE)).toBe(MOVE);
  expect(diffDigest(patch)).toBe(diffDigest(WITH_LIFETIME));
});

test("cut anywhere, of another format or another document: refused", () => {
  for (const cut of cutsOf(MOVE.trimEnd())) expect(() => diffDigest(cut), cut.slice(-60)).toThrow(ParseError);
  expect(() => diffDigest('<diff><diff-removed admin_epoch="0"/></diff>')).toThrow(ParseError);
  expect(() => diffDigest("<cib/>")).toThrow(ParseError);
  expect(() => withoutUpdates("<diff/>")).toThrow(ParseError);
});
