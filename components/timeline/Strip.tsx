// SPDX-License-Identifier: Apache-2.0
"use client";
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import type { TimelineCounts } from "@/agent/protocol/console/timeline";
import { formatClock, formatCount, formatMoment } from "@/components/ui/format";
import { useWidth } from "@/components/ui/use-width";
import { barsOf, heightOf, ROW_WORDS, ROWS, totalsOf } from "./rows";
import { between, byKey, moved, ticksOf, type Window, zoomed } from "./window";

/** What a tick's words need: further right there is no room for them, and closer together they run into each other. Units: CSS px. */
const TICK_PX = 96;
const MOST_TICKS = 8;
/** Until the strip is measured. */
const USUAL_PX = 960;

interface StripProps {
  shown: Window;
  nowMs: number;
  zone: string;
  /** Null while the console has not answered. */
  counts: TimelineCounts | null;
  markMs: number | null;
  onWindow: (next: Window) => void;
}

/** The span as a strip: how much of what, when. Wheel, drag and keys move it; what it says is said in words below it. */
export function Strip({ shown, nowMs, zone, counts, markMs, onWindow }: StripProps) {
  const plot = useRef<HTMLDivElement>(null);
  const widthPx = useWidth(plot) ?? USUAL_PX;
  const [hover, setHover] = useState<number | null>(null);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const toMs = shown.toMs ?? nowMs;
  const fromMs = toMs - shown.spanMs;
  const placeOf = (atMs: number) => ((atMs - fromMs) / shown.spanMs) * 100;
  const under = (clientX: number) => {
    const box = plot.current?.getBoundingClientRect();
    return box ? Math.min(1, Math.max(0, (clientX - box.left) / box.width)) : 0;
  };
  const wheel = useRef<(event: WheelEvent) => void>(() => undefined);
  useEffect(() => {
    wheel.current = (event) => {
      event.preventDefault();
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
        return onWindow(moved(shown, Math.sign(event.deltaX + event.deltaY) * 0.1, nowMs));
      onWindow(zoomed(shown, event.deltaY > 0 ? 1.25 : 0.8, under(event.clientX), nowMs));
    };
  });
  useEffect(() => {
    const element = plot.current;
    // React's own wheel listeners cannot keep the page from scrolling.
    const onWheel = (event: WheelEvent) => wheel.current(event);
    element?.addEventListener("wheel", onWheel, { passive: false });
    return () => element?.removeEventListener("wheel", onWheel);
  }, []);
  const onKey = (event: KeyboardEvent) => {
    const next = event.ctrlKey || event.metaKey || event.altKey ? null : byKey(event.key, shown, nowMs);
    if (next === null) return;
    event.preventDefault();
    onWindow(next);
  };
  const onMove = (event: PointerEvent) => {
    const place = under(event.clientX);
    setHover(place);
    if (drag) setDrag({ ...drag, to: place });
  };
  const onUp = () => {
    if (drag && Math.abs(drag.to - drag.from) > 0.01) onWindow(between(shown, drag.from, drag.to, nowMs));
    setDrag(null);
  };
  const bars = counts ? barsOf(counts).filter((bar) => bar.toMs > fromMs && bar.fromMs < toMs) : [];
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const { ticks, stepMs } = ticksOf(fromMs, toMs, zone, Math.min(MOST_TICKS, Math.max(1, Math.floor(widthPx / TICK_PX))));
  const lastTick = 100 - (TICK_PX / widthPx) * 100;
  const goneUntil = counts?.goneUntilMs ?? null;
  return (
    <div className="tl-strip">
      <div className="tl-names" aria-hidden="true">
        {ROWS.map((row) => (
          <span key={row}>{ROW_WORDS[row]}</span>
        ))}
      </div>
      <div
        ref={plot}
        className="tl-plot"
        role="slider"
        tabIndex={0}
        aria-label="Span of the timeline"
        aria-valuemin={0}
        aria-valuemax={Math.round(nowMs)}
        aria-valuenow={Math.round(toMs)}
        aria-valuetext={`${formatMoment(fromMs, zone)} to ${shown.toMs === null ? "now" : formatMoment(toMs, zone)}`}
        aria-describedby="tl-says"
        onKeyDown={onKey}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          const place = under(event.clientX);
          setDrag({ from: place, to: place });
        }}
        onPointerMove={onMove}
        onPointerUp={onUp}
        onPointerCancel={() => setDrag(null)}
        onPointerLeave={() => setHover(null)}
      >
        {goneUntil !== null && goneUntil > fromMs && <i className="tl-gone" style={{ width: `${Math.min(100, placeOf(goneUntil))}%` }} />}
        {ROWS.map((row) => (
          <div key={row} className="tl-row" data-row-name={row}>
            {bars
              .filter((bar) => bar.row === row)
              .map((bar) => {
                const left = Math.max(0, placeOf(bar.fromMs));
                const width = Math.min(100, placeOf(bar.toMs)) - left;
                const height = `${Math.round(heightOf(bar.count, most) * 100)}%`;
                return (
                  <i
                    key={`${bar.fromMs} ${bar.isGone}`}
                    className={bar.isGone ? "is-gone" : ""}
                    style={{ left: `${left}%`, width: `${width}%`, height }}
                  />
                );
              })}
          </div>
        ))}
        {markMs !== null && markMs >= fromMs && markMs <= toMs && <i className="tl-mark" style={{ left: `${placeOf(markMs)}%` }} />}
        {hover !== null && <i className="tl-hair" style={{ left: `${hover * 100}%` }} />}
        {drag && (
          <i
            className="tl-drag"
            style={{ left: `${Math.min(drag.from, drag.to) * 100}%`, width: `${Math.abs(drag.to - drag.from) * 100}%` }}
          />
        )}
      </div>
      <div className="tl-axis" aria-hidden="true">
        {ticks
          .filter((atMs) => placeOf(atMs) < lastTick)
          .map((atMs, index) => (
            <span key={atMs} style={{ left: `${placeOf(atMs)}%` }}>
              {tickText(atMs, ticks[index - 1] ?? null, stepMs, zone)}
            </span>
          ))}
      </div>
      <p id="tl-says" className="tl-says">
        <Says counts={counts} bars={bars} hoverMs={hover === null ? null : fromMs + hover * shown.spanMs} zone={zone} />
      </p>
    </div>
  );
}

