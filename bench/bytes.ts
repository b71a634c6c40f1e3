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
    const sizes: number[] = [];
    for (const change of CHANGES) {
      for (let turn = 0; turn < TURNS; turn += 1) {
        patches = [];
        world.change((scene) => change.make(scene, turn % 2 === 0));
        await pause(AFTERMATH_MS);
        sizes.push(patches.reduce((sum, size) => sum + size, 0));
      }
    }
    return [
      row("bytes.idle", idle, "B/s", 100, "cluster page of two simulated nodes, frames' headers and pings included"),
      row(
        "bytes.change.median",
        median(sizes),
        "B",
        2_048,
        `all patches of one change of DRBD, Pacemaker or a bond; ${sizes.length} changes`,
      ),
      row("bytes.change.most", Math.max(...sizes), "B", 2_048, "a change is often several patches: a fact, its finding, its event"),
    ];
  });
}

export const bytes: Measurement = { name: "bytes", about: "what a browser is sent, idle and per change", measure };
