// SPDX-License-Identifier: Apache-2.0
import { appendFileSync, chmodSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openAuditHeads } from "./audit-heads";
import { emptyFolder } from "./test-folder";

const KEY = "b25l";
const NAME = "audit-heads-69de54b8a59aaa4d.jsonl";
const head = (seq: number) => ({ seq, hash: seq.toString(16).padStart(64, "0") });

test("heads survive a restart, oldest first, and the oldest give way", async () => {
  const folder = emptyFolder(onTestFinished);
  const heads = await openAuditHeads(folder, KEY, 3);
  for (const seq of [1, 2, 3, 4]) await heads.keep(head(seq));
  expect(heads.all()).toEqual([head(2), head(3), head(4)]);
  expect((await openAuditHeads(folder, KEY, 3)).all()).toEqual([head(2), head(3), head(4)]);
  expect((await openAuditHeads(folder, KEY, 2)).all()).toEqual([head(3), head(4)]);
});

test("a head is on the disk when it is kept, and only its owner reads it", async () => {
  const folder = emptyFolder(onTestFinished);
  const heads = await openAuditHeads(folder, KEY);
  await heads.keep(head(9));
  const file = path.join(folder, NAME);
  expect(readFileSync(file, "utf8")).toBe(`${JSON.stringify(head(9))}\n`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("two at once: both are kept", async () => {
  const folder = emptyFolder(onTestFinished);
  const heads = await openAuditHeads(folder, KEY);
  await Promise.all([heads.keep(head(1)), heads.keep(head(2))]);
  expect((await openAuditHeads(folder, KEY)).all()).toEqual([head(1), head(2)]);
});

test("a line that a crash cut off is left out, the rest stays", async () => {
  const folder = emptyFolder(onTestFinished);
  await (await openAuditHeads(folder, KEY)).keep(head(1));
  appendFileSync(path.join(folder, NAME), '{"seq":2,"ha');
  expect((await openAuditHeads(folder, KEY)).all()).toEqual([head(1)]);
});

test("a folder that cannot be written: the head is not kept, and whoever asked is told", async () => {
  const folder = emptyFolder(onTestFinished);
  const heads = await openAuditHeads(folder, KEY);
  chmodSync(folder, 0o755);
  rmSync(folder, { recursive: true });
  await expect(heads.keep(head(1))).rejects.toThrow("ENOENT");
  expect(heads.all()).toEqual([]);
});

test("what one console showed is not held against another", async () => {
  const folder = emptyFolder(onTestFinished);
  await (await openAuditHeads(folder, KEY)).keep(head(7));
  expect((await openAuditHeads(folder, "dHdv")).all()).toEqual([]);
  expect((await openAuditHeads(folder, KEY)).all()).toEqual([head(7)]);
});
