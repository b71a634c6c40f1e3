// SPDX-License-Identifier: Apache-2.0
import { Availability, type AvailabilityWindow, type IncidentCard, IncidentPage, type Moment } from "@/agent/protocol/console/history";
import { formatDuration } from "@/server/cluster/words";
import { CliError } from "./cli-error";
import { askConsole } from "./console-client";
import type { Word } from "./define";
import { clusterList } from "./where";

/** The cluster that was named, or the only one. @throws CliError */
async function slugOf(address: Parameters<Word["run"]>[0], named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  const { clusters } = await clusterList(address);
  const [only, ...more] = clusters;
  if (!only || more.length > 0) throw new CliError("Name a cluster.", 2);
  return only.slug;
}

/** How available each service was, planned stops apart. */
export const availability: Word = {
  name: "availability",
  usage: "[CLUSTER]",
  does: "How available each service was in the last 24 h, 7, 30 and 90 days, without planned stops, and how much of that is known.",
  async run(address, [slug], { cluster, json }) {
    const name = encodeURIComponent(await slugOf(address, slug ?? cluster));
    const answer = await askConsole(address, "GET", `/api/v1/clusters/${name}/availability`, Availability);
    const lines = answer.services.flatMap(({ id, now, day, week, month, quarter }) => [
      `${id}  ${now}`,
      ...[day, week, month, quarter].map((window) => `  ${sayWindow(window)}`),
    ]);
    return { text: json ? `${JSON.stringify(answer)}\n` : `${lines.join("\n")}\n`, exitCode: 0 };
  },
};

function sayWindow({
  windowMs,
  withoutUnplanned,
  unplannedMs,
  unplannedStops,
  plannedMs,
  plannedStops,
  unknownMs,
}: AvailabilityWindow): string {
  const days = windowMs / 86_400_000;
  const name = (days === 1 ? "24 h" : `${days} d`).padEnd(5);
  if (withoutUnplanned === null) return `${name} not known`;
  // Rounded down: a stop is never rounded away.
  const share = `${(Math.floor(withoutUnplanned * 1e6) / 1e4).toFixed(4)} %`;
  const parts = [`unplanned ${formatDuration(unplannedMs)} (${unplannedStops})`, `planned ${formatDuration(plannedMs)} (${plannedStops})`];
  return `${name} ${share}, ${[...parts, `not known ${formatDuration(unknownMs)}`].join(", ")}`;
}

/** Who fenced whom, why, and how long each part of it took. */
export const fencings: Word = {
  name: "fencings",
  usage: "[CLUSTER] [--node NODE]",
  does: "The nodes that were lost or fenced, and the services that went elsewhere, the newest first: who, why, when, and how long each part took.",
  async run(address, [slug], { cluster, json, node }) {
    const name = encodeURIComponent(await slugOf(address, slug ?? cluster));
    const query = node === undefined ? "" : `?${new URLSearchParams({ node })}`;
    const page = await askConsole(address, "GET", `/api/v1/clusters/${name}/incidents${query}`, IncidentPage);
    const lines =
      page.incidents.length === 0
        ? ["No node was lost or fenced, and no service went elsewhere, since this console watches."]
        : page.incidents.flatMap(sayIncident);
    return { text: json ? `${JSON.stringify(page)}\n` : `${lines.join("\n")}\n`, exitCode: 0 };
  },
};

function sayIncident({ openedAtMs, says, failover, syncSays, moved, fromHistory, ...moments }: IncidentCard): string[] {
  const { lastWord, detected, asked, done, back } = moments;
  const time = (moment: Moment | null) => (moment === null ? "not seen" : new Date(moment.atMs).toISOString());
  const when = moved
    ? `left ${time(moved.left)}, stopped ${time(moved.stopped)}`
    : `last word ${time(lastWord)}, missed ${time(detected)}, asked ${time(asked)}, done ${time(done)}, back ${time(back)}`;
  if (fromHistory) return [`${new Date(openedAtMs).toISOString()}  ${says}`, `  from the cluster's own history, read ${time(fromHistory)}`];
  return [
    `${new Date(openedAtMs).toISOString()}  ${says}`,
    `  ${when}`,
    ...failover.map(({ phase, tookMs, says: how }) => `  ${phase}: ${tookMs === null ? how : `${formatDuration(tookMs)}. ${how}`}`),
    `  data: ${syncSays}`,
  ];
}
