// SPDX-License-Identifier: Apache-2.0
"use client";
import Link from "next/link";
import { useState } from "react";
import type { AgentList, ClusterChange, ClusterList, NewCluster } from "@/agent/protocol/console/api";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { EmptyState } from "@/components/ui/EmptyState";
import { Env } from "@/components/ui/Env";
import { Field } from "@/components/ui/Field";
import { formatCount } from "@/components/ui/format";
import { Act } from "./Act";
import { ActDialog } from "./ActDialog";
import { Asked } from "./Asked";
import { SlugField } from "./SlugField";

type Cluster = ClusterList["clusters"][number];

export interface ClustersViewProps {
  clusters: readonly Cluster[] | null;
  agents: AgentList["agents"] | null;
  error: Error | null;
  onAdd: (cluster: NewCluster) => Promise<unknown>;
  onChange: (slug: string, words: ClusterChange) => Promise<unknown>;
  onRemove: (slug: string) => Promise<unknown>;
}

type Doing = { what: "add" } | { what: "change" | "remove"; cluster: Cluster };

/** The clusters that this console knows by name, and the environment each belongs to. */
export function ClustersView({ clusters, agents, error, onAdd, onChange, onRemove }: ClustersViewProps) {
  const [doing, setDoing] = useState<Doing | null>(null);
  const close = () => setDoing(null);
  return (
    <>
      <h1>Clusters</h1>
      <section aria-label="Clusters">
        <p className="d2">
          A cluster is a record of this console. Its short name stands in addresses and stays; its title and environment are yours to
          change.
        </p>
        <p className="acts">
          <Act word="Add a cluster…" label="Add a cluster…" onClick={() => setDoing({ what: "add" })} />
        </p>
        <Asked answer={clusters} error={error}>
          {(list) => <Clusters clusters={list} agents={agents} onDo={setDoing} />}
        </Asked>
      </section>
      {doing?.what === "add" && (
        <ActDialog
          title="Add a cluster"
          verb="Add it"
          onAct={(form) => onAdd({ slug: form("slug"), ...wordsOf(form, form("slug")) })}
          onClose={close}
        >
          <SlugField label="Short name" hint="As in addresses: san-a. It cannot be changed later." />
          <Words />
        </ActDialog>
      )}
      {doing?.what === "change" && (
        <ActDialog
          title={`Title and environment of ${doing.cluster.slug}`}
          verb="Save"
          onAct={(form) => onChange(doing.cluster.slug, wordsOf(form, doing.cluster.slug))}
          onClose={close}
        >
          <Words cluster={doing.cluster} />
        </ActDialog>
      )}
      {doing?.what === "remove" && (
        <ActDialog
          title={`Remove ${doing.cluster.slug}`}
          verb={`Remove ${doing.cluster.slug}`}
          keep="Keep it"
          typed={doing.cluster.slug}
          onAct={() => onRemove(doing.cluster.slug)}
          onClose={close}
        >
          <p className="d2">
            Its events, findings and everything its nodes said are deleted here for good. Nothing is done to the cluster itself.
          </p>
        </ActDialog>
      )}
    </>
  );
}

function wordsOf(form: (name: string) => string, slug: string): ClusterChange {
  return { title: form("title").trim() || slug, environment: form("environment").trim() || null };
}

function Words({ cluster }: { cluster?: Cluster }) {
  return (
    <>
      <Field
        label="Title"
        name="title"
        maxLength={60}
        defaultValue={cluster?.title ?? ""}
        hint="What people call it; empty for its short name."
      />
      <Field
        label="Environment"
        name="environment"
        maxLength={12}
        list="environments"
        defaultValue={cluster?.environment ?? ""}
        autoComplete="off"
        hint="PROD, TEST, …: shown wherever the cluster's name stands. Empty for none."
      />
      <datalist id="environments">
        {["PROD", "STAGE", "TEST", "DEV"].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}

interface ClustersProps {
  clusters: readonly Cluster[];
  agents: AgentList["agents"] | null;
  onDo: (doing: Doing) => void;
}

function Clusters({ clusters, agents, onDo }: ClustersProps) {
  if (clusters.length === 0)
    return (
      <EmptyState title="No cluster yet">
        <p>Add one here, or together with its first node.</p>
      </EmptyState>
    );
  return (
    <table className="p cards">
      <ColumnHeads names={["Cluster", "Short name", "Environment", "Agents"]} acts />
      <tbody>
        {clusters.map((cluster) => {
          const { slug, title, environment } = cluster;
          const trusted = agents?.filter((agent) => agent.cluster === slug && agent.trustEndedAtMs === null).length ?? null;
          const isHeld = trusted !== null && trusted > 0;
          return (
            <tr key={slug}>
              <th scope="row">
                <Link className="go" href={`/c/${slug}`}>
                  {title}
                </Link>
              </th>
              <td data-th="Short name">
                <code>{slug}</code>
              </td>
              <td data-th="Environment">
                {environment === null ? <span className="d3">not said</span> : <Env environment={environment} />}
              </td>
              <td data-th="Agents">{trusted === null ? <span className="d3">not known</span> : formatCount(trusted, "agent")}</td>
              <td className="acts">
                <Act word="Change…" label={`Change title and environment of ${slug}…`} onClick={() => onDo({ what: "change", cluster })} />
                <Act
                  word="Remove…"
                  label={`Remove ${slug}…`}
                  refusedBy={isHeld ? `held-${slug}` : undefined}
                  onClick={() => onDo({ what: "remove", cluster })}
                />
                {isHeld && <small id={`held-${slug}`}>to remove it, end the trust in its agents first</small>}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
