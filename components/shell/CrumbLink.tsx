// SPDX-License-Identifier: Apache-2.0
"use client";
import Link from "next/link";
import { keyOf } from "@/agent/protocol/console/keys";
import { useEntity } from "@/components/live/use-live";
import { Env } from "@/components/ui/Env";

const CLUSTER = /^\/c\/([^/]+)$/;

/** A step of the way here. A cluster's has its title, and beside it the environment: where one acts is to be plain on every page. */
export function CrumbLink({ name, href, isHere }: { name: string; href: string; isHere: boolean }) {
  const slug = CLUSTER.exec(href)?.[1] ?? "";
  const cluster = useEntity(slug, "cluster", keyOf.cluster);
  return (
    <>
      <Link href={href} aria-current={isHere ? "page" : undefined}>
        {cluster?.title ?? name}
      </Link>
      {cluster && cluster.environment !== null && (
        <span className="crumb-env">
          <Env environment={cluster.environment} />
        </span>
      )}
    </>
  );
}
