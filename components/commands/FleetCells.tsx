// SPDX-License-Identifier: Apache-2.0
import { Lasting } from "@/components/live/Age";
import type { Entry } from "@/components/live/store";
import { unbroken } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { sayTakeDown } from "./verdict";

/** In a cluster's row: which of its nodes may be taken down now, in a phrase. That all may is normal, and has no sign. */
export function TakeDown({ verdicts }: { verdicts: readonly Entry<"safety">[] }) {
  const all = verdicts.map(([, verdict]) => verdict);
  const says = sayTakeDown(all);
  if (says === "") return null;
  const has = (answer: "no" | "unknown") => all.some((one) => one.answer === answer);
  return (
    <span className="may-go s12">
      {has("no") ? <Icon shape="stop" /> : has("unknown") && <Icon shape="unknown" />} {says}
    </span>
  );
}

/** In a cluster's row: the commands under way. */
export function RowRuns({ runs }: { runs: readonly Entry<"run">[] }) {
  return runs
    .filter(([, { outcome }]) => outcome === null)
    .map(([key, { title, by, startedAtMs, phases }]) => (
      <p key={key} className="why">
        <Icon shape="busy" /> {by}: <b>{title}</b>, {unbroken(phases.at(-1)?.says) ?? "begins"}, <Lasting sinceMs={startedAtMs} />
      </p>
    ));
}
