// SPDX-License-Identifier: Apache-2.0
// Runs in the measured process before its program: says, when asked, how long its event loop was held since it was asked last.
import { monitorEventLoopDelay } from "node:perf_hooks";

const RESOLUTION_MS = 2;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();
process.on("message", (message) => {
  if (message?.type !== "held?") return;
  process.send({ type: "held", worstMs: Math.max(0, delay.max / 1e6 - RESOLUTION_MS) });
  delay.reset();
});
// Nobody waits for more questions when the program is over.
process.channel?.unref();
