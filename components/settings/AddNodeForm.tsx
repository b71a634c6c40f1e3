// SPDX-License-Identifier: Apache-2.0
"use client";
import { type FormEvent, useId, useState } from "react";
import type { ClusterList, NewCluster, NewEnrollment } from "@/agent/protocol/console/api";
import { readForm } from "@/components/session/read-form";
import { Button } from "@/components/ui/Button";
import { Field } from "@/components/ui/Field";
import { SlugField } from "./SlugField";

/** No cluster's slug begins with a blank. */
const NEW_CLUSTER = " new";

export interface AddNodeFormProps {
  clusters: ClusterList["clusters"] | null;
  isEnrolling: boolean;
  onEnrol: (cluster: NewCluster | null, enrollment: NewEnrollment) => void;
}

export function AddNodeForm({ clusters, isEnrolling, onEnrol }: AddNodeFormProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const ids = { cluster: useId(), role: useId() };
  const cluster = chosen ?? clusters?.[0]?.slug ?? NEW_CLUSTER;
  const isNew = cluster === NEW_CLUSTER;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = readForm(event.currentTarget);
    const slug = isNew ? form("slug") : cluster;
    const made = isNew ? { slug, title: form("slug"), environment: form("environment").trim() || null } : null;
    onEnrol(made, { cluster: slug, node: form("node"), role: form("role") === "client" ? "client" : "member" });
    if (isNew) setChosen(slug);
  };
  return (
    <form className="add-node" onSubmit={submit} aria-label="Add a node">
      <p className="field">
        <label htmlFor={ids.cluster}>Cluster</label>
        <select id={ids.cluster} name="cluster" value={cluster} onChange={(event) => setChosen(event.target.value)}>
          {(clusters ?? []).map(({ slug, title }) => (
            <option key={slug} value={slug}>
              {title}
            </option>
          ))}
          {!isNew && !clusters?.some(({ slug }) => slug === cluster) && <option value={cluster}>{cluster}</option>}
          <option value={NEW_CLUSTER}>a new cluster</option>
        </select>
      </p>
      {isNew && (
        <>
          <SlugField label="Its name" hint="As in addresses: san-a" />
          <Field label="Environment" name="environment" maxLength={12} hint="PROD, TEST, or nothing" />
        </>
      )}
      <p className="field">
        <label htmlFor={ids.role}>Role</label>
        <select id={ids.role} name="role" defaultValue="member">
          <option value="member">member: Pacemaker or DRBD</option>
          <option value="client">client: uses the storage</option>
        </select>
      </p>
      <Field
        label="Node name"
        name="node"
        required
        pattern="[A-Za-z0-9][A-Za-z0-9._\-]{0,62}"
        maxLength={63}
        spellCheck={false}
        autoCapitalize="none"
        hint="As uname -n says it"
      />
      <Button type="submit" prime disabled={isEnrolling}>
        {isEnrolling ? "Asking for the command" : "Make the command"}
      </Button>
    </form>
  );
}
