// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { open, readFile, rename } from "node:fs/promises";
import path from "node:path";
import { isNotThere } from "./host/host-failure";
import { decodeJson } from "./protocol/decode";
import { MAX_HEADS } from "./protocol/messages";
import { AuditHead } from "./protocol/steps";

/** Each console has its own chain: after this node was enrolled with another one, the heads of the first say nothing of it. */
function nameFor(consoleKey: string): string {
  return `audit-heads-${createHash("sha256").update(consoleKey).digest("hex").slice(0, 16)}.jsonl`;
}

/** The heads of the console's audit chain that this agent was shown with a step: what a rewritten database is told by. */
export interface AuditHeads {
  /** Oldest first. */
  all(): readonly AuditHead[];
  /** Settles when the disk has it for good; then the step may be taken. @throws the system's error */
  keep(head: AuditHead): Promise<void>;
}

/** Opens the heads that this console showed in earlier runs. A line that was cut off by a crash is left out. `most`: the oldest give way beyond it. */
export async function openAuditHeads(stateDir: string, consoleKey: string, most = MAX_HEADS): Promise<AuditHeads> {
  const file = path.join(stateDir, nameFor(consoleKey));
  let heads = (await textOf(file)).split("\n").flatMap((line) => {
    const head = decodeJson(AuditHead, line);
    return head.ok ? [head.value] : [];
  });
  heads = heads.slice(-most);
  /** One write after the other: two at once would lose a head. */
  let tail: Promise<void> = Promise.resolve();

  async function write(next: readonly AuditHead[]): Promise<void> {
    const fresh = `${file}.new`;
    const handle = await open(fresh, "w", 0o600);
    try {
      await handle.writeFile(next.map((head) => `${JSON.stringify(head)}\n`).join(""));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, file);
    const folder = await open(stateDir, "r");
    try {
      await folder.sync(); // a rename is durable only when its folder is
    } finally {
      await folder.close();
    }
  }

  return {
    all: () => heads,
    keep(head) {
      const kept = tail.then(async () => {
        const next = [...heads, head].slice(-most);
        await write(next);
        heads = next;
      });
      tail = kept.catch(() => undefined); // whoever asked hears of it; the next one tries anew
      return kept;
    },
  };
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (isNotThere(error)) return "";
    throw error;
  }
}
