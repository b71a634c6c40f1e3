// SPDX-License-Identifier: Apache-2.0
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { shellProps } from "@/app/(console)/session";
import { DrbdPanel } from "@/components/drbd/DrbdPanel";
import { ConsoleShell } from "@/components/shell/ConsoleShell";
import { door } from "@/server/door";

interface Props {
  params: Promise<{ cluster: string; resource: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { cluster, resource } = await params;
  return { title: `${decodeURIComponent(resource)}, ${cluster}` };
}

export default async function ResourcePage({ params }: Props) {
  const { cluster, resource } = await params;
  const name = decodeURIComponent(resource);
  const shell = await shellProps();
  if (!door().hasCluster(cluster)) notFound();
  const initial = door().snapshot({ of: "cluster", slug: cluster });
  const entities = Object.values(initial.clusters[cluster] ?? {});
  if (!entities.some((entity) => (entity.kind === "mirror" || entity.kind === "drbd") && entity.resource === name)) notFound();
  const crumbs = [
    { name: cluster, href: `/c/${cluster}` },
    { name, href: `/c/${cluster}/drbd/${resource}` },
  ];
  return (
    <ConsoleShell {...shell} initial={initial} crumbs={crumbs}>
      <DrbdPanel slug={cluster} resource={name} />
    </ConsoleShell>
  );
}
