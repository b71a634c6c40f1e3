// SPDX-License-Identifier: Apache-2.0
"use client";
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import type { VerifySummary } from "@/agent/protocol/console/verify";
import { useLiveValue } from "@/components/live/use-live";
import { formatBytes, formatDuration, formatMoment, formatRate } from "@/components/ui/format";
import { axisFormat, type Curve, curvesOf } from "./trend";

const HEIGHT_PX = 120;
const FORMATS: Readonly<Record<Curve["of"], (value: number) => string>> = {
  duration: (ms) => formatDuration(ms),
  rate: (bytes) => formatRate(bytes),
  differs: (bytes) => formatBytes(bytes),
};

/** Three small curves over the same runs. For the eye alone: the numbers stand in the table beside them. */
export function TrendPlots({ runs }: { runs: readonly VerifySummary[] }) {
  return (
    <div className="trend-plots" aria-hidden="true">
      {curvesOf(runs).map((curve) => (
        <figure key={curve.of}>
          <figcaption>{curve.title}</figcaption>
          <Plot curve={curve} />
        </figure>
      ))}
    </div>
  );
}

function Plot({ curve }: { curve: Curve }) {
  const box = useRef<HTMLDivElement>(null);
  const { zone } = useLiveValue();
  useEffect(() => {
    const { current } = box;
    if (current === null) return;
    const plot = new uPlot(optionsOf(curve, current.clientWidth, zone), [[...curve.atSeconds], [...curve.values]], current);
    const size = new ResizeObserver(() => plot.setSize({ width: current.clientWidth, height: HEIGHT_PX }));
    size.observe(current);
    // The canvas does not know that the colours of the page were changed.
    const theme = new MutationObserver(() => plot.redraw());
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    return () => {
      size.disconnect();
      theme.disconnect();
      plot.destroy();
    };
  }, [curve, zone]);
  return <div ref={box} className="plot" />;
}

function optionsOf(curve: Curve, width: number, zone: string): uPlot.Options {
  const colour = (name: string) => () => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const format = FORMATS[curve.of];
  const axis: uPlot.Axis = {
    stroke: colour("--ink-3"),
    font: "11px sans-serif",
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height: HEIGHT_PX,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), zone),
    legend: { live: false, show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: { y: { range: (_plot, _least, most) => [0, most > 0 ? most * 1.15 : 1] } },
    axes: [
      { ...axis, size: 22, space: 70, values: axisFormat(zone) },
      { ...axis, size: 74, space: 34, values: (_plot, values) => values.map((value) => (value === 0 ? "0" : format(value))) },
    ],
    series: [
      { value: (_plot, seconds) => (seconds === null ? "" : formatMoment(seconds * 1_000, zone)) },
      {
        stroke: colour(curve.of === "differs" ? "--risk" : "--accent"),
        width: 1.5,
        spanGaps: false,
        points: { show: true, size: 5, stroke: colour(curve.of === "differs" ? "--risk" : "--accent"), fill: colour("--bg") },
      },
    ],
  };
}
