// SPDX-License-Identifier: Apache-2.0
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { shellProps } from "@/app/(console)/session";
import { AuditPanel } from "@/components/audit/AuditPanel";
import { ConsoleShell } from "@/components/shell/ConsoleShell";
import { AUDIT } from "@/components/shell/places";
import { door } from "@/server/door";

interface Props {
  params: Promise<{ cluster: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Audit of ${(await params).cluster}` };
}

export default async function ClusterAuditPage({ params }: Props) {
  const { cluster } = await params;
  const shell = await shellProps();
  if (!door().hasCluster(cluster)) notFound();
  const crumbs = [
    { name: cluster, href: `/c/${cluster}` },
    { name: AUDIT.name, href: AUDIT.of(cluster) },
  ];
  return (
    <ConsoleShell {...shell} initial={door().snapshot({ of: "cluster", slug: cluster })} crumbs={crumbs}>
      <AuditPanel slug={cluster} userRole={shell.role} />
    </ConsoleShell>
  );
}
