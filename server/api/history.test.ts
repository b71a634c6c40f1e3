// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, expect, it } from "vitest";
import { Availability, IncidentCard, IncidentPage } from "@/agent/protocol/console/history";
import type { Pacemaker } from "@/agent/protocol/model/pacemaker";
import { member, ok, pacemaker, resource } from "@/server/cluster/factories";
import { type TestConsole, testConsole, until } from "@/server/test-console";
import { agentUrl, connectPeer, enrolPeer, type Peer } from "@/sim/peer";

let qd: TestConsole;
beforeEach(async () => {
  qd = await testConsole();
});
afterEach(() => qd.remove());

const all = [member("ruby", { isDc: true }), member("crystal")];
const gone = [member("ruby", { isDc: true }), member("crystal", { online: false, unclean: true })];
const off = [member("ruby", { isDc: true }), member("crystal", { online: false })];
const order = { target: "crystal", action: "reboot", client: "pacemaker-controld.7", origin: "ruby", completed: null, exitReason: null };
const asked = { ...order, status: "pending", delegate: null };
const fenced = { ...order, status: "success", delegate: "ruby" };
const STORY: readonly Pacemaker[] = [
  pacemaker(all, [resource("g_mail", "crystal")]),
  pacemaker(gone, [resource("g_mail", "crystal")], { fencing: [asked] }),
  pacemaker(off, [resource("g_mail", null)], { fencing: [fenced] }),
  pacemaker(off, [resource("g_mail", "ruby")], { fencing: [fenced] }),
];

async function tell(peer: Peer, seq: number, value: Pacemaker): Promise<void> {
  const atMs = Date.now();
  peer.send({ type: "fact", journalId: "j1", seq, atMs, source: "pacemaker", readings: { pacemaker: ok(value, atMs) } });
  await peer.waitFor("ack", (ack) => ack.seq === seq);
}

async function linked(node: string): Promise<Peer> {
  const peer = await enrolPeer({ origin: qd.origin(), token: await qd.newToken(node), node });
  return connectPeer({ url: agentUrl(qd.origin()), ...peer });
}

const page = async (query = "") => IncidentPage.parse(await (await qd.ask("GET", `/api/v1/clusters/san-a/incidents${query}`)).json());
const services = async () => Availability.parse(await (await qd.ask("GET", "/api/v1/clusters/san-a/availability")).json()).services;

it("a fencing is kept with its frames, answered as a card, and followed on by a console that was started again", async () => {
  const ruby = await linked("ruby");
  for (const [index, value] of STORY.entries()) await tell(ruby, index + 1, value);
  const [card] = (await page()).incidents;
  expect(card).toMatchObject({ node: "crystal", endedAtMs: null, says: expect.stringContaining("ruby fenced crystal (reboot)") });
  expect(card?.services).toEqual([expect.objectContaining({ id: "g_mail", to: "ruby" })]);
  const [service] = await services();
  expect(service).toMatchObject({ id: "g_mail", now: "up", day: { unplannedStops: 1, plannedStops: 0 } });
  ruby.terminate();

  await qd.restart();
  expect((await page("?node=crystal")).incidents.map(({ id }) => id)).toEqual([card?.id]);
  expect((await page("?node=ruby")).incidents).toEqual([]);
  expect(IncidentCard.parse(await (await qd.ask("GET", `/api/v1/clusters/san-a/incidents/${card?.id}`)).json()).endedAtMs).toBeNull();
  // Nobody told this console anything yet: what it knew before is no word of now.
  await until("the time it did not run", async () => (await services())[0]?.now === "unknown");
  expect((await services())[0]?.stops[0]).toMatchObject({ state: "unknown", toMs: null });
});

it("the least available services are told with how many there are", async () => {
  const ruby = await linked("ruby");
  await tell(ruby, 1, pacemaker(all, [resource("g_mail", "ruby"), resource("g_web", "ruby")]));
  const ask = (least: string) => qd.ask("GET", `/api/v1/clusters/san-a/availability?least=${least}`);
  expect(Availability.parse(await (await ask("1")).json())).toMatchObject({ services: [{ id: "g_mail" }], count: 2 });
  expect((await ask("0")).status).toBe(400);
});

it("what is not there is refused with a sentence", async () => {
  for (const path of ["nowhere/incidents", "nowhere/availability", "san-a/incidents/none"]) {
    expect((await qd.ask("GET", `/api/v1/clusters/${path}`)).status).toBe(404);
  }
  expect((await qd.ask("GET", "/api/v1/clusters/san-a/incidents?before=x")).status).toBe(400);
});
