// SPDX-License-Identifier: Apache-2.0
import Link from "next/link";
import { EmptyState } from "@/components/ui/EmptyState";

/** What was asked for is not (or no longer) known to the console. */
export function NotThere({ what }: { what: string }) {
  return (
    <main className="alone">
      <h1 className="sr">Not there</h1>
      <EmptyState title={`${what} is not there`}>
        <p>The console knows nothing under this name. It may have been renamed or removed.</p>
        <p>
          <Link className="go" href="/">
            All clusters
          </Link>
        </p>
      </EmptyState>
    </main>
  );
}
