// SPDX-License-Identifier: Apache-2.0

/** One shape per state, and the few that are not states. */
export type Shape =
  | "ok"
  | "busy"
  | "risk"
  | "bad"
  | "differs"
  | "old"
  | "unknown"
  | "absent"
  | "held"
  | "stop"
  | "ban"
  | "cut"
  | "next"
  | "copy"
  | "close";

const COLOURS: Partial<Record<Shape, string>> = {
  ok: "ok",
  busy: "act",
  risk: "risk",
  bad: "bad",
  differs: "risk",
  old: "old",
  unknown: "old",
  absent: "d3",
  held: "held",
  ban: "risk",
  cut: "risk",
  stop: "bad",
};

/** A shape in the colour of its state. It never stands without its word. */
export function Icon({ shape, plain = false }: { shape: Shape; plain?: boolean }) {
  const colour = plain ? "" : (COLOURS[shape] ?? "");
  return <span className={`ic i-${shape} ${colour}`.trim()} aria-hidden="true" />;
}
