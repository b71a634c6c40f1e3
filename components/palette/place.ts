// SPDX-License-Identifier: Apache-2.0
import type { Place, UserRole } from "@/agent/protocol/console/api";
import { anchorOf } from "@/components/live/anchor";
import { mayOpen, PLACES } from "@/components/settings/places";

/** One row of the palette: somewhere to go. */
export interface Row {
  /** The address it leads to, which also tells one row from another. */
  href: string;
  kind: Place["kind"] | "page";
  name: string;
  /** The cluster it is in; null for a page of the console itself. */
  cluster: string | null;
  level: Place["level"] | null;
  says: string;
}

/** Where a place is shown. What has no page of its own is a spot on its cluster's page. */
function hrefOf({ kind, cluster, key, name }: Place): string {
  const page = `/c/${cluster}`;
  switch (kind) {
    case "cluster":
      return page;
    case "node":
      return `${page}/n/${name}`;
    case "mirror":
      return `${page}/drbd/${encodeURIComponent(name.replace(/\/\d+$/, ""))}`;
    case "service":
    case "finding":
      return `${page}#${anchorOf(key)}`;
  }
}

export function rowOf(place: Place): Row {
  const { kind, name, cluster, level, says } = place;
  return { href: hrefOf(place), kind, name, cluster, level, says };
}

/** Pages of the console itself that this person may open. */
export function pagesFor(role: UserRole): readonly Row[] {
  const page = { kind: "page", cluster: null, level: null } as const;
  const settings = Object.values(PLACES).filter((place) => mayOpen(place, role));
  return [
    { ...page, href: "/", name: "Fleet", says: "all clusters, worst first" },
    ...settings.map(({ name, href }) => ({ ...page, href, name: `Settings: ${name}`, says: "of this console" })),
  ];
}
