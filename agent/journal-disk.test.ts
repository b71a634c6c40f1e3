// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createJournalDisk } from "./journal-disk";
import { emptyFolder } from "./test-folder";

function made() {
  const folder = path.join(emptyFolder(onTestFinished), "state");
  return { folder, disk: createJournalDisk(folder) };
}

test("nothing there yet: null, and the folder is made for its owner only", async () => {
  const { folder, disk } = made();
  expect(await disk.load()).toBeNull();
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test("a replaced file is whole, and what is appended follows it", async () => {
  const { folder, disk } = made();
  await disk.load();
  await disk.replace("one\n");
  await disk.append("two\n");
  await disk.replace("three\n");
  await disk.append("four\n");
  await disk.close();
  expect((await disk.load())?.bytes.toString()).toBe("three\nfour\n");
  expect(readdirSync(folder)).toEqual(["journal.jsonl"]);
  expect(statSync(path.join(folder, "journal.jsonl")).mode & 0o777).toBe(0o600);
});

test("damaged files are kept under names of their own, and not without end", async () => {
  const { folder, disk } = made();
  await disk.load();
  for (let count = 1; count <= 8; count++) {
    writeFileSync(path.join(folder, "journal.jsonl"), `damaged ${count}`);
    await disk.setAside();
  }
  expect(readdirSync(folder).sort()).toEqual([1, 2, 3, 4, 5].map((number) => `journal.damaged-${number}`));
  expect(readFileSync(path.join(folder, "journal.damaged-1"), "utf8")).toBe("damaged 1");
  expect(readFileSync(path.join(folder, "journal.damaged-5"), "utf8")).toBe("damaged 8");
});
