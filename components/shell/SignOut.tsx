// SPDX-License-Identifier: Apache-2.0
"use client";
import { useState } from "react";
import { Button } from "@/components/ui/Button";

/** Ends the session at the console, then goes to the sign-in page. */
export function SignOut() {
  const [phase, setPhase] = useState<"idle" | "asking" | "failed">("idle");
  const signOut = async () => {
    setPhase("asking");
    const answer = await fetch("/api/v1/session", { method: "DELETE" }).catch(() => null);
    // 401: there was no session any more, which is what was wanted.
    if (answer?.ok || answer?.status === 401) location.assign("/sign-in");
    else setPhase("failed");
  };
  return (
    <>
      {phase === "failed" && (
        <span role="alert" className="risk">
          not signed out: the console did not answer
        </span>
      )}
      <Button small onClick={signOut} disabled={phase === "asking"}>
        Sign out
      </Button>
    </>
  );
}
