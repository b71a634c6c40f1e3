// SPDX-License-Identifier: Apache-2.0
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { shellProps } from "@/app/(console)/session";
import { AvailabilityPanel } from "@/components/history/AvailabilityPanel";
import { ConsoleShell } from "@/components/shell/ConsoleShell";
import { AVAILABILITY } from "@/components/shell/places";
import { door } from "@/server/door";

interface Props {
  params: Promise<{ cluster: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Availability of ${(await params).cluster}` };
}

export default async function AvailabilityPage({ params }: Props) {
  const { cluster } = await params;
  const shell = await shellProps();
  if (!door().hasCluster(cluster)) notFound();
  const crumbs = [
    { name: cluster, href: `/c/${cluster}` },
    { name: AVAILABILITY.name, href: AVAILABILITY.of(cluster) },
  ];
  return (
    <ConsoleShell {...shell} initial={door().snapshot({ of: "cluster", slug: cluster })} crumbs={crumbs}>
      <AvailabilityPanel slug={cluster} />
    </ConsoleShell>
  );
}
