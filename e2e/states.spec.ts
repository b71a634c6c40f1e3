// SPDX-License-Identifier: Apache-2.0
import path from "node:path";
import { SOURCE_WORDS } from "@/agent/protocol/console/source-words";
import type { CollectErrorCode } from "@/agent/protocol/errors";
import { SourceName } from "@/agent/protocol/sources";
import { agentUrl, connectPeer, enrolPeer, type Peer } from "@/sim/peer";
import { complaints } from "./axe";
import { demo, expect, signIn, test } from "./console";

// What every source looks like on the pages when it is not there, may not be read, hangs, or is cut off in the middle.
// Scripted agents say so of all sources at once; with SHOTS=DIR a picture of each is kept there.

interface State {
  node: string;
  /** What stands in the table of what is read. */
  says: RegExp;
  error: { code: CollectErrorCode; message: string } | null;
}

const STATES: readonly State[] = [
  { node: "absent", says: /not on this node/, error: null },
  {
    node: "forbidden",
    says: /could not read it/,
    error: { code: "COLLECT_FORBIDDEN", message: "Could not read it: not permitted. Run the agent as root." },
  },
  {
    node: "hung",
    says: /could not read it/,
    error: { code: "COLLECT_TIMEOUT", message: "Could not read it: it did not answer within 5 s. Run it by hand on the node." },
  },
  {
    node: "cut",
    says: /could not read it/,
    error: { code: "COLLECT_PARSE", message: "Could not read it: the text ends in the middle of a line. Look at it on the node." },
  },
];

async function ask(method: "POST" | "DELETE", route: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${demo().origin}${route}`, {
    method,
    headers: { authorization: `Bearer ${demo().token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.ok, `${method} ${route}: ${response.status}`).toBe(true);
  const text = await response.text();
  return text === "" ? null : JSON.parse(text);
}

/** Enrols a node of a cluster and says one state of every source there, again and again as an agent does. */
async function stand(cluster: string, { node, error }: State): Promise<{ agentId: string; peer: Peer; stop: () => void }> {
  const made = await ask("POST", "/api/v1/enrollments", { cluster, node, role: "member" });
  const token = made !== null && typeof made === "object" && "token" in made ? String(made.token) : "";
  const enrolled = await enrolPeer({ origin: demo().origin, token, node });
  const peer = await connectPeer({ ...enrolled, url: agentUrl(demo().origin) });
  const read = () => Object.fromEntries(SourceName.options.map((source) => [source, { takenAtMs: Date.now(), everyMs: 5_000 }]));
  SourceName.options.forEach((source, index) => {
    const takenAtMs = Date.now();
    const reading = error ? { status: "failed" as const, takenAtMs, error } : { status: "absent" as const, takenAtMs };
    peer.send({
      type: "fact",
      journalId: `journal-${cluster}-${node}`,
      seq: index + 1,
      atMs: takenAtMs,
      source,
      readings: { [source]: reading },
    });
  });
  const pulse = () => peer.send({ type: "pulse", sentAtMs: Date.now(), read: read() });
  pulse();
  const timer = setInterval(pulse, 1_000);
  return { agentId: enrolled.agentId, peer, stop: () => clearInterval(timer) };
}

for (const states of [STATES.slice(1, 3), STATES.slice(0, 3), STATES]) {
  const slug = `states-${states.length}`;
  test(`every source absent, forbidden, hung or cut, on the pages of ${states.length} nodes: said, never good`, async ({ page }) => {
    await signIn(page);
    await ask("POST", "/api/v1/clusters", { slug, title: slug, environment: "TEST" });
    const stands = await Promise.all(states.map((state) => stand(slug, state)));
    const shot = async (name: string) => {
      if (process.env.SHOTS) await page.screenshot({ path: path.join(process.env.SHOTS, `${name}.png`), fullPage: true });
    };
    const calm = async (where: string) => expect(await complaints(page, where)).toEqual([]);
    try {
      await page.goto(`${demo().origin}/c/${slug}`);
      const main = page.getByRole("main");
      await expect(main).toContainText(/cannot be read/);
      await expect(main).not.toContainText("Nothing known is wrong");
      await expect(main.getByText("in sync")).toHaveCount(0);
      await calm("stack");
      await shot(`${slug}-stack`);
      for (const { node, says, error } of states) {
        await page.goto(`${demo().origin}/c/${slug}/n/${node}`);
        const table = page.getByRole("table", { name: "What is read on this node" });
        for (const source of SourceName.options) {
          const row = table.getByRole("row", { name: new RegExp(`^${SOURCE_WORDS[source].name}`) });
          await expect(row, `${node} ${source}`).toContainText(says);
          if (error) await expect(row, `${node} ${source}`).toContainText(error.message);
        }
        await calm(node);
        await shot(`${slug}-${node}`);
      }
      await expect.poll(async () => (await demo().clusters()).find((cluster) => cluster.slug === slug)?.level).toBe("unknown");
    } finally {
      for (const { agentId, peer, stop } of stands) {
        stop();
        peer.terminate();
        await ask("DELETE", `/api/v1/agents/${agentId}`);
      }
      await ask("DELETE", `/api/v1/clusters/${slug}`);
    }
  });
}
