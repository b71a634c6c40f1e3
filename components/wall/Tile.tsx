// SPDX-License-Identifier: Apache-2.0
import type { CSSProperties } from "react";
import { When } from "@/components/live/Age";
import { isSilent, useClockText } from "@/components/live/use-live";
import { Env } from "@/components/ui/Env";
import { formatCount, formatMinutes, formatWhen, unbroken } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { type Layout, leadSize } from "./lay-out";
import { Moving } from "./Moving";
import { LABEL, type WallCluster } from "./wall";

interface TileProps {
  one: WallCluster;
  /** The first of those that are not alike, and the only one. */
  isLead: boolean;
  form: Layout["form"];
}

/** A cluster that wants a person. A silent one is old as a whole: it says since when, and what it said last. */
export function Tile({ one, isLead, form }: TileProps) {
  const Title = isLead ? "h1" : "h2";
  const isCompact = form === "compact";
  const size: CSSProperties & Record<"--lead", number> = { "--lead": leadSize(one.isSilent ? "" : one.says) };
  return (
    <section
      className={`tile ${isLead ? "lead" : isCompact ? "compact" : ""} is-${one.isSilent ? "old" : one.level}`}
      aria-label={one.title}
      style={size}
    >
      <p className="whose">
        <Icon shape={one.isSilent ? "old" : one.level} />
        <b>{one.title}</b>
        {!isCompact && <Env environment={one.environment} />}
        <small>{isCompact ? <Lasted sinceMs={one.isSilent ? one.lastWordAtMs : one.sinceMs} /> : isLead && <Lasts one={one} />}</small>
      </p>
      {!isCompact && !isLead && (
        <p className="lasts">
          <Lasts one={one} />
        </p>
      )}
      <div className="said">
        <Title>{one.isSilent ? <Silent atMs={one.lastWordAtMs} isShort={isCompact} /> : unbroken(one.says)}</Title>
        {!isCompact && one.isSilent && (
          <p className="why">Until then: {unbroken(one.level === "ok" ? "nothing known was wrong" : one.says)}</p>
        )}
        {!isCompact && !one.isSilent && one.why && (!isLead || one.moving === null) && <p className="why">{unbroken(one.why)}</p>}
        {!one.isSilent && isLead && one.moving && <Moving moving={one.moving} mustStay={one.mustStay} />}
      </div>
      {!isCompact && !one.isSilent && <Notes one={one} most={isLead ? (one.moving ? 2 : 4) : 1} />}
    </section>
  );
}

function Notes({ one, most }: { one: WallCluster; most: number }) {
  const notes = one.notes.slice(0, most);
  const more = one.notes.length - notes.length;
  return (
    <ul className="notes">
      {one.rulesOff > 0 && (
        <li>
          <Icon shape="held" />
          <span>{formatCount(one.rulesOff, "rule")} switched off</span>
        </li>
      )}
      {one.held.slice(0, 1).map(({ node, owner, endsAtMs }) => (
        <li key={node ?? "*"}>
          <Icon shape="held" />
          <span>
            {node} in maintenance{owner === null ? ", nobody says why" : ` by ${owner}`}
            {endsAtMs !== null && (
              <>
                {" "}
                until <When atMs={endsAtMs} />
              </>
            )}
            {one.held.length > 1 && <span className="d3"> and {one.held.length - 1} more</span>}
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
          </span>
          {more > 0 && index === notes.length - 1 && <small className="d3">and {more} more</small>}
        </li>
      ))}
    </ul>
  );
}

/** "No word since 13:21:05, 43 min ago": without its console, and where there is no room, the moment alone. */
function Silent({ atMs, isShort }: { atMs: number | null; isShort: boolean }) {
  const text = useClockText(({ nowMs, zone, line }) => {
    if (atMs === null) return "since it was added";
    const since = `since ${formatWhen(atMs, nowMs, zone)}`;
    return isShort || isSilent(line) ? since : `${since}, ${formatMinutes(nowMs - atMs)} ago`;
  });
  return <>No word {text}</>;
}

/** "broken since 13:21:05, 43 min": without its console a screen prints no age. */
function Lasts({ one: { isSilent: isOld, level, sinceMs } }: { one: WallCluster }) {
  const since = useClockText(({ nowMs, zone, line }) => {
    if (sinceMs === null || isOld) return "";
    const moment = ` since ${formatWhen(sinceMs, nowMs, zone)}`;
    return isSilent(line) ? moment : `${moment}, ${formatMinutes(nowMs - sinceMs)}`;
  });
  return <>{isOld ? "silent" : `${LABEL[level]}${since}`}</>;
}

/** "43 min", or without a console the moment. */
function Lasted({ sinceMs }: { sinceMs: number | null }) {
  const text = useClockText(({ nowMs, zone, line }) => {
    if (sinceMs === null) return "";
    // The largest unit alone: "4 h".
    return isSilent(line) ? formatWhen(sinceMs, nowMs, zone) : (/^\S+\s\S+/.exec(formatMinutes(nowMs - sinceMs))?.[0] ?? "");
  });
  return <>{text}</>;
}
