// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryDatabase } from "@/server/db/temporary-database";
import { createAudit } from "./audit";
import { type AuditEntry, compareHeads, faultOf, nextEntry } from "./chain";
import { openAuditJournal } from "./journal";

function chainOf(bodies: readonly string[]): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (const [index, body] of bodies.entries()) {
    entries.push(nextEntry(entries.at(-1) ?? null, { atMs: 1_000 + index, runId: `run-${index}`, cluster: "san-a", kind: "closed", body }));
  }
  return entries;
}
const faults = (entries: readonly AuditEntry[]) =>
  entries.map((entry, index) => faultOf(entry, entries[index - 1] ?? null)).filter(Boolean);

describe("the chain", () => {
  it("holds as it was written", () => {
    expect(faults(chainOf(["{}", "{}", '{"a":1}']))).toEqual([]);
  });

  it("tells any change of any entry, one that is gone, and two that changed places", () => {
    const text = fc.string({ maxLength: 20 });
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 2, maxLength: 8 }),
        fc.nat(),
        fc.constantFrom("atMs", "runId", "cluster", "kind", "body", "hash"),
        (bodies, at, what) => {
          const entries = chainOf(bodies);
          const index = at % entries.length;
          const changed = entries.map((entry, place) =>
            place === index ? { ...entry, [what]: what === "atMs" ? entry.atMs + 1 : `${entry[what]}x` } : entry,
          );
          expect(faults(changed)).not.toEqual([]);
          if (index < entries.length - 1) expect(faults(entries.filter((_, place) => place !== index))).not.toEqual([]);
        },
      ),
    );
    const [first, second] = chainOf(["one", "two"]);
    if (first && second) expect(faults([second, first])).not.toEqual([]);
  });

  it("that somebody wrote anew from some point on is told by the heads that agents were shown", () => {
    const old = chainOf(["one", "two", "three"]);
    const anew = chainOf(["one", "other", "three"]);
    expect(faults(anew)).toEqual([]);
    const heads = old.map(({ seq, hash }) => ({ seq, hash }));
    const hashAt = (chain: AuditEntry[]) => (seq: number) => chain.find((entry) => entry.seq === seq)?.hash ?? null;
    expect(compareHeads(heads, hashAt(old)).agrees).toBe(true);
    expect(compareHeads(heads, hashAt(anew))).toMatchObject({ agrees: false, says: expect.stringContaining("entry 2") });
    expect(compareHeads(heads, hashAt(old.slice(0, 2)))).toMatchObject({ agrees: false, says: expect.stringContaining("no such entry") });
  });
});

describe("the journal", () => {
  let kept: Awaited<ReturnType<typeof temporaryDatabase>>;
  beforeEach(async () => {
    kept = await temporaryDatabase();
  });
  afterEach(() => kept.remove());

  it("numbers what is written at the same time one after the other, and goes on where an earlier console stopped", async () => {
    const of = { runId: "r", cluster: "san-a" };
    const body = { outcome: "done" as const, says: "", phases: [] };
    const journal = await openAuditJournal(kept.db.audit, () => 1);
    await Promise.all(Array.from({ length: 20 }, () => journal.append("closed", of, body)));
    const again = await openAuditJournal(kept.db.audit, () => 2);
    expect((await again.append("closed", of, body)).seq).toBe(21);
    const audit = createAudit({ records: kept.db.audit, agents: NOBODY, linked: () => [] });
    expect(await audit.verify(false)).toMatchObject({ isWhole: true, entries: 21, faults: [] });
  });

  it("is compared with heads that an agent was shown while it was asked", async () => {
    const journal = await openAuditJournal(kept.db.audit, () => 1);
    const write = () => journal.append("closed", { runId: "r", cluster: "san-a" }, { outcome: "done", says: "", phases: [] });
    const first = await write();
    const heads = async () => ({ ok: true as const, answer: [first, await write()] });
    const linked = () => [{ cluster: "san-a", node: "ruby" }];
    const audit = createAudit({ records: kept.db.audit, agents: { ...NOBODY, heads }, linked });
    expect(await audit.verify(true)).toMatchObject({ isWhole: true, entries: 2, agents: [{ node: "ruby", agrees: true }] });
  });

  it("refuses to change or remove what is written", async () => {
    const journal = await openAuditJournal(kept.db.audit, () => 1);
    await journal.append("closed", { runId: "r", cluster: "san-a" }, { outcome: "done", says: "", phases: [] });
    const [entry] = await kept.db.audit.after(0, 1);
    if (!entry) throw new Error("nothing was written");
    await expect(kept.db.audit.append({ ...entry, body: "{}" })).rejects.toThrow();
    expect(await kept.db.audit.after(0, 5)).toEqual([entry]);
  });
});

const no = async () => ({ ok: false as const, wasSent: false, why: "nobody is linked" });
const NOBODY = { preview: no, prepare: no, step: no, heads: no };
