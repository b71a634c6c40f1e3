// SPDX-License-Identifier: Apache-2.0
import Link from "next/link";
import { Mark } from "@/components/ui/Mark";

/** The top bar of pages that show nothing of a cluster. */
export function BareBar() {
  return (
    <header className="top">
      <Link className="mark" href="/">
        <Mark />
        Quarterdeck
      </Link>
    </header>
  );
}
