// SPDX-License-Identifier: Apache-2.0
"use client";
import { useMutation } from "@tanstack/react-query";
import type { ReceiverAnswer } from "@/agent/protocol/console/alerts";
import { Button } from "@/components/ui/Button";
import { formatDuration } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";

/** Sends a real message, and shows what the receiver answers. */
export function TestButton({ name, onTest }: { name: string; onTest: () => Promise<ReceiverAnswer> }) {
  const test = useMutation({ mutationFn: onTest });
  return (
    <>
      <Button small aria-label={`Send a test to ${name}`} disabled={test.isPending} onClick={() => test.mutate()}>
        {test.isPending ? "Sending…" : "Test"}
      </Button>
      <span role="status" className="test-answer">
        {test.data && (
          <span className={test.data.isOk ? "d2" : "risk"}>
            <Icon shape={test.data.isOk ? "ok" : "stop"} /> {test.data.says} ({formatDuration(test.data.tookMs)})
          </span>
        )}
        {test.error && (
          <span className="bad">
            <Icon shape="stop" /> {test.error.message}
          </span>
        )}
      </span>
    </>
  );
}
