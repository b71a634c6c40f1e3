// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AuditPage } from "@/agent/protocol/console/commands";
import { addTestAgent } from "@/server/db/temporary-database";
import { tellCommand } from "@/server/timeline/commands";
import { type TestApi, testApi } from "./test-api";

let api: TestApi;
let ruby: string;
beforeEach(async () => {
  api = await testApi();
  ruby = await addTestAgent(api.db, "ruby");
});
afterEach(() => api.remove());

/** What the audit page is given, newest first. */
async function rows() {
  const page = AuditPage.parse(await (await api.ask("GET", "/api/v1/audit", { role: "viewer" })).json());
  return page.rows.map(({ cluster, title, by, from, outcome, says }) => ({ cluster, title, by, from, outcome, says }));
}

const remove = (path: string) => api.ask("DELETE", `/api/v1/${path}`, { role: "admin" });
const BY = { by: "anna", from: "192.0.2.7" };

describe("the audit has", () => {
  it("who ended the trust in an agent, once", async () => {
    expect((await remove(`agents/${ruby}`)).status).toBe(204);
    expect((await remove(`agents/${ruby}`)).status).toBe(404);
    expect((await remove("agents/nobody")).status).toBe(404);
    const title = "End the trust in ruby's agent";
    expect(await rows()).toEqual([{ ...BY, cluster: "san-a", title, outcome: "done", says: `${title}: done.` }]);
  });

  it("that it was ended, on the timeline of the cluster and its node", async () => {
    await remove(`agents/${ruby}`);
    const [opened, closed] = await api.db.audit.after(0, 9);
    if (!opened || !closed) throw new Error("nothing is in the chain");
    expect(tellCommand(closed, opened)).toMatchObject({ node: "ruby", by: "anna", text: "End the trust in ruby's agent: done" });
  });

  it("who removed a cluster, though nothing else of it is left", async () => {
    await remove(`agents/${ruby}`);
    expect((await remove("clusters/san-a")).status).toBe(204);
    const title = "Remove the cluster SAN A (san-a)";
    expect((await rows())[0]).toEqual({ ...BY, cluster: "", title, outcome: "done", says: `${title}: done.` });
  });

  it("who was refused to, and why; and nothing of a cluster that is none", async () => {
    expect((await remove("clusters/san-a")).status).toBe(409);
    expect((await remove("clusters/nowhere")).status).toBe(404);
    const says = "Agents of san-a are still trusted: ruby. End their trust first.";
    expect(await rows()).toMatchObject([{ ...BY, outcome: "refused", says }]);
    expect(api.removed).toEqual([]);
  });

  it("nothing of who may not", async () => {
    expect((await api.ask("DELETE", `/api/v1/agents/${ruby}`, { role: "operator" })).status).toBe(403);
    expect(await rows()).toEqual([]);
  });
});
