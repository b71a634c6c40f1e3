// SPDX-License-Identifier: Apache-2.0
import type { Host } from "@/agent/host/host";

/**
 * `corosync-quorumtool -m` as a doorbell: it prints the whole status whenever quorum or members change. What it prints means
 * nothing but "ask again". It is hung up only where a reading has shown that Corosync runs: elsewhere it would be started for ever.
 */
export class QuorumBell {
  private readonly waiting = new Set<() => void>();
  private isKnown = false;
  private hasRung = false;
  private isReal = false;
  private isSilent = false;
  /** Set by every ring, and taken by the read that answers it. */
  private isRinging = true;

  /** True when a change will ring: on a real node, or in a tree once the bell has been heard; not after its end. */
  get isTrusted(): boolean {
    return this.isKnown && !this.isSilent && (this.isReal || this.hasRung);
  }

  /** Whether it rang since it was last asked. */
  take(): boolean {
    const rang = this.isRinging;
    this.isRinging = false;
    return rang;
  }

  /** Corosync runs on this node. */
  learn(host: Host): void {
    this.isReal = host.isReal;
    this.isKnown = true;
    for (const start of this.waiting) start();
    this.waiting.clear();
  }

  ring(host: Host, onRing: () => void, signal: AbortSignal): void {
    const start = () => {
      if (signal.aborted) return;
      const heard = () => {
        this.isRinging = true;
        onRing();
      };
      // Its end is a word too: Corosync was stopped, or it died; that it listens again shows only when it speaks.
      const onSilence = () => {
        this.isSilent = true;
        heard();
      };
      const what = { tool: "stdbuf", args: ["-o0", "corosync-quorumtool", "-m"], chunks: true, onSilence };
      host.follow(
        what,
        () => {
          this.hasRung = true;
          this.isSilent = false;
          heard();
        },
        signal,
      );
    };
    if (this.isKnown) start();
    else this.waiting.add(start);
    signal.addEventListener("abort", () => this.waiting.delete(start), { once: true });
  }
}
