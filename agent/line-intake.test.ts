// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { type NewFrame, openJournal } from "./journal";
import type { JournalDisk } from "./journal-disk";
import { createLineIntake } from "./line-intake";
import { manualClock } from "./manual-clock";
import { AgentFrame } from "./protocol/messages";
import type { KernelLine } from "./protocol/model/kernel-log";

const line = (kmsgSeq: number): KernelLine => ({ kmsgSeq, atMs: 1_000 + kmsgSeq, priority: 3, topic: "drbd", text: `line ${kmsgSeq}` });

function keptText(): JournalDisk {
  let bytes: Buffer | null = null;
  return {
    load: async () => (bytes === null ? null : { bytes, writtenAtMs: 0 }),
    append: async (text) => {
      bytes = Buffer.concat([bytes ?? Buffer.alloc(0), Buffer.from(text)]);
    },
    replace: async (text) => {
      bytes = Buffer.from(text);
    },
    setAside: async () => "aside",
    close: async () => undefined,
  };
}

async function intake(disk: JournalDisk, boot: () => string | null) {
  const clock = manualClock();
  const journal = await openJournal({ disk, clock, log: () => undefined });
  const lines = createLineIntake(journal, async () => boot(), clock);
  const frames = async (): Promise<(NewFrame | AgentFrame)[]> => {
    await clock.advance(0);
    await journal.settled();
    const found: AgentFrame[] = [];
    for (let entry = journal.after(0); entry !== null; entry = journal.after(entry.position))
      found.push(AgentFrame.parse(JSON.parse(entry.text)));
    return found;
  };
  const seqs = async () => (await frames()).map((frame) => ("line" in frame ? frame.line.kmsgSeq : frame.type));
  return { lines, clock, seqs, frames };
}

test("lines that came before the boot was known keep their order", async () => {
  const { lines, seqs } = await intake(keptText(), () => "boot");
  for (const seq of [1, 2, 3]) lines.take(line(seq));
  expect(await seqs()).toEqual([1, 2, 3]);
});

test("after a restart in the same boot only what is new is journalled", async () => {
  const disk = keptText();
  const first = await intake(disk, () => "boot");
  for (const seq of [1, 2, 3]) first.lines.take(line(seq));
  expect(await first.seqs()).toEqual([1, 2, 3]);
  const second = await intake(disk, () => "boot");
  for (const seq of [1, 2, 3, 4]) second.lines.take(line(seq));
  expect(await second.seqs()).toEqual([1, 2, 3, 4]);
});

test("after a reboot the numbers begin anew and nothing is lost", async () => {
  const disk = keptText();
  const first = await intake(disk, () => "boot-1");
  for (const seq of [1, 2, 3]) first.lines.take(line(seq));
  expect(await first.seqs()).toHaveLength(3);
  const second = await intake(disk, () => "boot-2");
  for (const seq of [1, 2]) second.lines.take(line(seq));
  expect(await second.seqs()).toEqual([1, 2, 3, 1, 2]);
});

test("a node that boots under the running agent is noticed by its first line", async () => {
  let boot = "boot-1";
  const { lines, seqs } = await intake(keptText(), () => boot);
  lines.take(line(7));
  expect(await seqs()).toEqual([7]);
  boot = "boot-2";
  for (const seq of [1, 2]) lines.take(line(seq));
  expect(await seqs()).toEqual([7, 1, 2]);
});

test("a boot that is not known loses nothing: better twice than never", async () => {
  const { lines, seqs } = await intake(keptText(), () => null);
  for (const seq of [1, 2, 1]) lines.take(line(seq));
  expect(await seqs()).toEqual([1, 2, 1]);
});

test("records that were gone before they were read are one gap", async () => {
  const { lines, frames } = await intake(keptText(), () => "boot");
  lines.lost({ fromMs: 10, toMs: 20, count: 3 });
  expect(await frames()).toMatchObject([{ type: "gap", atMs: 20, fromMs: 10, toMs: 20, count: 3 }]);
});

test("of a flood the first thousand pass, the rest is one gap that counts them", async () => {
  const { lines, clock, frames, seqs } = await intake(keptText(), () => "boot");
  for (let seq = 1; seq <= 18_000; seq++) lines.take(line(seq));
  expect(await seqs()).toHaveLength(1_000);
  await clock.advance(10_000);
  expect((await frames()).at(-1)).toMatchObject({ type: "gap", count: 17_000, fromMs: 2_001, toMs: 19_000 });
  lines.take(line(18_001));
  expect((await seqs()).at(-1)).toBe(18_001);
});
