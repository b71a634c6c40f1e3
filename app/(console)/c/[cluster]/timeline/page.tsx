// SPDX-License-Identifier: Apache-2.0
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { shellProps } from "@/app/(console)/session";
import { ConsoleShell } from "@/components/shell/ConsoleShell";
import { TIMELINE } from "@/components/shell/places";
import { TimelinePanel } from "@/components/timeline/TimelinePanel";
import { door } from "@/server/door";

interface Props {
  params: Promise<{ cluster: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Timeline of ${(await params).cluster}` };
}

export default async function TimelinePage({ params }: Props) {
  const { cluster } = await params;
  const shell = await shellProps();
  if (!door().hasCluster(cluster)) notFound();
  const crumbs = [
    { name: cluster, href: `/c/${cluster}` },
    { name: TIMELINE.name, href: TIMELINE.of(cluster) },
  ];
  return (
    <ConsoleShell {...shell} initial={door().snapshot({ of: "cluster", slug: cluster })} crumbs={crumbs}>
      <TimelinePanel slug={cluster} user={shell.user} userRole={shell.role} />
    </ConsoleShell>
  );
}
