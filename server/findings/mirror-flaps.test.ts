// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { EntityOf } from "@/agent/protocol/console/view";
import { timing } from "@/agent/protocol/timing";
import { mirror, T0, viewOf } from "@/server/commands/guards/test-view";
import { mirrorFlaps } from "./mirror-flaps";

function told(minutesAgo: number, node: string, text: string): EntityOf<"event"> {
  const atMs = T0 - minutesAgo * 60_000;
  return { kind: "event", atMs, node, source: "drbd", subject: "store", text, level: "risk", by: `kernel, ${node}`, what: "state" };
}
const lost = (minutesAgo: number, node: string) =>
  told(minutesAgo, node, `store: connection to ${node === "ruby" ? "crystal" : "ruby"} lost (BrokenPipe)`);
const alone = (minutesAgo: number, node: string) =>
  told(minutesAgo, node, `store: ${node} is StandAlone, the connection to its peer is lost`);

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
});
