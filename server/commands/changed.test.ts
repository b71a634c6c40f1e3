// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import type { GuardFinding } from "@/agent/protocol/console/runs";
import { differences } from "./changed";
import { viewOf } from "./guards/test-view";

const only = (findings: readonly GuardFinding[]) => ({ steps: [], drbd: [], findings });
const lonely = (...mirrors: string[]): GuardFinding => ({
  guard: "other-copy-is-up-to-date",
  number: "3.1",
  level: "type",
  message: `ruby holds the only good copy of ${mirrors.join(" and ")}.`,
  about: [...mirrors.map((mirror) => `mirror:${mirror}`), "node:ruby"],
});

it("a finding that now is about more than was accepted is a difference; one about less is none", () => {
  const more = differences(viewOf(), only([lonely("store")]), only([lonely("store", "mail")]));
  expect(more).toEqual(["ruby holds the only good copy of store and mail."]);
  expect(differences(viewOf(), only([lonely("store", "mail")]), only([lonely("store")]))).toEqual([]);
});

it("a finding whose words alone moved on is no difference", () => {
  const later = { ...lonely("store"), message: "ruby holds the only good copy of store: crystal is 41 % synced." };
  expect(differences(viewOf(), only([lonely("store")]), only([later]))).toEqual([]);
});
