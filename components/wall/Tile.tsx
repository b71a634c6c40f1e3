// SPDX-License-Identifier: Apache-2.0
import { Since, When } from "@/components/live/Age";
import { isSilent, useClockText } from "@/components/live/use-live";
import { Env } from "@/components/ui/Env";
import { formatMinutes, formatPercent, formatSeconds, formatWhen, unbroken } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { LABEL, type WallCluster } from "./wall";

const NOTES = { lead: 4, other: 1 } as const;

/** A cluster that wants a person. A silent one is old as a whole: it says since when, and what it said last. */
export function Tile({ one, isLead }: { one: WallCluster; isLead: boolean }) {
  const Title = isLead ? "h1" : "h2";
  const notes = one.notes.slice(0, isLead ? NOTES.lead : NOTES.other);
  const more = one.notes.length - notes.length;
  return (
    <section className={`tile ${isLead ? "lead" : ""} is-${one.isSilent ? "old" : one.level}`} aria-label={one.title}>
      <p className="nm">
        <Icon shape={one.isSilent ? "old" : one.level} />
        <b>{one.title}</b> <Env environment={one.environment} />
        <small>
          {one.isSilent ? "silent" : LABEL[one.level]}
          {one.sinceMs !== null && !one.isSilent && <Lasts sinceMs={one.sinceMs} />}
        </small>
      </p>
      {one.isSilent ? (
        <>
          <Title>
            No word <Since atMs={one.lastWordAtMs} />
          </Title>
          <p>{unbroken(one.says)}</p>
        </>
      ) : (
        <>
          <Title>{unbroken(one.says)}</Title>
          {one.why && (!isLead || one.moving === null) && <p className="why">{unbroken(one.why)}</p>}
        </>
      )}
      {!one.isSilent && isLead && one.moving && <Moving moving={one.moving} mustStay={one.mustStay} />}
      <ul className="notes">
        {one.held.map(({ node, owner, endsAtMs }) => (
          <li key={node ?? "*"}>
            <Icon shape="held" />
            <span>
              {node ?? "all of it"} held{owner !== null && ` by ${owner}`}
              {endsAtMs !== null && (
                <>
                  {" "}
                  until <When atMs={endsAtMs} />
                </>
              )}
            </span>
          </li>
        ))}
        {notes.map(({ key, shape, text, follow = 0 }, index) => (
          <li key={key}>
            <Icon shape={shape} />
            <span>
              {unbroken(text)}
              {follow > 0 && (
                <span className="d3">
                  {" "}
                  with {follow} that follow{follow === 1 ? "s" : ""}
                </span>
              )}
              {more > 0 && index === notes.length - 1 && <span className="d3"> and {more} more</span>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** " since 13:21, 43 min": without its console a screen prints no age. */
function Lasts({ sinceMs }: { sinceMs: number }) {
  return (
    <>
      {useClockText(({ nowMs, zone, line }) => {
        const since = ` since ${formatWhen(sinceMs, nowMs, zone)}`;
        return isSilent(line) ? since : `${since}, ${formatMinutes(nowMs - sinceMs)}`;
      })}
    </>
  );
}

function Moving({ moving, mustStay }: { moving: NonNullable<WallCluster["moving"]>; mustStay: readonly string[] }) {
  const { resource, from, to, towards, progress } = moving;
  const done = progress.kind === "resync" ? "synced" : "compared";
  return (
    <div className="moving">
      <p className="l">
        <span className="act">
          <Icon shape="busy" /> {resource} {formatPercent(progress.percent, 0)} {done}
        </span>
        <b>{progress.etaSeconds === null ? "" : `${formatSeconds(progress.etaSeconds * 1_000)} left`}</b>
      </p>
      <span className="bar">
        <i style={{ width: `${progress.percent}%` }} />
      </span>
      <p className="ends">
        {[from, to].map((node) => (
          <span key={node}>
            <b>{node}</b>
            <small>
              {mustStay.includes(node) ? (
                <>
                  <Icon shape="stop" /> must stay up
                </>
              ) : (
                node === towards && (
                  <>
                    <Icon shape="risk" /> not complete yet
                  </>
                )
              )}
            </small>
          </span>
        ))}
      </p>
    </div>
  );
}
