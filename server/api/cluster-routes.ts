// SPDX-License-Identifier: Apache-2.0
import { ClusterChange, type ClusterDetail, type ClusterList, NewCluster } from "@/agent/protocol/console/api";
import { keyOf, type View } from "@/agent/protocol/console/view";
import { audited } from "@/server/audit/audited";
import { type Refusal, refusal } from "@/server/auth/refusal";
import type { Cluster } from "@/server/db/clusters";
import { bodyOf, refused } from "./answer";
import { askerOf } from "./asker";
import type { Route } from "./routes";
import { sourced } from "./sourced";

function nodesOf(view: View, nowMs: number): ClusterList["clusters"][number]["nodes"] {
  return [...view.values()].flatMap((entity) => {
    if (entity.kind !== "node") return [];
    const { name, role, link, state, lastWordAtMs } = entity;
    return [{ name, role, link, state: state.word, lastWordAtMs, ageMs: lastWordAtMs === null ? null : Math.max(0, nowMs - lastWordAtMs) }];
  });
}

function outline(cluster: Cluster, view: View | null, nowMs: number): ClusterList["clusters"][number] {
  const entity = view?.get(keyOf.cluster);
  const nodes = view ? nodesOf(view, nowMs) : [];
  if (entity?.kind !== "cluster") {
    return { ...cluster, level: "unknown", headline: `Nothing is known of ${cluster.title} yet.`, why: null, sinceMs: null, nodes };
  }
  const { slug, title, environment, headline, sinceMs } = entity;
  return { slug, title, environment, level: headline.level, headline: headline.word, why: headline.why, sinceMs, nodes };
}

const UNKNOWN = "There is no such cluster.";

export const clusterRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/clusters",
    needs: "viewer",
    async handle(c, deps) {
      const kept = await deps.db.clusters.listClusters();
      const atMs = deps.now();
      const clusters = kept.map((cluster) => outline(cluster, deps.viewOf(cluster.slug), atMs));
      return c.json({ atMs, clusters } satisfies ClusterList);
    },
  },
  {
    method: "POST",
    path: "/api/v1/clusters",
    needs: "admin",
    async handle(c, deps) {
      const body = await bodyOf(c, NewCluster);
      if (!body.ok) return body.answer;
      if ((await deps.db.recordings.has(body.value.slug)) || !(await deps.db.clusters.addCluster(body.value))) {
        return refused(c, refusal("CLUSTER_NAME_TAKEN", `There is a cluster ${body.value.slug} already.`));
      }
      deps.onClusterAdded(body.value);
      return c.json(body.value, 201);
    },
  },
  {
    method: "GET",
    path: "/api/v1/clusters/:slug",
    needs: "viewer",
    async handle(c, deps) {
      const slug = c.req.param("slug") ?? "";
      const view = deps.viewOf(slug);
      if (!view) return refused(c, refusal("CLUSTER_UNKNOWN", UNKNOWN));
      const atMs = deps.now();
      const entities = [...view].map(([key, entity]) => sourced(key, entity, view, atMs));
      return c.json({ atMs, slug, entities } satisfies ClusterDetail);
    },
  },
  {
    method: "PUT",
    path: "/api/v1/clusters/:slug",
    needs: "admin",
    async handle(c, deps) {
      const body = await bodyOf(c, ClusterChange);
      if (!body.ok) return body.answer;
      const cluster = { slug: c.req.param("slug") ?? "", ...body.value };
      if (!(await deps.db.clusters.changeCluster(cluster))) return refused(c, refusal("CLUSTER_UNKNOWN", UNKNOWN));
      deps.onClusterChanged(cluster);
      return c.json(cluster);
    },
  },
  {
    method: "DELETE",
    path: "/api/v1/clusters/:slug",
    needs: "admin",
    async handle(c, deps, session) {
      const slug = c.req.param("slug") ?? "";
      const known = (await deps.db.clusters.listClusters()).find((cluster) => cluster.slug === slug);
      if (!known) return refused(c, refusal("CLUSTER_UNKNOWN", UNKNOWN));
      const ask = { verb: "cluster.remove", args: { cluster: slug, title: known.title } };
      // It is the console's own to tell: the cluster and its timeline are gone with it.
      const change = { cluster: "", ask, title: `Remove the cluster ${known.title} (${slug})`, about: [], accepted: [] };
      const remove = async (): Promise<{ ok: true } | Refusal> => {
        const removed = await deps.db.clusters.removeCluster(slug);
        if (removed.did === "done") return { ok: true };
        if (removed.did !== "trusted") return refusal("CLUSTER_UNKNOWN", UNKNOWN);
        const message = `Agents of ${slug} are still trusted: ${removed.nodes.join(", ")}. End their trust first.`;
        return refusal("CLUSTER_HAS_AGENTS", message);
      };
      const made = await audited(deps.journal, askerOf(c, session), change, remove, (done) => (done.ok ? null : done.message));
      if (!made.ok) return refused(c, made);
      deps.onClusterRemoved(slug);
      return c.body(null, 204);
    },
  },
];
