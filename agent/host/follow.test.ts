// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { appendFileSync, closeSync, constants, openSync, renameSync, truncateSync, writeSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { hurriedClock } from "../manual-clock";
import { emptyFolder, put } from "../test-folder";
import { createFifoShare } from "./fifo-share";
import type { Flow } from "./follow";
import { fileFlow } from "./follow-file";
import { kmsgFlow, kmsgThrough } from "./follow-kmsg";
import { createHost } from "./node-host";

const PATIENCE = { timeout: 60_000 };
const clock = hurriedClock(20);

function following(from: "start" | "end", before?: string) {
  const folder = emptyFolder(onTestFinished);
  const file = path.join(folder, "dev/kmsg");
  put(folder, "dev/other", "");
  if (before !== undefined) put(folder, "dev/kmsg", before);
  const host = createHost({ root: folder, clock });
  const stopping = new AbortController();
  onTestFinished(() => stopping.abort());
  const lines: string[] = [];
  const follow = () => host.follow({ path: "/dev/kmsg", from }, (line) => lines.push(line), stopping.signal);
  return { folder, file, host, lines, follow, stopping };
}

const heard = (lines: string[], expected: string[]) => vi.waitFor(() => expect(lines).toEqual(expected), PATIENCE);

test("a growing file is followed from its start", async () => {
  const { file, lines, follow } = following("start", "one\ntwo");
  follow();
  await heard(lines, ["one"]);
  appendFileSync(file, "!\nthree\n");
  await heard(lines, ["one", "two!", "three"]);
});

test("a growing file is followed from its end: what lay there before is passed over", async () => {
  const { file, lines, follow } = following("end", "old\n");
  follow();
  // Only a line written after the first look is new; so write until one comes.
  await vi.waitFor(() => {
    appendFileSync(file, "new\n");
    expect(lines.length).toBeGreaterThan(0);
  }, PATIENCE);
  expect(new Set(lines)).toEqual(new Set(["new"]));
});

test("a file that was not there at first is followed from its first line, even from the end", async () => {
  const file = put(emptyFolder(onTestFinished), "kmsg", "first\n");
  let looks = 0;
  const place = async () => (looks++ === 0 ? null : file);
  const texts: string[] = [];
  const flow = fileFlow(place, "end", createFifoShare(clock), clock);
  const close = await flow.open({ chunk: (bytes) => texts.push(bytes.toString()), ended: () => undefined });
  onTestFinished(() => close?.());
  await heard(texts, ["first\n"]);
});

test("a file that is begun anew is read from its start", async () => {
  const { file, lines, follow } = following("start", "a long first line\n");
  follow();
  await heard(lines, ["a long first line"]);
  truncateSync(file, 0);
  await vi.waitFor(() => {
    appendFileSync(file, "x\n");
    expect(lines).toContain("x");
  }, PATIENCE);
});

test("a file that is replaced is read to its end, then the new one from its start", async () => {
  const { folder, file, lines, follow } = following("start", "one\n");
  follow();
  await heard(lines, ["one"]);
  appendFileSync(file, "last\n");
  renameSync(put(folder, "dev/next", "fresh\n"), file);
  await heard(lines, ["one", "last", "fresh"]);
});

test("all followers of one FIFO hear every line, and a writer that leaves is not its end", async () => {
  const { folder, file, host, lines, follow, stopping } = following("start");
  execFileSync("mkfifo", [file]);
  follow();
  const second: string[] = [];
  host.follow({ path: "/dev/kmsg" }, (line) => second.push(line), stopping.signal);
  const writeLine = (text: string) => {
    // O_NONBLOCK: opening fails until somebody reads.
    const fd = openSync(file, constants.O_WRONLY | constants.O_NONBLOCK);
    writeSync(fd, `${text}\n`);
    closeSync(fd);
  };
  await vi.waitFor(() => {
    writeLine("ping");
    expect(lines.length).toBeGreaterThan(0);
    expect(second.length).toBeGreaterThan(0);
  }, PATIENCE);
  lines.length = 0;
  second.length = 0;
  writeLine("one");
  writeLine("two");
  await vi.waitFor(() => expect(lines.slice(-2)).toEqual(["one", "two"]), PATIENCE);
  await vi.waitFor(() => expect(second.slice(-2)).toEqual(["one", "two"]), PATIENCE);

  execFileSync("mkfifo", [path.join(folder, "dev/next")]);
  renameSync(path.join(folder, "dev/next"), file);
  await vi.waitFor(() => {
    writeLine("after");
    expect(lines).toContain("after");
  }, PATIENCE);
});

test("a stopped follower stays silent", async () => {
  const { file, lines, follow, stopping } = following("start", "one\n");
  follow();
  await heard(lines, ["one"]);
  stopping.abort();
  appendFileSync(file, "two\n");
  const other: string[] = [];
  const second = new AbortController();
  onTestFinished(() => second.abort());
  createHost({ root: path.dirname(file), clock }).follow({ path: "/kmsg", from: "start" }, (line) => other.push(line), second.signal);
  await heard(other, ["one", "two"]);
  expect(lines).toEqual(["one"]);
});

test("the kernel log device: EAGAIN is waited out, records come as they are written", async () => {
  const folder = emptyFolder(onTestFinished);
  const fifo = path.join(folder, "kmsg");
  execFileSync("mkfifo", [fifo]);
  // A FIFO with a writer answers as the device does when it has nothing: EAGAIN.
  const writer = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
  onTestFinished(() => closeSync(writer));
  const heardText: string[] = [];
  let ended = 0;
  writeSync(writer, "6,1,10,-;old\n");
  const close = await kmsgFlow(fifo, "end", clock).open({ chunk: (bytes) => heardText.push(bytes.toString()), ended: () => ended++ });
  await vi.waitFor(() => {
    writeSync(writer, "6,2,20,-;new\n");
    expect(heardText.length).toBeGreaterThan(0);
  }, PATIENCE);
  expect(heardText.join("")).not.toContain("old");
  close?.();
  expect(ended).toBe(0);
});

test("the kernel log is heard through a copying tool where there is one, else the device itself is asked", async () => {
  const folder = emptyFolder(onTestFinished);
  const fifo = path.join(folder, "kmsg");
  execFileSync("mkfifo", [fifo]);
  const writer = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
  onTestFinished(() => closeSync(writer));
  const texts: string[] = [];
  const heard = { chunk: (bytes: Buffer) => texts.push(bytes.toString()), ended: () => undefined };
  const tool: Flow["open"] = async ({ chunk }) => {
    chunk(Buffer.from("from the tool\n"));
    return () => undefined;
  };
  await kmsgThrough(async () => tool, fifo, "start", clock).open(heard);
  expect(texts).toEqual(["from the tool\n"]);
  const close = await kmsgThrough(async () => null, fifo, "start", clock).open(heard);
  onTestFinished(() => close?.());
  writeSync(writer, "6,1,10,-;from the device\n");
  await vi.waitFor(() => expect(texts.at(-1)).toBe("6,1,10,-;from the device\n"), PATIENCE);
});

test("where the kernel log cannot be opened no tool is started to find that out", async () => {
  let started = 0;
  const tool: Flow["open"] = async () => {
    started += 1;
    return null;
  };
  const nowhere = path.join(emptyFolder(onTestFinished), "kmsg");
  const opening = kmsgThrough(async () => tool, nowhere, "start", clock).open({ chunk: () => undefined, ended: () => undefined });
  await expect(opening).rejects.toMatchObject({ code: "ENOENT" });
  expect(started).toBe(0);
});
