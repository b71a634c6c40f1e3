// SPDX-License-Identifier: Apache-2.0
import Link from "next/link";
import { Fragment } from "react";
import type { EntityOf } from "@/agent/protocol/console/view";
import { StateWord } from "@/components/ui/StateWord";

type Step = EntityOf<"mount">["standsOn"][number];

interface StandsOnProps {
  slug: string;
  standsOn: readonly Step[];
  /** The kernel's word, where sysfs knows nothing of it. */
  device: string;
  /** What is said of the whole: not said again of the step it comes from. */
  told: string;
}

/** What a device stands on as one line: "drbd1 (mail) → md0 → e0.0 at jade, e1.0 at onyx". */
export function StandsOn({ slug, standsOn, device, told }: StandsOnProps) {
  if (standsOn.length === 0) return <code>{device}</code>;
  const depths = [...new Set(standsOn.map(({ depth }) => depth))];
  return depths.map((depth, at) => (
    <Fragment key={depth}>
      {at > 0 && (
        <>
          {" "}
          <span className="d3">→</span>{" "}
        </>
      )}
      {standsOn
        .filter((step) => step.depth === depth)
        .map((step, index) => (
          <Fragment key={step.device}>
            {index > 0 && ", "}
            <OneStep slug={slug} step={step} told={told} />
          </Fragment>
        ))}
    </Fragment>
  ));
}

function OneStep({ slug, step, told }: { slug: string; step: Step; told: string }) {
  const resource = step.kind === "drbd" ? /^mirror:(.+)\/\d+$/.exec(step.key ?? "")?.[1] : undefined;
  return (
    <>
      <span className="leg">
        <code>{step.device}</code>
        {resource !== undefined && (
          <>
            {" ("}
            <Link href={`/c/${slug}/drbd/${encodeURIComponent(resource)}`}>{resource}</Link>)
          </>
        )}
        {step.at !== null && ` at ${step.at}`}
      </span>
      {step.said !== null && step.said.level !== "ok" && told !== `${step.device}: ${step.said.word}` && (
        <>
          {" "}
          <StateWord small said={step.said} />
        </>
      )}
    </>
  );
}
