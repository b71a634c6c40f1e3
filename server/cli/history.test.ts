// SPDX-License-Identifier: Apache-2.0
import http from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import type { Availability, AvailabilityWindow } from "@/agent/protocol/console/history";
import { availability, fencings } from "./history";

async function consoleThatSays(body: unknown) {
  const server = http.createServer((_, response) => response.writeHead(200).end(JSON.stringify(body)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const bound: AddressInfo | string | null = server.address();
  if (bound === null || typeof bound === "string") throw new Error("no port");
  return { origin: new URL(`http://127.0.0.1:${bound.port}`), token: "t", ca: null };
}

const HOUR = 3_600_000;
const window = (hours: number, more: Partial<AvailabilityWindow> = {}): AvailabilityWindow => ({
  windowMs: hours * HOUR,
  upMs: hours * HOUR,
  plannedMs: 0,
  unplannedMs: 0,
  unknownMs: 0,
  plannedStops: 0,
  unplannedStops: 0,
  withoutUnplanned: 1,
  up: 1,
  ...more,
});

it("availability: planned and unplanned apart, what is not known by name, nothing rounded up", async () => {
  const stopped = { withoutUnplanned: 0.99999999, unplannedMs: 4_000, unplannedStops: 1, plannedMs: HOUR, plannedStops: 2 };
  const day = window(24, { ...stopped, unknownMs: 2 * HOUR });
  const unknown = window(2_160, { withoutUnplanned: null, up: null });
  const services: Availability["services"] = [
    { id: "g_mail", sinceMs: 0, now: "up", day, week: window(168), month: window(720), quarter: unknown, stops: [] },
  ];
  const said = await availability.run(await consoleThatSays({ atMs: 1, services }), ["san-a"], {}, () => undefined);
  expect(said.text.split("\n")).toEqual([
    "g_mail  up",
    "  24 h  99.9999 %, unplanned 4 s (1), planned 1 h (2), not known 2 h",
    "  7 d   100.0000 %, unplanned 0 s (0), planned 0 s (0), not known 0 s",
    "  30 d  100.0000 %, unplanned 0 s (0), planned 0 s (0), not known 0 s",
    "  90 d  not known",
    "",
  ]);
});

it("fencings: none is said to be none, since this console watches", async () => {
  const said = await fencings.run(await consoleThatSays({ incidents: [], next: null }), ["san-a"], {}, () => undefined);
  expect(said.text).toBe("No node was lost or fenced, and no service went elsewhere, since this console watches.\n");
});
