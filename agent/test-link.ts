// SPDX-License-Identifier: Apache-2.0
import { type Journal, openJournal } from "./journal";
import { createJournalDisk } from "./journal-disk";
import { newKeys } from "./keys";
import { type LinkDeps, startLink } from "./link";
import { hurriedClock } from "./manual-clock";
import type { Readings } from "./protocol/sources";
import { timing } from "./protocol/timing";
import type { Stepper } from "./stepper";
import { type ConsoleOptions, startTestConsole } from "./test-console";
import { emptyFolder } from "./test-folder";

export const PATIENCE = { timeout: 60_000 };
/** Waits of half a second take 25 ms; silence is noticed after three seconds, so that a slow machine is not taken for silent. */
export const clock = hurriedClock(20);
const patient = timing(6);
export const consoleKeys = newKeys();
export const agentKeys = newKeys();

/** Of an agent whose policy allows nothing. */
export const NOT_ALLOWED = { ok: false as const, error: { code: "STEP_POLICY" as const, message: "no", mayHaveHappened: false } };
export const READS_ONLY: Stepper = {
  kinds: async () => [],
  preview: async () => NOT_ALLOWED,
  prepare: async () => ({ ok: true, ready: null }),
  step: async () => NOT_ALLOWED,
  heads: () => [],
  note: () => undefined,
};

/** Consoles and links that end with the test: `later` is the test's own way to be told of its end. */
export function linkDesk(later: (end: () => Promise<void> | void) => void) {
  const consoleWith = (part: Partial<ConsoleOptions> = {}) =>
    startTestConsole(later, { keys: consoleKeys, agentKey: agentKeys.publicKey, ...part });

  async function linkTo(address: string, part: Partial<LinkDeps> = {}) {
    const log: string[] = [];
    const current: Readings = {};
    let pump: () => void = () => undefined;
    const disk = createJournalDisk(emptyFolder(later));
    const journal = await openJournal({ disk, clock, log: (sentence) => log.push(sentence), onSafe: () => pump() });
    const link = startLink({
      console: address,
      allowPlainText: false,
      tlsProxy: false,
      ca: null,
      identity: { agentId: "agent-1", node: "ruby", keys: agentKeys, consoleKey: consoleKeys.publicKey },
      journal,
      clock,
      timing: patient,
      bootId: async () => "boot-1",
      current: () => current,
      readTimes: () => ({ bonding: { takenElapsedMs: 5, everyMs: 2_000 } }),
      stepper: READS_ONLY,
      log: (sentence) => log.push(sentence),
      ...part,
    });
    pump = link.pump;
    later(async () => {
      await link.stop();
      await journal.close();
    });
    return { link, journal, log, current };
  }
  return { consoleWith, linkTo };
}

export function append(journal: Journal, ...times: number[]): void {
  for (const atMs of times)
    journal.append({ type: "fact", atMs, source: "aoe", readings: { aoe: { status: "absent", takenAtMs: atMs } } }, null);
}
export const absent = (takenAtMs: number): Readings => ({ aoe: { status: "absent", takenAtMs } });
