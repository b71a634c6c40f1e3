// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { EntityOf } from "@/agent/protocol/console/view";
import { timing } from "@/agent/protocol/timing";
import { mirror, T0, viewOf } from "@/server/commands/guards/test-view";
import { mirrorFlaps } from "./mirror-flaps";

function told(minutesAgo: number, node: string, text: string, line?: "lost" | "standAlone"): EntityOf<"event"> {
  const atMs = T0 - minutesAgo * 60_000;
  const words = { kind: "event" as const, atMs, node, source: "drbd" as const, subject: "store", text, level: "risk" as const };
  const payload = line && { kind: "mirrorLine" as const, resource: "store", volume: 0, peer: null, line };
  return { ...words, by: `kernel, ${node}`, what: "state", ...(payload && { payload }) };
}
const lost = (minutesAgo: number, node: string) =>
  told(minutesAgo, node, `store: connection to ${node === "ruby" ? "crystal" : "ruby"} lost (BrokenPipe)`, "lost");
const alone = (minutesAgo: number, node: string) =>
  told(minutesAgo, node, `store: ${node} is StandAlone, the connection to its peer is lost`, "standAlone");

function titles(events: readonly EntityOf<"event">[]): string[] {
  const view = new Map(viewOf(mirror("store")));
  events.forEach((event, index) => {
    view.set(`event:${index}`, event);
  });
  return mirrorFlaps.find(view, { nowMs: T0, timing: timing(), told: [], findingSince: new Map() }).map(({ title }) => title);
}

describe("a mirror's losses", () => {
  it("are counted once, though both ends tell of each", () => {
    expect(titles([1, 3].flatMap((ago) => [lost(ago, "ruby"), lost(ago + 0.01, "crystal")]))).toEqual([]);
    expect(titles([1, 3, 5].flatMap((ago) => [lost(ago, "ruby"), lost(ago + 0.01, "crystal")]))).toEqual([
      expect.stringContaining("store lost its connection 3 times"),
    ]);
  });

  it("are no flapping where a side was told to let go", () => {
    expect(titles([1, 3, 5].flatMap((ago) => [alone(ago, "ruby"), lost(ago - 0.01, "crystal")]))).toEqual([]);
  });

  it("are what events say as fields: words alone, as an older console kept them, are for people", () => {
    const old = (minutesAgo: number) => told(minutesAgo, "ruby", "store: connection to crystal lost (BrokenPipe)");
    expect(titles([1, 3, 5].map(old))).toEqual([]);
  });
});
