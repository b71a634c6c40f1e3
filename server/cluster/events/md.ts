// SPDX-License-Identifier: Apache-2.0
import type { Md, MdArray } from "@/agent/protocol/model/md";
import { isDegraded } from "../arrays";
import { arrayName, rememberNames } from "../boot-baseline";
import { plainName } from "../devices";
import { counted, formatDuration, joinWords } from "../words";
import { type Change, type Telling, type Told, told } from "./tell";

/** What changed in a node's md arrays. When an action began is remembered, so that its end can say how long it took. */
export function tellMd({ node, before, after, memory, rawMs }: Change<Md>): Telling {
  const news: Told[] = [];
  const next: Record<string, number> = {
    ...rememberNames(memory, (before?.arrays ?? []).map(arrayName), after.arrays.map(arrayName), rawMs),
  };
  const old = new Map(before?.arrays.map((array) => [array.name, array]));
  for (const array of after.arrays) {
    const was = old.get(array.name);
    old.delete(array.name);
    const key = `action:${array.name}:${array.action?.kind ?? was?.action?.kind ?? ""}`;
    if (array.action?.state === "running") next[key] = memory[key] ?? rawMs;
    if (was) news.push(...tellArray(node, was, array, memory[key] === undefined ? null : rawMs - memory[key]));
    else if (before)
      news.push(told(array.name, `${node}: ${array.name} appeared, ${array.state}`, array.state === "active" ? "ok" : "risk"));
  }
  for (const gone of old.values()) news.push(told(gone.name, `${node}: ${gone.name} is gone`, "bad"));
  return { told: news, memory: next };
}

function tellArray(node: string, was: MdArray, now: MdArray, tookMs: number | null): Told[] {
  const news: Told[] = [];
  const tell = (text: string, level: Told["level"]) => news.push(told(now.name, `${node}: ${now.name} ${text}`, level));
  if (was.state !== now.state) tell(`is ${now.state}, was ${was.state}`, now.state === "active" ? "ok" : "bad");
  const failedIn = (array: MdArray) => array.members.flatMap(({ name, flags }) => (flags.includes("F") ? [name] : []));
  const failed = failedIn(now).filter((name) => !failedIn(was).includes(name));
  const names = (array: MdArray) => array.members.map(({ name }) => name);
  const added = names(now).filter((name) => !names(was).includes(name));
  const removed = names(was).filter((name) => !names(now).includes(name));
  const back = failedIn(was).filter((name) => names(now).includes(name) && !failedIn(now).includes(name));
  if (failed.length > 0) tell(`lost ${list(failed)}: failed${sayLeft(now)}`, isDegraded(now) ? "risk" : "ok");
  if (removed.length > 0) tell(`has no ${list(removed)} any more${sayLeft(now)}`, isDegraded(now) ? "risk" : "ok");
  if (added.length + back.length > 0) tell(`got ${list([...added, ...back])}`, "ok");
  const isNowWhole = isDegraded(was) && !isDegraded(now);
  if (was.action?.state === "running" && now.action?.kind !== was.action.kind) {
    const after = tookMs === null ? "" : ` after ${formatDuration(tookMs)}`;
    if (isNowWhole) tell(`is whole again${after}`, "ok");
    else tell(`${was.action.kind} ended${after}${isDegraded(now) ? sayLeft(now) : ""}`, isDegraded(now) ? "risk" : "ok");
  } else if (isNowWhole) tell("is whole again", "ok");
  if (now.action?.state === "running" && (was.action?.kind !== now.action.kind || was.action.state !== "running"))
    tell(`${now.action.kind} started`, "busy");
  if (was.readOnly !== now.readOnly && [was.readOnly, now.readOnly].includes("read-only"))
    tell(now.readOnly === "read-only" ? "is read-only" : "may be written again", now.readOnly === "read-only" ? "held" : "ok");
  const differ = now.mismatchCount ?? 0;
  // Null before: it could not be read, and says nothing of what was found meanwhile.
  if (now.action?.state !== "running" && differ > 0 && was.mismatchCount !== null && differ !== was.mismatchCount)
    tell(`check found ${counted(differ, "differing sector")}`, "differs");
  return news;
}

function list(names: readonly string[]): string {
  return joinWords(names.map(plainName));
}

function sayLeft({ activeDisks, raidDisks }: MdArray): string {
  return raidDisks === null || activeDisks === null ? "" : `, ${activeDisks} of ${counted(raidDisks, "leg")} left`;
}
