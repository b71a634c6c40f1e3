// SPDX-License-Identifier: Apache-2.0
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { shellProps } from "@/app/(console)/session";
import { SettingsShell } from "@/app/(console)/settings/SettingsShell";
import { NodeSettingsPanel } from "@/components/settings/NodeSettingsPanel";
import { door } from "@/server/door";

interface Props {
  params: Promise<{ cluster: string; node: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { cluster, node } = await params;
  return { title: `Settings of ${decodeURIComponent(node)}, ${cluster}` };
}

export default async function NodeSettingsPage({ params }: Props) {
  const { cluster, node } = await params;
  const shell = await shellProps();
  if (!door().hasCluster(cluster)) notFound();
  return (
    <SettingsShell shell={shell} here="nodes" scope={{ of: "cluster", slug: cluster }}>
      <NodeSettingsPanel slug={cluster} name={decodeURIComponent(node)} />
    </SettingsShell>
  );
}
