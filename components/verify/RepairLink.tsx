// SPDX-License-Identifier: Apache-2.0
import Link from "next/link";
import { mirrorHref, nameOf, partOf } from "./progress";

/** The way to the steps that bring marked blocks into line: they stand on the mirror's own page. */
export function RepairLink({ mirror }: { mirror: { cluster: string; resource: string; volume: number } }) {
  return (
    <Link
      className="btn s"
      href={`${mirrorHref(mirror)}#${partOf("repair", mirror.volume)}`}
      aria-label={`Steps to repair ${nameOf(mirror)}`}
    >
      Steps to repair
    </Link>
  );
}
