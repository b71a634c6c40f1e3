// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SessionList } from "@/agent/protocol/console/people";
import { type TestConsole, testConsole } from "@/server/test-console";
import { agentUrl, connectPeer, enrolPeer } from "@/sim/peer";
import { openBrowser, type TestBrowser } from "./test-browser";

// What the settings change is in force at once: at the sockets, and on the pages that are open.

/** What "at once" may take, also on a slow machine. */
const AT_ONCE_MS = 1_000;

let qd: TestConsole;
const browsers: TestBrowser[] = [];
beforeEach(async () => {
  qd = await testConsole();
});
afterEach(async () => {
  for (const { socket } of browsers.splice(0)) socket.terminate();
  await qd.remove();
});

async function browser(cookie: string): Promise<TestBrowser> {
  const opened = await openBrowser(`${qd.origin().replace("http", "ws")}/ws/console`, { origin: qd.origin(), cookie });
  browsers.push(opened);
  return opened;
}

/** Does something, and says why a socket was closed after it. @throws when it took longer than at once */
async function closedBy(opened: TestBrowser, change: () => Promise<Response>): Promise<string> {
  const from = performance.now();
  expect((await change()).status).toBe(204);
  const { reason } = await opened.waitFor("bye");
  await opened.closed;
  expect(performance.now() - from).toBeLessThan(AT_ONCE_MS);
  return reason;
}

async function person(): Promise<{ id: string; opened: TestBrowser }> {
  const opened = await browser(await qd.signIn("operator", "otto"));
  await opened.show({ of: "fleet" });
  const id = (await qd.running().auth.users.list()).find(({ name }) => name === "otto")?.id ?? "";
  return { id, opened };
}

describe("a page that is open loses its socket within a second", () => {
  it("when an admin ends its session, and no other session is touched", async () => {
    const { opened } = await person();
    const other = await browser(await qd.signIn("viewer"));
    await other.show({ of: "fleet" });
    const { sessions } = SessionList.parse(await (await qd.ask("GET", "/api/v1/sessions")).json());
    const id = sessions.find(({ user }) => user === "otto")?.id;
    expect(await closedBy(opened, () => qd.ask("DELETE", `/api/v1/sessions/${id}`))).toBe("sessionEnded");
    expect(other.frames.some(({ type }) => type === "bye")).toBe(false);
  });

  it("when its user may not sign in any more", async () => {
    const { id, opened } = await person();
    expect(await closedBy(opened, () => qd.ask("PUT", `/api/v1/users/${id}`, { disabled: true }))).toBe("sessionEnded");
  });

  it("when its user is removed", async () => {
    const { id, opened } = await person();
    expect(await closedBy(opened, () => qd.ask("DELETE", `/api/v1/users/${id}`))).toBe("sessionEnded");
  });

  it("when its user gets another role, to come back with it", async () => {
    const { id, opened } = await person();
    const headers = { cookie: await qd.signIn("admin", "ada"), origin: qd.origin() };
    const change = () => fetch(`${qd.origin()}/api/v1/users/${id}`, { method: "PUT", headers, body: JSON.stringify({ role: "viewer" }) });
    expect(await closedBy(opened, change)).toBe("roleChanged");
  });
});

it("an agent whose trust ends loses its link within a second", async () => {
  const enrolled = await enrolPeer({ origin: qd.origin(), token: await qd.newToken("ruby"), node: "ruby" });
  const peer = await connectPeer({ url: agentUrl(qd.origin()), ...enrolled });
  const from = performance.now();
  expect((await qd.ask("DELETE", `/api/v1/agents/${enrolled.agentId}`)).status).toBe(204);
  await peer.closed;
  expect(performance.now() - from).toBeLessThan(AT_ONCE_MS);
});

describe("an open page is told", () => {
  it("a cluster's new title and environment, and a node's label, also after a restart", async () => {
    const enrolled = await enrolPeer({ origin: qd.origin(), token: await qd.newToken("ruby"), node: "ruby" });
    const opened = await browser(await qd.signIn("viewer"));
    await opened.show({ of: "fleet" });
    const words = { title: "Storage, cellar", environment: "PROD" };
    expect((await qd.ask("PUT", "/api/v1/clusters/san-a", words)).status).toBe(200);
    await opened.waitFor("patch", ({ changes }) => changes["san-a"]?.parts.cluster?.title === words.title);
    expect((await qd.ask("PUT", `/api/v1/agents/${enrolled.agentId}`, { label: "rack 4, left" })).status).toBe(204);
    await opened.waitFor("patch", ({ changes }) => changes["san-a"]?.parts["node:ruby"]?.label === "rack 4, left");
    await qd.restart();
    expect(await qd.entity("cluster", "cluster")).toMatchObject(words);
    expect(await qd.entity("node", "node:ruby")).toMatchObject({ label: "rack 4, left" });
    expect((await qd.ask("PUT", `/api/v1/agents/${enrolled.agentId}`, { label: null })).status).toBe(204);
    expect(await qd.entity("node", "node:ruby")).not.toHaveProperty("label");
  });

  it("that a cluster is gone, whatever it shows of it", async () => {
    const [fleet, one] = [await browser(await qd.signIn("viewer")), await browser(await qd.signIn("operator"))];
    await fleet.show({ of: "fleet" });
    await one.show({ of: "cluster", slug: "san-a" });
    expect((await qd.ask("DELETE", "/api/v1/clusters/san-a")).status).toBe(204);
    for (const opened of [fleet, one]) await opened.waitFor("patch", ({ changes }) => changes["san-a"]?.remove[0] === "*");
    expect((await qd.ask("GET", "/api/v1/clusters/san-a")).status).toBe(404);
    // The same name again is another cluster.
    await qd.ask("POST", "/api/v1/clusters", { slug: "san-a", title: "New", environment: null });
    await fleet.waitFor("patch", ({ changes }) => changes["san-a"]?.set.cluster !== undefined);
  });
});