/** The clock, and the date where it is another day than at the tick before. */
function tickText(atMs: number, beforeMs: number | null, stepMs: number, zone: string): string {
  const day = (ms: number) => formatMoment(ms, zone).replace(/ \d{4} .*$/, "");
  if (stepMs >= 86_400_000) return day(atMs);
  const clock = formatClock(atMs, zone).slice(0, stepMs < 60_000 ? 8 : 5);
  return beforeMs !== null && day(beforeMs) !== day(atMs) ? `${day(atMs)}, ${clock}` : clock;
}

function Says(props: { counts: TimelineCounts | null; bars: ReturnType<typeof barsOf>; hoverMs: number | null; zone: string }) {
  const { counts, bars, hoverMs, zone } = props;
  if (!counts) return <span role="status">asking the console</span>;
  const totals = totalsOf(bars, hoverMs);
  const said = ROWS.flatMap((row) =>
    totals.has(row) ? [`${totals.get(row)} ${ROW_WORDS[row] === "people" ? "by people" : ROW_WORDS[row]}`] : [],
  );
  const gone = bars.reduce((sum, bar) => sum + (bar.isGone ? bar.count : 0), 0);
  return (
    <>
      {hoverMs !== null && <b>{formatMoment(hoverMs, zone)}: </b>}
      {said.length === 0 ? "nothing" : said.join(", ")}.{" "}
      {hoverMs === null && gone > 0 && (
        <span className="d2">
          Of {formatCount(gone, "older entry", "older entries")} only the counts are left (hatched): single entries are not kept that long.{" "}
        </span>
      )}
      {hoverMs === null && counts.goneLeftOut !== null && counts.goneUntilMs !== null && <span className="d2">{counts.goneLeftOut}</span>}
    </>
  );
}
