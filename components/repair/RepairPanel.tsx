// SPDX-License-Identifier: Apache-2.0
"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { AskProvider } from "@/components/ask/AskProvider";
import { answers } from "@/components/ask/answers";
import { ask } from "@/components/ask/ask";
import { Refusal } from "@/components/ask/Refusal";
import { useActing } from "@/components/commands/acting";
import { bareTitle } from "@/components/commands/offer-title";
import { RepairView } from "./RepairView";

interface RepairPanelProps {
  slug: string;
  resource: string;
  volume: number;
  /** Changes when the mirror or a run of the repair does: then the steps are asked for anew. */
  revision: string;
}

/** What only the nodes' kernel logs show is asked for so often while a repair is half way. */
const HALF_WAY_MS = 4_000;

/** The steps to repair a mirror, asked for when the mirror moves. */
export function RepairPanel(props: RepairPanelProps) {
  return (
    <AskProvider>
      <Asked {...props} />
    </AskProvider>
  );
}

function Asked({ slug, resource, volume, revision }: RepairPanelProps) {
  const acting = useActing();
  const plan = useQuery({
    queryKey: ["repair", slug, resource, volume, revision],
    queryFn: () => ask("GET", `/api/v1/clusters/${slug}/mirrors/${encodeURIComponent(resource)}/${volume}/repair`, answers.repair),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.repairs.some(({ halfWay }) => halfWay !== null) ? HALF_WAY_MS : false),
  });
  const name = volume === 0 ? resource : `${resource}/${volume}`;
  if (plan.data === undefined)
    return plan.error ? <Refusal error={plan.error} /> : <p className="remark d3">asking the console for the steps to repair</p>;
  return (
    <>
      <Refusal error={plan.error} />
      {plan.data.repairs.map((repair) => (
        <RepairView
          key={repair.direction ? `${repair.direction.from} ${repair.direction.to}` : repair.says}
          name={name}
          repair={repair}
          userRole={acting?.userRole ?? null}
          onStep={(offer) => acting?.open({ what: "offer", slug, title: bareTitle(offer.title), offer, filled: {} })}
        />
      ))}
    </>
  );
}
