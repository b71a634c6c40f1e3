// SPDX-License-Identifier: Apache-2.0
import { CHANGES, SLUG } from "./changes";
import { openBrowserSocket } from "./harness/browser-socket";
import { median } from "./harness/numbers";
import { startCluster } from "./harness/sim-nodes";
import { pause, withCleanup } from "./harness/wait";
import { type Measurement, type Row, row } from "./row";

const TURNS = 6;
/** Everything that follows from one change has come by then. */
const AFTERMATH_MS = 3_500;
const IDLE_MS = 30_000;

async function measure(say: (sentence: string) => void): Promise<Row[]> {
  return withCleanup(async (later) => {
    const { console_, world } = await startCluster(SLUG, later);
    let patches: number[] = [];
    const socket = await openBrowserSocket(console_, { of: "cluster", slug: SLUG }, (text, size) => {
      if (text.startsWith('{"type":"patch"')) patches.push(size);
    });
    later(socket.close);
    await pause(AFTERMATH_MS);
    say(`${IDLE_MS / 1_000} s of nothing happening`);
    const [from, atMs] = [socket.bytes(), performance.now()];
    await pause(IDLE_MS);
    const idle = (socket.bytes() - from) / ((performance.now() - atMs) / 1_000);
    /** All patches that follow when the world goes on from its last moment to this one, with a change in it or without. */
    const follow = async (change: Parameters<typeof world.change>[0]) => {
      patches = [];
      world.change(change);
      await pause(AFTERMATH_MS);
      return patches.reduce((sum, size) => sum + size, 0);
    };
    // Counters and traffic of every node move with the time that passed; that is no change, and is sent without one too.
    const alone: number[] = [];
    for (let turn = 0; turn < TURNS; turn += 1) alone.push(await follow(() => undefined));
    const telemetry = median(alone);
    const sizes: number[] = [];
    for (const change of CHANGES)
      for (let turn = 0; turn < TURNS; turn += 1) sizes.push((await follow((scene) => change.make(scene, turn % 2 === 0))) - telemetry);
    const beyond = `beyond the counters' own ${Math.round(telemetry)} B; ${sizes.length} changes of DRBD, Pacemaker or a bond, with finding and event`;
    return [
      row("bytes.idle", idle, "B/s", 100, "cluster page of two simulated nodes, frames' headers and pings included"),
      row("bytes.telemetry", telemetry, "B", null, "counters and traffic of three nodes after some seconds, no change among them"),
      row("bytes.change.median", median(sizes), "B", 2_048, beyond),
      row("bytes.change.most", Math.max(...sizes), "B", 2_048, "the same"),
    ];
  });
}

export const bytes: Measurement = { name: "bytes", about: "what a browser is sent, idle and per change", measure };
