// SPDX-License-Identifier: Apache-2.0
"use client";
import Link from "next/link";
import type { UserRole } from "@/agent/protocol/console/api";
import { keyOf } from "@/agent/protocol/console/keys";
import type { VerifyOverview, VerifyQueueing } from "@/agent/protocol/console/verify";
import type { EntityOf } from "@/agent/protocol/console/view";
import { When } from "@/components/live/Age";
import { Button } from "@/components/ui/Button";
import { formatBytes, unbroken } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { ActButton } from "./ActButton";
import { AgeBar } from "./AgeBar";
import { LastRun, ResultWord } from "./LastRun";
import { MirrorMore } from "./MirrorMore";
import { OldWord } from "./OldWord";
import { differsSoFar, isOld, mirrorHref, nameOf, verifyingPair } from "./progress";
import { RunBars } from "./RunBars";

interface MirrorRowProps {
  mirror: VerifyOverview["mirrors"][number];
  /** As it is pushed; undefined: the view does not have it. */
  entity: EntityOf<"mirror"> | undefined;
  limitDays: number;
  userRole: UserRole;
  isOpen: boolean;
  onToggle: () => void;
  onQueue: (wanted: VerifyQueueing) => Promise<unknown>;
}

/** One mirror: how old its proof is, how the last run ended, what comes next. */
export function MirrorRow({ mirror, entity, limitDays, userRole, isOpen, onToggle, onQueue }: MirrorRowProps) {
  const { cluster, resource, volume, sizeBytes, versions, cleanAtMs, last, running, trend } = mirror;
  const name = nameOf(mirror);
  const old = isOld(entity);
  const id = `verify-${cluster}-${resource}-${volume}`;
  return (
    <>
      <tr className={`${isOpen ? "is-open" : ""}${old ? " stale" : ""}`.trim()}>
        <th scope="row">
          <Link href={mirrorHref(mirror)}>
            <code>{name}</code>
          </Link>
          <small>{[cluster, sizeBytes === null ? null : formatBytes(sizeBytes), versions || null].filter(Boolean).join(", ")}</small>
        </th>
        <td data-th="Clean since">
          <AgeBar cleanAtMs={cleanAtMs} limitDays={limitDays} />
        </td>
        <td data-th="Last run">
          {running === null ? (
            <LastRun last={last} />
          ) : (
            <>
              <ResultWord run={{ ...running, percent: verifyingPair(entity)?.progress.percent ?? null }} />
              <small>{saySoFar(differsSoFar(running, entity))}</small>
            </>
          )}
        </td>
        <td data-th="Last 12 runs">
          <RunBars runs={running === null ? trend : [...trend.filter(({ id: its }) => its !== running.id), running]} mirror={name} />
        </td>
        <td data-th="Next run">
          <NextRun mirror={mirror} />
        </td>
        <td className="acts">
          {old ? (
            <OldWord slug={cluster} mirror={entity} />
          ) : (
            <ActButton
              slug={cluster}
              about={keyOf.mirror(resource, volume)}
              verbs={running === null ? ["drbd.verify"] : ["drbd.verifyStop"]}
              word={running !== null ? "Stop…" : mirror.refusal === null ? "Verify…" : "Why not…"}
              label={
                running !== null
                  ? `Stop the verify of ${name}…`
                  : mirror.refusal === null
                    ? `Verify ${name}…`
                    : `Why not verify ${name} now…`
              }
            />
          )}
          <Button
            small
            onClick={onToggle}
            aria-expanded={isOpen}
            aria-controls={id}
            aria-label={isOpen ? `Close the details of ${name}` : `Details of ${name}`}
            data-row
          >
            {isOpen ? "Close" : "Details"}
          </Button>
        </td>
      </tr>
      {isOpen && (
        <tr className="verify-more" id={id}>
          <td colSpan={6}>
            <MirrorMore mirror={mirror} userRole={userRole} onQueue={onQueue} />
          </td>
        </tr>
      )}
    </>
  );
}

function saySoFar(differs: number | null): string {
  if (differs === null) return "what differs so far is not known";
  return differs === 0 ? "nothing differs so far" : `${formatBytes(differs)} differs so far`;
}

function NextRun({ mirror: { queued, next, refusal, running } }: Pick<MirrorRowProps, "mirror">) {
  return (
    <>
      {queued !== null ? (
        <>
          in the queue, place {queued.place}
          <small>{unbroken(queued.says)}</small>
        </>
      ) : next !== null ? (
        <>
          <When atMs={next.atMs} />
          <small>{unbroken(next.says)}</small>
        </>
      ) : (
        <span className="d3">none planned</span>
      )}
      {refusal !== null && running === null && (
        <small className="row-refusal">
          <Icon shape="stop" /> {unbroken(refusal)}
        </small>
      )}
    </>
  );
}
