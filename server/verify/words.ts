// SPDX-License-Identifier: Apache-2.0

/** Whom a kernel line of DRBD is about. `minor` is null for one about a whole resource, `peer` where the line names none (8.x). */
export interface LineSubject {
  minor: number | null;
  resource: string | null;
  peer: string | null;
}

/** What a kernel line says of an online verify. Sectors are of 512 bytes. */
export type VerifyWord =
  | { says: "entered"; state: string }
  | { says: "began"; sector: number; isStarter: boolean }
  | { says: "differs"; startSector: number; sectors: number }
  | { says: "done"; seconds: number; kibPerSec: number }
  | { says: "found"; bytes: number }
  | { says: "reached"; sector: number }
  | { says: "left"; state: string }
  | { says: "cut"; state: string };

export interface VerifyLine {
  subject: LineSubject;
  word: VerifyWord;
}

const VERIFYING = /^Verify[ST]$/;

/**
 * What a kernel line says of an online verify; null for every other line.
 * Shape: "block drbd0: …" (8.3, 8.4), "drbd0: …" (8.2), "drbd r0/0 drbd1 peer: …" (9), "drbd r0: …" and "drbd r0 peer: …" (a connection).
 * 8.3 prints "Online verify  done" with two blanks, 9 its states as `repl( VerifyS -> Established )`.
 * Source: drivers/block/drbd/{drbd_main,drbd_state,drbd_worker,drbd_receiver}.c, DRBD 8.3.0 to 9.2; captures of 8.4.11.
 */
export function parseVerifyLine(text: string): VerifyLine | null {
  const parts = text.match(/^(?:block drbd(\d+)|drbd(\d+)|drbd (\S+?)(?:\/\d+ drbd(\d+))?(?: (\S+))?): (.*)$/);
  if (!parts) return null;
  const word = wordOf(parts[6] ?? "");
  if (!word) return null;
  const minor = parts[1] ?? parts[2] ?? parts[4];
  return { subject: { minor: minor === undefined ? null : Number(minor), resource: parts[3] ?? null, peer: parts[5] ?? null }, word };
}

function wordOf(said: string): VerifyWord | null {
  const differs = said.match(/^Out of sync: start=(\d+), size=(\d+) \(sectors\)/);
  if (differs) return countedRange(Number(differs[1]), Number(differs[2]));
  const began = said.match(/^(Starting Online Verify from sector|Online Verify start sector:) (\d+)/i);
  if (began) return { says: "began", sector: Number(began[2]), isStarter: /^starting/i.test(began[1] ?? "") };
  const done = said.match(/^Online verify\s+done \(total (\d+) sec; paused (\d+) sec; (\d+) K\/sec\)/i);
  if (done) return { says: "done", seconds: Math.max(0, Number(done[1]) - Number(done[2])), kibPerSec: Number(done[3]) };
  const found = said.match(/^Online verify\s+found (\d+) (\d+)k block/i);
  if (found) return { says: "found", bytes: Number(found[1]) * Number(found[2]) * 1024 };
  const reached = said.match(/^Online verify reached sector (\d+)/i);
  if (reached) return { says: "reached", sector: Number(reached[1]) };
  return stateWord(said);
}

/** A line without a size, or with one beyond what numbers hold exactly, is no range. */
function countedRange(startSector: number, sectors: number): VerifyWord | null {
  return sectors > 0 && Number.isSafeInteger(startSector + sectors) ? { says: "differs", startSector, sectors } : null;
}

function stateWord(said: string): VerifyWord | null {
  const change = said.match(/\b(?:conn|repl)\( (\S+) -> (\S+) \)/g)?.map((one) => one.split(/\( | -> | \)/)) ?? [];
  for (const [kind, from = "", to = ""] of change) {
    if (VERIFYING.test(to) && !VERIFYING.test(from)) return { says: "entered", state: to };
    if (VERIFYING.test(from) && !VERIFYING.test(to)) return { says: "left", state: to };
    if (kind === "conn" && from === "Connected") return { says: "cut", state: to };
  }
  return null;
}
