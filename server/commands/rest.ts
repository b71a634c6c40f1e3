// SPDX-License-Identifier: Apache-2.0
import type { View } from "@/agent/protocol/console/view";
import { isBusy } from "./progress";

/** So long without any operation, and it has come to rest where it is. */
const REST_MS = 20_000;

/** Tells when the cluster has done nothing for a while: no operation under way, nothing that moved. */
export function restWatch(
  now: () => number,
  isTold: (view: View) => boolean,
): (view: View, resources: ReadonlySet<string>, isNew: boolean) => boolean {
  let busyAtMs = now();
  return (view, resources, isNew) => {
    // What nobody tells of is not at rest.
    if (isNew || !isTold(view) || isBusy(view, resources)) busyAtMs = now();
    return now() - busyAtMs >= REST_MS;
  };
}

/** Tells why it will not come true, once that has been so for as long as a cluster at rest. */
export function stuckWatch(now: () => number, why: (view: View) => string | null): (view: View) => string | null {
  let sinceMs: number | null = null;
  return (view) => {
    const stuck = why(view);
    sinceMs = stuck === null ? null : (sinceMs ?? now());
    return sinceMs !== null && now() - sinceMs >= REST_MS ? stuck : null;
  };
}
