// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";

type Fence = NonNullable<EntityOf<"node">["fence"]>;

/** By what a node can be fenced and from where, one phrase a device: "st_ruby from crystal and jade". */
export function fenceWords({ ways, broken, isKnown, hasWatchdog }: Fence): string[] {
  const words = ways.map(({ device, level, from, isSure }) => {
    const place = from === null ? "from where is not known" : from.length === 0 ? "from nowhere but itself" : `from ${from.join(", ")}`;
    return `${level === null ? "" : `level ${level}: `}${device} ${place}${isSure ? "" : ", if the device itself says so"}`;
  });
  words.push(...broken.map(({ level, device, why }) => `level ${level}: ${device} ${why}`));
  if (hasWatchdog) words.push("by its watchdog, when it has lost the cluster");
  if (words.length > 0) return words;
  return [isKnown ? "by no device" : "not known: a pattern decides which device is for it"];
}
