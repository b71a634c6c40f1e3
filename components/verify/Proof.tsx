// SPDX-License-Identifier: Apache-2.0
"use client";
import type { EntityOf } from "@/agent/protocol/console/view";
import { useClockText } from "@/components/live/use-live";
import { StateWord } from "@/components/ui/StateWord";
import { sayAge } from "./words";

/** The last verify of a mirror in a word with its age: quiet when well. Nothing where the console keeps no record of it. */
export function Proof({ verify }: { verify: EntityOf<"verify"> | undefined }) {
  const atMs = verify?.last?.endedAtMs ?? null;
  const age = useClockText(({ nowMs }) => (atMs === null ? "" : ` ${sayAge(nowMs - atMs)}\u00a0ago`));
  if (!verify) return null;
  const { said } = verify;
  const word = `${said.word}${age}`;
  const isQuiet = said.level === "ok" || said.level === "absent" || said.level === "unknown";
  return (
    <span className="proof">{isQuiet ? <span className="d3">{word}</span> : <StateWord small said={{ level: said.level, word }} />}</span>
  );
}

type Verifies = readonly (readonly [key: string, verify: EntityOf<"verify">])[];

/** What is proven of all mirrors of a cluster, in a phrase; nothing where no record is kept. */
export function ProofOfAll({ verifies }: { verifies: Verifies }) {
  const text = useClockText(({ nowMs }) => sayProofs(verifies, nowMs));
  return <>{text}</>;
}

export function sayProofs(verifies: Verifies, nowMs: number): string {
  if (verifies.length === 0) return "";
  const cleanAtMs = verifies.map(([, verify]) => verify.cleanAtMs);
  const never = cleanAtMs.filter((ms) => ms === null).length;
  if (never === verifies.length) return ", never verified clean";
  if (never > 0) return `, ${never} never verified clean`;
  const oldest = Math.min(...cleanAtMs.map((ms) => ms ?? 0));
  return `, ${verifies.length === 1 ? "" : "all "}verified clean within ${sayAge(nowMs - oldest)}`;
}
