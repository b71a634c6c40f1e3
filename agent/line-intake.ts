// SPDX-License-Identifier: Apache-2.0
import type { Clock } from "./clock";
import type { Lost } from "./collectors/define";
import type { Journal } from "./journal";
import { createLineGate } from "./line-gate";
import type { KernelLine } from "./protocol/model/kernel-log";

export interface LineIntake {
  take(line: KernelLine): void;
  /** Records that were gone before they could be read: one gap in the journal. */
  lost(records: Lost): void;
  stop(): void;
}

/**
 * From the kernel log to the journal: every line once. The kernel's buffer is read from its start after every start of the
 * agent, so what an earlier run journalled in this boot is passed over, and what was printed while no agent ran is caught up.
 */
export function createLineIntake(journal: Journal, bootId: () => Promise<string | null>, clock: Clock): LineIntake {
  function lost({ fromMs, toMs, count }: Lost): void {
    journal.append({ type: "gap", atMs: toMs, fromMs, toMs, count }, null);
  }
  const gate = createLineGate(clock, lost);
  let boot: string | null = null;
  let isBootKnown = false;
  /** Lines wait in their order while the boot is asked for. */
  let waiting: KernelLine[] | null = null;

  function journalise(line: KernelLine): void {
    if (boot !== null && journal.hasLine(boot, line.kmsgSeq)) return;
    if (gate.passes(line.atMs)) journal.append({ type: "line", atMs: line.atMs, line }, boot);
  }

  /** A number that was there before: a line read again, or the first of a new boot (a tree's node can boot under us). */
  function isDoubtful(line: KernelLine): boolean {
    return !isBootKnown || (boot !== null && journal.hasLine(boot, line.kmsgSeq));
  }

  async function ask(): Promise<void> {
    boot = await bootId();
    isBootKnown = true;
    const lines = waiting ?? [];
    waiting = null;
    for (const line of lines) journalise(line);
  }

  return {
    take(line) {
      if (waiting !== null) waiting.push(line);
      else if (isDoubtful(line)) {
        waiting = [line];
        void ask();
      } else journalise(line);
    },
    lost,
    stop: gate.stop,
  };
}
