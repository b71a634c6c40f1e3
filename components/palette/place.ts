// SPDX-License-Identifier: Apache-2.0
import type { Place, UserRole } from "@/agent/protocol/console/api";
import { anchorOf } from "@/components/live/anchor";

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

/** Pages of the console itself, and who may open them. */
const PAGES: readonly { name: string; href: string; says: string; needs: UserRole }[] = [
  { name: "Fleet", href: "/", says: "all clusters, worst first", needs: "viewer" },
  { name: "Settings: nodes", href: "/settings/nodes", says: "enrol a node, end an agent's trust", needs: "admin" },
];

const RANK: Readonly<Record<UserRole, number>> = { viewer: 0, operator: 1, admin: 2 };

export function pagesFor(role: UserRole): readonly Row[] {
  return PAGES.filter(({ needs }) => RANK[role] >= RANK[needs]).map(({ name, href, says }) => ({
    href,
    kind: "page",
    name,
    cluster: null,
    level: null,
    says,
  }));
}
