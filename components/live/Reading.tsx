// SPDX-License-Identifier: Apache-2.0

import type { ReactNode } from "react";
import { whatHappened } from "@/agent/protocol/console/reason";
import type { EntityOf } from "@/agent/protocol/console/view";
import { unbroken } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { Age, Since } from "./Age";
import { standingOf } from "./standing";
import { useClockText } from "./use-live";

export interface ReadingProps {
  slug: string;
  /** Key of the source entity: `source:<node>/<source>`. */
  of: string;
  source: EntityOf<"source"> | undefined;
  /** What is not there when it is not there: "bonds" gives "no bonds here". */
  what: string;
  /** True when the source was read and holds none of these. */
  isEmpty: boolean;
  /** Off where the sentence about old values already stands for the whole column. */
  tells?: boolean;
  /** Off where the age is printed elsewhere for the whole layer. */
  aged?: boolean;
  /** Off where the parts that could not be read are told elsewhere. */
  unread?: boolean;
  children: ReactNode;
}

/** Values with the standing of their source: fresh with an age, old where they stand, absent, unreadable or not yet read. */
export function Reading({ slug, of, source, what, isEmpty, tells = true, aged = true, unread = true, children }: ReadingProps) {
  const standing = standingOf(source);
  switch (standing.is) {
    case "pending":
      return (
        <Remark shape="unknown">
          <NotYet slug={slug} what={what} />
        </Remark>
      );
    case "absent":
      return (
        <Remark shape="absent">
          no {what} here <Age slug={slug} of={of} />
        </Remark>
      );
    case "failed":
      return <Remark shape="unknown">could not read: {unbroken(whatHappened(standing.reason))}</Remark>;
    case "old":
      return (
        <div className="stale">
          {standing.wasAbsent || isEmpty ? <p className="was">no {what} here then</p> : children}
          {tells && <NotRead sinceMs={standing.sinceMs} reason={standing.reason} />}
        </div>
      );
    case "fresh":
      if (isEmpty)
        return (
          <Remark shape="absent">
            no {what} here <Age slug={slug} of={of} />
          </Remark>
        );
      return (
        <>
          {children}
          {unread &&
            source?.unread.map(({ what: part, message }) => (
              <Remark key={part} shape="unknown">
                {part}: could not read: {unbroken(whatHappened(message))}
              </Remark>
            ))}
          {aged && (
            <p className="age-at">
              <Age slug={slug} of={of} />
            </p>
          )}
        </>
      );
  }
}

/** What a recording does not hold will not come. */
function NotYet({ slug, what }: { slug: string; what: string }) {
  return useClockText(({ recordedAtMs }) => (recordedAtMs(slug) === null ? `${what} not read yet` : `no ${what} in this recording`));
}

/** "not read since 13:58:02, 4 min 43 s ago", in full ink, with the reason where one is known. */
export function NotRead({ sinceMs, reason }: { sinceMs: number | null; reason: string | null }) {
  return (
    <p className="age is-old">
      <Icon shape="old" /> not read <Since atMs={sinceMs} />
      {reason !== null && <span className="reason">{unbroken(whatHappened(reason))}</span>}
    </p>
  );
}

function Remark({ shape, children }: { shape: "absent" | "unknown"; children: ReactNode }) {
  return (
    <p className={shape === "absent" ? "remark d3" : "remark d2"}>
      <Icon shape={shape} /> {children}
    </p>
  );
}
