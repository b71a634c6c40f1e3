// SPDX-License-Identifier: Apache-2.0
"use client";
import { BareBar } from "@/components/shell/BareBar";
import { Button } from "@/components/ui/Button";
import { EmptyState } from "@/components/ui/EmptyState";

/** A page that could not be made. It says so, and never shows a cluster as fine or as broken because of it. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <>
      <BareBar />
      <main className="alone" role="alert">
        <EmptyState title="This page could not be shown">
          <p>The fault is in the console, not in a cluster: nothing can be told about the clusters from it.</p>
          {error.digest && (
            <p className="d3">
              The console's log has more under <code>{error.digest}</code>.
            </p>
          )}
          <p>
            <Button prime onClick={reset}>
              Try again
            </Button>
          </p>
        </EmptyState>
      </main>
    </>
  );
}
