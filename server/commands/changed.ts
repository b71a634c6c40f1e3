// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from "node:util";
import type { GuardFinding } from "@/agent/protocol/console/runs";
import type { View } from "@/agent/protocol/console/view";
import type { ExpectedDrbd, StepPreview } from "@/agent/protocol/steps";
import { effectsOf } from "./effects";

/** How the world differs from what a person read and confirmed, a sentence each; empty when it does not. */
export function differences(
  view: View,
  before: { steps: readonly StepPreview[]; drbd: readonly ExpectedDrbd[]; findings: readonly GuardFinding[] },
  now: { steps: readonly StepPreview[]; drbd: readonly ExpectedDrbd[]; findings: readonly GuardFinding[] },
): string[] {
  return [
    ...inConfiguration(before.steps, now.steps),
    ...inEffects(view, before.steps, now.steps),
    ...inDrbd(before.drbd, now.drbd),
    ...inFindings(before.findings, now.findings),
  ];
}

function inConfiguration(before: readonly StepPreview[], now: readonly StepPreview[]): string[] {
  const was = before[0]?.change?.from;
  const is = now[0]?.change?.from;
  if (!was || !is || (was.adminEpoch === is.adminEpoch && was.epoch === is.epoch)) return [];
  return [
    `Somebody changed the cluster's configuration: it was version ${was.adminEpoch}.${was.epoch}, and is ${is.adminEpoch}.${is.epoch}.`,
  ];
}

function inEffects(view: View, before: readonly StepPreview[], now: readonly StepPreview[]): string[] {
  const was = effectsOf(view, before).map(({ says }) => says);
  const is = effectsOf(view, now).map(({ says }) => says);
  const gone = was.filter((says) => !is.includes(says)).map((says) => `No longer: ${says}`);
  const come = is.filter((says) => !was.includes(says)).map((says) => `Now also: ${says}`);
  const said = [...gone, ...come];
  const isOther = before.some((step, index) => step.change?.digest !== now[index]?.change?.digest);
  return said.length === 0 && isOther ? ["The change that would be written is another one than was previewed."] : said;
}

function inDrbd(before: readonly ExpectedDrbd[], now: readonly ExpectedDrbd[]): string[] {
  const minors = new Set([...before, ...now].map(({ minor }) => minor));
  return [...minors].flatMap((minor) => {
    const was = before.find((one) => one.minor === minor);
    const is = now.find((one) => one.minor === minor);
    return isDeepStrictEqual(was, is) ? [] : [`drbd${minor} was ${words(was)}, and is ${words(is)}.`];
  });
}

function words(one: ExpectedDrbd | undefined): string {
  if (!one) return "not there";
  return [one.role, one.disk, ...one.peers.map(({ connection, replication, disk }) => `${connection}, ${replication}, peer ${disk}`)].join(
    ", ",
  );
}

/** A guard that now speaks of something else too says more than was accepted by its name. */
function inFindings(before: readonly GuardFinding[], now: readonly GuardFinding[]): string[] {
  const known = new Set(before.flatMap(subjects));
  const isNew = (finding: GuardFinding) => subjects(finding).some((subject) => !known.has(subject));
  return now.filter((finding) => finding.level !== "inform" && isNew(finding)).map(({ message }) => message);
}

function subjects({ guard, level, about }: GuardFinding): string[] {
  return [`${guard}/${level}`, ...about.map((key) => `${guard}/${level}/${key}`)];
}
