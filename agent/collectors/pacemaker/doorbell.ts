// SPDX-License-Identifier: Apache-2.0
import type { Host } from "@/agent/host/host";

/**
 * crm_mon in its loop as a doorbell: with piped output it prints one "." per change of the CIB and per fencing, and
 * "Reconnecting…" while Pacemaker is away. What it prints means nothing but "read again".
 *
 * The dots came with Pacemaker 2.1.0 (output schema 2.9); an older crm_mon in a loop would print the whole screen every
 * second. So the bell is hung up only when a reading has shown which crm_mon this is.
 */
export class Doorbell {
  private readonly waiting = new Set<() => void>();
  private isKnown = false;
  private hasRung = false;
  private isReal = false;

  /** True when a change will ring: crm_mon has the bell on a real node, or the bell has been heard in a tree. */
  get isTrusted(): boolean {
    return this.isKnown && (this.isReal || this.hasRung);
  }

  /** Takes the version of crm_mon's XML from a reading. */
  learn(host: Host, apiVersion: string | null): void {
    this.isReal = host.isReal;
    this.isKnown = hasDots(apiVersion);
    if (!this.isKnown) return;
    for (const start of this.waiting) start();
    this.waiting.clear();
  }

  ring(host: Host, onRing: () => void, signal: AbortSignal): void {
    const start = () => {
      if (signal.aborted) return;
      const what = { tool: "stdbuf", args: ["-o0", "crm_mon", "-i", "1", "--output-as=text", "--include=none"], chunks: true };
      host.follow(
        what,
        () => {
          this.hasRung = true;
          onRing();
        },
        signal,
      );
    };
    if (this.isKnown) start();
    else this.waiting.add(start);
    signal.addEventListener("abort", () => this.waiting.delete(start), { once: true });
  }
}

function hasDots(apiVersion: string | null): boolean {
  const match = /^([0-9]+)\.([0-9]+)/.exec(apiVersion ?? "");
  if (match?.[1] === undefined || match[2] === undefined) return false;
  const major = Number.parseInt(match[1], 10);
  return major > 2 || (major === 2 && Number.parseInt(match[2], 10) >= 9);
}
