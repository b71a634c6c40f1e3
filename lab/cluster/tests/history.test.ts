// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { Availability, type IncidentCard, IncidentPage, type ServiceSpan } from "@/agent/protocol/console/history";
import { operate } from "@/lab/orders";
import type { Client } from "../api";
import { RESOURCES } from "../configuration";
import { as, lab } from "./lab";
import { expectEnd } from "./operate";
import { homeOf, note, onlineOf } from "./services";

const { plain } = RESOURCES;

async function incidentOf(client: Client, node: string, sinceMs: number): Promise<IncidentCard> {
  return lab.until(async () => {
    const { body } = await client.askCluster("GET", `/incidents?node=${node}`);
    const [newest] = IncidentPage.parse(body).incidents;
    return newest && newest.openedAtMs >= sinceMs && newest.endedAtMs !== null ? newest : null;
  }, `The console keeps no whole record of ${node}'s fencing`);
}

/** When a service was not up since a moment, oldest first; once it is up again. */
async function stopsOf(client: Client, service: string, sinceMs: number): Promise<ServiceSpan[]> {
  return lab.until(async () => {
    const { body } = await client.askCluster("GET", "/availability");
    const one = Availability.parse(body).services.find(({ id }) => id === service);
    const stops = one?.stops.filter(({ fromMs }) => fromMs >= sinceMs).reverse() ?? [];
    return one?.now === "up" && stops.some(({ state }) => state !== "unknown") ? stops : null;
  }, `The availability of ${service} shows no stop that is over`);
}

test("a node that is killed: its card names who fenced it, why, each phase in order, and its services' stop counts as unplanned", async () => {
  const viewer = await as("viewer");
  const home = await homeOf(viewer, plain);
  const sinceMs = (await viewer.view()).atMs;
  const before = (await lab.fencings()).length;
  await lab.kill(home);
  const card = await incidentOf(viewer, home, sinceMs);
  const [order] = (await lab.fencings()).slice(before);
  expect(card.attempts).toEqual([expect.objectContaining({ action: "reboot", status: "success", delegate: order?.by })]);
  expect(card.says).toContain(`${order?.by} fenced ${home} (reboot).`);
  expect(card.reason).toMatchObject({ kind: "lost" });
  expect(card.devices.length).toBeGreaterThan(0);
  const { lastWord, detected, asked, done, back } = card;
  const moved = card.services.find(({ id }) => id === plain);
  expect(moved?.to).not.toBe(home);
  expect([lastWord, detected, done, back]).not.toContain(null);
  // A fencing that takes less than a reading is never seen under way: when it was asked for is not known then.
  const seen = [lastWord, detected, asked, done, back].flatMap((moment) => moment?.atMs ?? []);
  expect(seen).toEqual([...seen].sort((x, y) => x - y));
  expect(moved?.at?.atMs).toBeGreaterThanOrEqual(done?.atMs ?? Number.POSITIVE_INFINITY);
  for (const { phase, tookMs, withinMs } of card.failover)
    if (tookMs !== null) note(`${phase} of ${home} (± ${withinMs ?? "?"} ms)`, tookMs);
  const stops = await stopsOf(viewer, plain, sinceMs);
  expect(stops.map(({ state }) => state)).toContain("unplanned");
  expect(stops.map(({ state }) => state)).not.toContain("planned");
  await onlineOf(viewer, home);
});

test("a standby: the stop of what it moves counts as planned, with whose command it was", async () => {
  const [viewer, admin] = await Promise.all([as("viewer"), as("admin")]);
  const home = await homeOf(viewer, plain);
  const sinceMs = (await viewer.view()).atMs;
  const { run } = await operate(admin, "node.standby", { node: home });
  expectEnd(run, "done");
  const stops = await stopsOf(viewer, plain, sinceMs);
  expect(stops.map(({ state }) => state)).toEqual(["planned"]);
  expect(stops[0]?.why).toBe(`Standby ${home}, by admin`);
});
