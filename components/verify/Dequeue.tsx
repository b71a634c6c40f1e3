// SPDX-License-Identifier: Apache-2.0
"use client";
import { useMutation } from "@tanstack/react-query";
import { Button } from "@/components/ui/Button";

/** Takes a mirror out of the queue: nothing was begun, so nothing is asked. */
export function Dequeue({ name, onTake }: { name: string; onTake: () => Promise<unknown> }) {
  const take = useMutation({ mutationFn: onTake });
  return (
    <span>
      <Button small onClick={() => take.mutate()} disabled={take.isPending} aria-label={`Take out of the queue: ${name}`}>
        Take out
      </Button>
      {take.error && (
        <small role="alert" className="bad">
          {take.error.message}
        </small>
      )}
    </span>
  );
}
