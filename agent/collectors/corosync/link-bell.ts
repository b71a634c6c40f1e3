// SPDX-License-Identifier: Apache-2.0
import type { Host } from "@/agent/host/host";
import type { CorosyncLink } from "@/agent/protocol/model/corosync";
import type { LinkStatus } from "./parse-links";

/** More links than this are asked about by the clock: the key of each is an argument of the bell. */
const MAX_KEYS = 512;

interface Listener {
  host: Host;
  onRing: () => void;
  signal: AbortSignal;
}

/**
 * `corosync-cmapctl -t` as a doorbell for knet's links: it prints a line when one that it was given comes or goes, which Corosync
 * notices within a second. What it prints means nothing but "ask again"; its greeting shows that it listens.
 * It ends with its standard input. It is hung up only for links that a reading has shown, and anew when those are others.
 * Source: tools/corosync-cmapctl.c and exec/stats.c, Corosync 3.0 and later; older ones know neither knet nor this map.
 */
export class LinkBell {
  private listener: Listener | null = null;
  private following: { keys: string; stop: AbortController } | null = null;
  private isHeard = false;

  /** True while a link that comes or goes will ring. */
  get isTrusted(): boolean {
    return this.isHeard;
  }

  ring(host: Host, onRing: () => void, signal: AbortSignal): void {
    this.listener = { host, onRing, signal };
    signal.addEventListener("abort", () => this.takeDown(), { once: true });
  }

  /** Takes the links that a reading has shown. */
  learn(status: LinkStatus): void {
    const keys = status.transport === "knet" ? status.links.flatMap(keyOf) : [];
    const wanted = keys.length > MAX_KEYS ? "" : keys.sort().join(" ");
    if (wanted === (this.following?.keys ?? "")) return;
    this.takeDown();
    if (wanted !== "") this.hangUp(wanted);
  }

  private hangUp(keys: string): void {
    // In a recorded or simulated tree no Corosync pushes anything.
    if (!this.listener?.host.isReal || this.listener.signal.aborted) return;
    const { host, onRing } = this.listener;
    const stop = new AbortController();
    this.following = { keys, stop };
    const what = {
      tool: "stdbuf",
      args: ["-o0", "corosync-cmapctl", "-m", "stats", "-t", ...keys.split(" ")],
      chunks: true,
      holdsInput: true,
      onSilence: () => {
        this.isHeard = false;
        onRing();
      },
    };
    host.follow(
      what,
      () => {
        this.isHeard = true;
        onRing();
      },
      stop.signal,
    );
  }

  private takeDown(): void {
    this.following?.stop.abort();
    this.following = null;
    this.isHeard = false;
  }
}

/** A link to this node itself neither comes nor goes. */
function keyOf({ link, peerId, isConnected }: CorosyncLink): string[] {
  return peerId === null || isConnected === null ? [] : [`stats.knet.node${peerId}.link${link}.connected`];
}
