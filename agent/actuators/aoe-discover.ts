// SPDX-License-Identifier: Apache-2.0
import type { Host } from "../host/host";
import { type ActContext, type Acted, commandLine, runTool } from "./define";
import { toolFailure } from "./failure";

/** Targets answer within milliseconds, and the driver asks each for its size before it shows it. */
const SETTLES_MS = 2_000;

export function aoeDiscoverLines(): string[] {
  return [commandLine("aoe-discover", [])];
}

/** Asks the network for AoE targets, and tells which devices there were before and are after. @throws StepFailure, HostError */
export async function aoeDiscover({ host, clock }: ActContext): Promise<Acted> {
  const before = await devices(host);
  const result = await runTool(host, "aoe-discover", [], { timeoutMs: 10_000 }, "something");
  if (result.exitCode !== 0) throw toolFailure("aoe-discover", result);
  await new Promise<void>((resolve) => void clock.after(SETTLES_MS, resolve));
  const after = await devices(host);
  const lines = [`before: ${listed(before)}`, `after: ${listed(after)}`, `new: ${listed(after.filter((name) => !before.includes(name)))}`];
  return { commands: aoeDiscoverLines(), output: lines.join("\n") };
}

/** `/sys/block/etherd!e0.1` is the device e0.1. */
async function devices(host: Host): Promise<string[]> {
  const names = (await host.list("/sys/block")) ?? [];
  return names.flatMap((name) => (name.startsWith("etherd!") ? [name.slice("etherd!".length)] : []));
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join(" ");
}
