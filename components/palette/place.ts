// SPDX-License-Identifier: Apache-2.0
import type { Place, UserRole } from "@/agent/protocol/console/api";
import type { Offer } from "@/agent/protocol/console/commands";
import { bareTitle } from "@/components/commands/offer-title";
import { anchorOf } from "@/components/live/anchor";
import { mayOpen, PLACES } from "@/components/settings/places";
import { AUDIT, TIMELINE, VERIFY } from "@/components/shell/places";

/** One row of the palette: somewhere to go, or something to do. */
export interface Row {
  /** The address it leads to, which also tells one row from another; of a command something that is no address. */
  href: string;
  kind: Place["kind"] | "timeline" | "page" | "command";
  name: string;
  /** The cluster it is in; null for a page of the console itself. */
  cluster: string | null;
  level: Place["level"] | null;
  says: string;
  /** What it offers to do; missing: it leads somewhere. */
  offer?: Offer;
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

/** What happened in a cluster, or to a node, mirror or service of it, as a row; a finding and a recording have none. */
export function timelineRow({ kind, name, cluster, isRecorded }: Place): Row[] {
  if (isRecorded) return [];
  const row = (of: string, says: string, narrowed: Readonly<Record<string, string>>): Row[] => [
    { href: TIMELINE.of(cluster, narrowed), kind: "timeline", name: `${TIMELINE.name} of ${of}`, cluster, level: null, says },
  ];
  switch (kind) {
    case "cluster":
      return row(cluster, "what happened there, and who did what", {});
    case "node":
      return row(name, "what happened on it", { node: name });
    case "mirror":
    case "service": {
      const resource = kind === "mirror" ? name.replace(/\/\d+$/, "") : name;
      return row(resource, "what happened to it", { resource });
    }
    case "finding":
      return [];
  }
}

/** Pages of the console itself that this person may open. */
export function pagesFor(role: UserRole): readonly Row[] {
  const page = { kind: "page", cluster: null, level: null } as const;
  const settings = Object.values(PLACES).filter((place) => mayOpen(place, role));
  return [
    { ...page, href: "/", name: "Fleet", says: "all clusters, worst first" },
    { ...page, href: VERIFY.href, name: VERIFY.name, says: "every mirror: when it was last proven, what runs, what waits" },
    { ...page, href: `${VERIFY.href}?part=calendar`, name: "Verify: calendar", says: "what ran on which day, and what is due" },
    { ...page, href: `${VERIFY.href}?part=schedules`, name: "Verify: schedules", says: "when mirrors are verified by themselves" },
    { ...page, href: AUDIT.of(null), name: AUDIT.name, says: "who did what on all clusters, and what became of it" },
    ...settings.map(({ name, href }) => ({ ...page, href, name: `Settings: ${name}`, says: "of this console" })),
  ];
}

/** An offer as a row; one that is refused stands in its place and says why. */
export function commandRow(offer: Offer, cluster: string): Row {
  const { ask, title, does, refusal } = offer;
  const href = `do:${ask.verb} ${JSON.stringify(ask.args)}`;
  return { href, kind: "command", name: bareTitle(title), cluster, level: null, says: refusal ?? does, offer };
}

/** At most so many things are asked what can be done about them at a time. */
const ASKED_AT_MOST = 24;

/** The keys of what commands are offered for: what fits the typed words, else the first of the cluster. */
export function subjectsOf(places: readonly Place[], here: string, words: readonly string[]): readonly string[] {
  const all = places.filter(({ cluster, kind }) => cluster === here && (kind === "node" || kind === "service" || kind === "mirror"));
  const named = all.filter(({ name }) => words.some((word) => name.toLowerCase().includes(word)));
  return ["cluster", ...(named.length > 0 ? named : all).slice(0, ASKED_AT_MOST).map(({ key }) => key)];
}
