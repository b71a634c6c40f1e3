// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import type { Unread } from "@/agent/protocol/errors";
import type { SourceName } from "@/agent/protocol/sources";
import { isOfInterfaces } from "@/server/cluster/aoe";

/** Flags that old versions of crm_mon never print, and their gap is told with the source. */
const NEVER_PRINTED: ReadonlySet<string> = new Set(["maintenance", "shutdown", "blocked"]);

type Harmless = (part: Unread, how: string) => boolean;

/** Parts that are often missing and by which nothing is judged, or that this version of a tool never says. */
const HARMLESS: { readonly [N in SourceName]?: Harmless } = {
  // The port list of sysfs is only a second look at what is read already.
  bonding: ({ what, code }) => (code === "COLLECT_FORBIDDEN" && what.endsWith(" LACP")) || what.includes(" port list"),
  pacemaker: ({ what, code }, how) =>
    (code === "COLLECT_READ" && NEVER_PRINTED.has(what)) || (what === "fencing" && !how.startsWith("crm_mon")),
  drbd: ({ what }) => what === "DRBD sizes",
  aoe: ({ what }) => what === "aoe_deadsecs",
  host: (part) => !isOfInterfaces(part),
  kernelLog: () => true,
  zfs: ({ what }) => what === "pool sizes",
  // More devices than the bounds: what is told of the others is told well. Of mounts one that is left out may be read-only.
  mounts: ({ what, code }) => code === "COLLECT_TOO_LARGE" && what === "block devices",
  // It only adds names and addresses to what the links themselves say.
  corosync: ({ what }) => what === "corosync.conf",
};

export function isHarmless({ source, how }: EntityOf<"source">, part: Unread): boolean {
  return HARMLESS[source]?.(part, how) ?? false;
}
