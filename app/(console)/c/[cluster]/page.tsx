// SPDX-License-Identifier: Apache-2.0
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { shellProps } from "@/app/(console)/session";
import { ClusterPanel } from "@/components/cluster/ClusterPanel";
import { ConsoleShell } from "@/components/shell/ConsoleShell";
import { door } from "@/server/door";

interface Props {
  params: Promise<{ cluster: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).cluster };
}

export default async function ClusterPage({ params }: Props) {
  const { cluster } = await params;
  const shell = await shellProps();
  if (!door().hasCluster(cluster)) notFound();
  return (
    <ConsoleShell
      {...shell}
      initial={door().snapshot({ of: "cluster", slug: cluster })}
      crumbs={[{ name: cluster, href: `/c/${cluster}` }]}
    >
      <ClusterPanel slug={cluster} mayEnrol={shell.role === "admin"} />
    </ConsoleShell>
  );
}
