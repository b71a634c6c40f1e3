// SPDX-License-Identifier: Apache-2.0
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { keyOf } from "@/agent/protocol/console/keys";
import { shellProps } from "@/app/(console)/session";
import { NodePanel } from "@/components/node/NodePanel";
import { ConsoleShell } from "@/components/shell/ConsoleShell";
import { door } from "@/server/door";

interface Props {
  params: Promise<{ cluster: string; node: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { cluster, node } = await params;
  return { title: `${decodeURIComponent(node)}, ${cluster}` };
}

export default async function NodePage({ params }: Props) {
  const { cluster, node } = await params;
  const name = decodeURIComponent(node);
  const shell = await shellProps();
  if (!door().hasCluster(cluster)) notFound();
  const initial = door().snapshot({ of: "cluster", slug: cluster });
  if (!initial.clusters[cluster]?.[keyOf.node(name)]) notFound();
  const crumbs = [
    { name: cluster, href: `/c/${cluster}` },
    { name, href: `/c/${cluster}/n/${node}` },
  ];
  return (
    <ConsoleShell {...shell} initial={initial} crumbs={crumbs}>
      <NodePanel slug={cluster} name={name} />
    </ConsoleShell>
  );
}
