// SPDX-License-Identifier: Apache-2.0
import type { VerifyState } from "@/agent/protocol/console/verify";
import { isOverdue } from "./words";

/** States that the list can be narrowed to, and how they are called there. */
export const STATES = {
  differs: "differs",
  overdue: "overdue",
  unproven: "never verified to its end",
  never: "never verified",
  aborted: "last run aborted",
  running: "running",
  queued: "in the queue",
  clean: "clean in time",
} as const;

/** What the list is narrowed to; empty text: not narrowed. */
export interface VerifyFilter {
  cluster: string;
  state: string;
  text: string;
}

export const NO_FILTER: VerifyFilter = { cluster: "", state: "", text: "" };
const NAMES = ["cluster", "state", "text"] as const;

export function readFilter(params: Pick<URLSearchParams, "get">): VerifyFilter {
  const of = (name: string) => params.get(name) ?? "";
  return { cluster: of("cluster"), state: of("state"), text: of("text") };
}

/** The filter as an address has it, without what is empty; with `more` after it. */
export function writeFilter(filter: VerifyFilter, more: Readonly<Record<string, string>> = {}): string {
  const told = NAMES.flatMap((name) => (filter[name] === "" ? [] : [[name, filter[name]] as [string, string]]));
  return new URLSearchParams([...told, ...Object.entries(more)]).toString();
}

export function isNarrowed(filter: VerifyFilter): boolean {
  return NAMES.some((name) => filter[name] !== "");
}

/** What is said of a mirror's proof, one thing only: the gravest. A mirror that is not proven is never "clean". */
export function stateOf({ cleanAtMs, last }: Pick<VerifyState, "cleanAtMs" | "last">, limitDays: number, nowMs: number) {
  if (last?.result === "differs") return "differs";
  if (cleanAtMs === null) return last === null ? "never" : "unproven";
  return isOverdue(cleanAtMs, limitDays, nowMs) ? "overdue" : "clean";
}

interface Listed extends VerifyState {
  cluster: string;
  resource: string;
  volume: number;
}

/** Whether a mirror fits a filter. */
export function fits(mirror: Listed, filter: VerifyFilter, limitDays: number, nowMs: number): boolean {
  if (filter.cluster !== "" && filter.cluster !== mirror.cluster) return false;
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const its = `${mirror.cluster} ${mirror.resource}/${mirror.volume} ${mirror.last?.says ?? ""}`.toLowerCase();
  if (!words.every((word) => its.includes(word))) return false;
  switch (filter.state) {
    case "":
      return true;
    case "running":
      return mirror.running !== null;
    case "queued":
      return mirror.queued !== null;
    case "aborted":
      return mirror.last?.result === "aborted";
    default:
      return stateOf(mirror, limitDays, nowMs) === filter.state;
  }
}

/** The page's headline: what is not proven. Nothing is called clean that was not seen to be. */
export function sayProof(mirrors: readonly Listed[], limitDays: number, nowMs: number): string {
  if (mirrors.length === 0) return "No mirror to verify";
  const states = mirrors.map((mirror) => stateOf(mirror, limitDays, nowMs));
  const count = (state: string) => states.filter((one) => one === state).length;
  const parts = [
    [count("differs"), "differs", "differ"],
    [count("overdue"), "is overdue", "are overdue"],
    [count("unproven"), "was never verified to its end", "were never verified to their end"],
    [count("never"), "was never verified", "were never verified"],
  ] as const;
  const told = parts.filter(([many]) => many > 0);
  if (told.length === 0)
    return mirrors.length === 1 ? `The mirror was clean within ${limitDays} days` : `Every mirror was clean within ${limitDays} days`;
  return told
    .map(([many, one, more], index) => `${many}${index === 0 ? (many === 1 ? " mirror" : " mirrors") : ""} ${many === 1 ? one : more}`)
    .join(", ");
}
