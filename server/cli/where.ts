// SPDX-License-Identifier: Apache-2.0
import { ClusterDetail, ClusterList } from "@/agent/protocol/console/api";
import type { Entity } from "@/agent/protocol/console/view";
import { CliError } from "./cli-error";
import { askConsole, type ConsoleAddress } from "./console-client";

/** The clusters of a console, in outline. */
export function clusterList(address: ConsoleAddress): Promise<ClusterList> {
  return askConsole(address, "GET", "/api/v1/clusters", ClusterList);
}

/** Everything of one cluster, by key. */
export async function viewOf(address: ConsoleAddress, slug: string): Promise<ReadonlyMap<string, Entity>> {
  const detail = await askConsole(address, "GET", `/api/v1/clusters/${encodeURIComponent(slug)}`, ClusterDetail);
  return new Map(detail.entities.map(({ key, entity }) => [key, entity]));
}

/** The one cluster that holds this key; with `said` that one. @throws CliError when none does, or more than one */
export async function clusterHolding(address: ConsoleAddress, key: string, said: string | undefined): Promise<string> {
  if (said !== undefined) return said;
  const { clusters } = await clusterList(address);
  const found: string[] = [];
  for (const { slug } of clusters) if ((await viewOf(address, slug)).has(key)) found.push(slug);
  const [slug, ...more] = found;
  const name = key.slice(key.indexOf(":") + 1);
  if (slug === undefined) throw new CliError(`No cluster of this console has ${name}.`, 2);
  if (more.length > 0) throw new CliError(`${name} is in ${found.join(" and in ")}: say which with --cluster SLUG.`, 2);
  return slug;
}
