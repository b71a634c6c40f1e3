// SPDX-License-Identifier: Apache-2.0
import type { HostFacts, HostInterface } from "@/agent/protocol/model/host";

/** Below this nobody waits for a link: it shows as none, so that a quiet node changes nothing on a page. */
const QUIET_BYTES_PER_SEC = 125_000;

const known = new WeakMap<HostFacts, HostFacts>();

/** The machine's facts as pages show them: rates to two digits, so that a page moves when a link's load does, not with its noise. */
export function hostView(host: HostFacts): HostFacts {
  const view = known.get(host) ?? { ...host, interfaces: host.interfaces.map(calm) };
  known.set(host, view);
  return view;
}

function calm(one: HostInterface): HostInterface {
  if (!one.traffic) return one;
  const { receivedBytesPerSec, sentBytesPerSec } = one.traffic;
  return {
    ...one,
    traffic: { ...one.traffic, receivedBytesPerSec: rounded(receivedBytesPerSec), sentBytesPerSec: rounded(sentBytesPerSec) },
  };
}

function rounded(rate: number | null): number | null {
  if (rate === null) return null;
  return rate < QUIET_BYTES_PER_SEC ? 0 : Number(rate.toPrecision(2));
}
