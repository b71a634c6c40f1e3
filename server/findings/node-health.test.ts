// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { around, T0 } from "@/server/cluster/factories";
import { project } from "@/server/cluster/project";
import { hung } from "./proofs/cluster.factories";

function told(agoMs: number) {
  const { facts, around: more = {} } = hung(agoMs);
  return project(facts, { ...around(T0), ...more }, new Map()).get("finding:hung-tasks:hv05");
}

it("a task hangs as long as the kernel repeats it, which it does every two minutes; then it is good to know for a while", () => {
  expect(told(125_000)).toMatchObject({ level: "risk", title: "hv05: a task hangs" });
  expect(told(140_000)).toMatchObject({ level: "absent", title: "hv05: a task hung", why: expect.stringContaining("and has not") });
  expect(told(660_000)).toBeUndefined();
});
