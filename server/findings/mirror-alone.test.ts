// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import type { EntityOf } from "@/agent/protocol/console/view";
import { timing } from "@/agent/protocol/timing";
import { lonely, resyncing, T0, viewOf } from "@/server/commands/guards/test-view";
import { mirrorAlone } from "./mirror-alone";

const why = (...mirrors: EntityOf<"mirror">[]) =>
  mirrorAlone.find(viewOf(...mirrors), { nowMs: T0, timing: timing(), told: [], findingSince: new Map() }).map((finding) => finding.why);

it("what several mirrors wait for alike is one sentence, not one for each", () => {
  expect(why(lonely(), { ...lonely(), resource: "web" })).toEqual([
    "store and web: not connected. Until another copy is good again nothing may happen to ruby.",
  ]);
});

it("of several resyncs each says whose it is; one alone needs no name", () => {
  expect(why(resyncing("store"), resyncing("web", { percent: 12, etaSeconds: 60 }))).toEqual([
    "store: crystal is 61 % synced, 14 min left. web: crystal is 12 % synced, 1 min left. Until then nothing may happen to ruby.",
  ]);
  expect(why(resyncing("store"))).toEqual(["crystal is 61 % synced, 14 min left. Until then nothing may happen to ruby."]);
});
