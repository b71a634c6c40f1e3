// SPDX-License-Identifier: Apache-2.0
import { createHmac } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { AlertList, ReceiverAnswer, type ReceiverChange, SentList } from "@/agent/protocol/console/alerts";
import { type TestConsole, testConsole, until } from "@/server/test-console";
import { selfMadeCertificate } from "@/server/tls/self-made";
import { agentUrl, connectPeer, enrolPeer } from "@/sim/peer";
import { type BondNode, bondNode } from "./test-bond-node";
import { type Alertmanager, type Hook, type MailServer, startAlertmanager, startHook, startMailServer } from "./test-receivers";

// The console as it is, with receivers as others run them: a port of a bond goes down, people are told, it comes back, they are told.

/** Everything is five times as quick: a finding is over after 12 s, not a minute. */
const FACTOR = 0.2;
const KEY = "the key of this hook";

let qd: TestConsole;
let folder: string;
let hook: Hook;
let alertmanager: Alertmanager;
let mail: MailServer;
let node: BondNode;
let cookie: string;
const Made = z.object({ id: z.string() });

/** Receivers are named by people, not by programs. */
async function named(change: ReceiverChange): Promise<string> {
  const headers = { cookie, origin: qd.origin(), "content-type": "application/json" };
  const answer = await fetch(`${qd.origin()}/api/v1/alerts/receivers`, { method: "POST", headers, body: JSON.stringify(change) });
  if (!answer.ok) throw new Error(await answer.text());
  return Made.parse(await answer.json()).id;
}

async function add(change: ReceiverChange): Promise<string> {
  const receiver = await named(change);
  const route = {
    receiver,
    matchers: [{ label: "rule", isNot: false, values: ["bond-ports"] }],
    waitSeconds: 0,
    repeatHours: null,
  };
  const answer = await qd.ask("POST", "/api/v1/alerts/routes", { ...route, sendsResolved: true, isOn: true });
  if (!answer.ok) throw new Error(await answer.text());
  return receiver;
}

const alertsOf = async () => AlertList.parse(await (await qd.ask("GET", "/api/v1/alerts")).json()).alerts;
const bondAlert = async () => (await alertsOf()).find(({ finding }) => finding.startsWith("bond-ports"));
const test = async (id: string) => ReceiverAnswer.parse(await (await qd.ask("POST", `/api/v1/alerts/receivers/${id}/test`)).json());

const ids: Record<string, string> = {};

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "quarterdeck-receivers-"));
  [hook, alertmanager, mail] = await Promise.all([startHook(), startAlertmanager(folder), startMailServer(folder)]);
  qd = await testConsole({ timingFactor: FACTOR });
  cookie = await qd.signIn("admin", "anna");
  const enrolled = await enrolPeer({ origin: qd.origin(), token: await qd.newToken("ruby"), node: "ruby" });
  node = bondNode(() => connectPeer({ url: agentUrl(qd.origin()), ...enrolled }), "up", FACTOR);
  const mailTo = { host: "127.0.0.1", port: mail.port, security: "none" as const, user: null };
  ids.hook = await add({ name: "hook", settings: { kind: "webhook", url: hook.url }, secret: KEY });
  ids.alertmanager = await add({ name: "alertmanager", settings: { kind: "alertmanager", url: alertmanager.url, user: null } });
  ids.mail = await add({
    name: "mail",
    settings: { kind: "mail", ...mailTo, from: "qd@example.org", to: ["noc@example.org", "otto@example.org"] },
  });
});
afterAll(async () => {
  await node.stop();
  await qd.remove();
  await Promise.all([hook.close(), alertmanager.stop(), mail.stop()]);
  await rm(folder, { recursive: true, force: true });
});

describe("a bond that loses a port", () => {
  it("is told to the webhook, signed so that its own code finds the key right", async () => {
    node.link("down");
    const posted = await until("the webhook's post", () => hook.posts[0]);
    const { "x-quarterdeck-timestamp": timestamp, "x-quarterdeck-signature": signature } = posted.headers;
    expect(signature).toBe(`v1=${createHmac("sha256", KEY).update(`${timestamp}.${posted.text}`).digest("hex")}`);
    expect(JSON.parse(posted.text)).toMatchObject({
      version: 1,
      cluster: { slug: "san-a" },
      alerts: [{ status: "firing", reason: "new", labels: { node: ["ruby"], rule: ["bond-ports"] } }],
    });
  });

  it("stands in Alertmanager as amtool shows it", async () => {
    const shown = await until("amtool's alert", () => alertmanager.amtool("alertname=bond-ports")[0]);
    expect(shown.labels).toMatchObject({
      alertname: "bond-ports",
      cluster: "san-a",
      finding: "bond-ports:ruby/bond0",
      severity: "warning",
    });
    expect(shown.annotations.summary).toContain("ruby: bond0");
    expect(Date.parse(shown.endsAt)).toBeGreaterThan(Date.now() + 3_600_000);
  });

  it("is in the mail, to all that it is for", async () => {
    const text = await until("the mail", async () => (await mail.mails())[0]);
    expect(text).toMatch(/^Subject: \[SAN A\] warning: ruby: bond0/m);
    expect(text).toMatch(/^To: noc@example\.org, otto@example\.org$/m);
    expect(text).toMatch(/^Auto-Submitted: auto-generated$/m);
    expect(text).toMatch(/^Message-ID: <[0-9a-f-]{36}@example\.org>$/m);
    expect(text).toContain("What to do: Check the cable or the switch port.");
  });

  it("is told once to each, and each told that it is over when it is", async () => {
    node.link("up");
    await until("the alert to be over", async () => (await bondAlert())?.endedAtMs);
    const over = await until("the webhook's second post", () => hook.posts[1]);
    expect(JSON.parse(over.text).alerts).toMatchObject([{ status: "resolved", endedBy: "It is no longer found." }]);
    await until("amtool to show none", () => alertmanager.amtool("alertname=bond-ports").length === 0);
    const second = await until("the second mail", async () => (await mail.mails()).find((text) => text.includes("Subject: [SAN A] over:")));
    const first = (await mail.mails()).find((text) => text !== second) ?? "";
    // Both stand in one thread.
    expect(/^References: (.*)$/m.exec(second)?.[1]).toBe(/^References: (.*)$/m.exec(first)?.[1]);
    expect([hook.posts.length, (await mail.mails()).length]).toEqual([2, 2]);
    const { sent } = SentList.parse(await (await qd.ask("GET", "/api/v1/alerts/sent")).json());
    expect(sent.map(({ state, tried }) => `${state} ${tried}`)).toEqual(Array.from({ length: 6 }, () => "sent 1"));
  });
});

describe("the test button", () => {
  it("reaches each receiver, and has its answer", async () => {
    expect(await test(ids.hook ?? "")).toMatchObject({ isOk: true, says: "It answered 200: thank you" });
    expect(JSON.parse(hook.posts.at(-1)?.text ?? "")).toMatchObject({
      alerts: [{ reason: "test", title: "A test of Quarterdeck's alerts" }],
    });
    expect(await test(ids.alertmanager ?? "")).toMatchObject({ isOk: true, says: "It answered 200" });
    expect(await test(ids.mail ?? "")).toMatchObject({ isOk: true, says: expect.stringMatching(/^It answered 250/) });
    await until("the test's mail", async () => (await mail.mails()).some((text) => text.includes("Nothing is wrong.")));
  });

  async function answerOf(change: ReceiverChange): Promise<string> {
    const id = await named(change);
    const { isOk, says } = await test(id);
    await qd.ask("DELETE", `/api/v1/alerts/receivers/${id}`);
    return `${isOk} ${says}`;
  }

  it("says why nothing got through: refused, led elsewhere, not there, where nothing is sent", async () => {
    const busy = await startHook(() => 503);
    const moved = await startHook(() => 302);
    const at = (url: string) => answerOf({ name: "other", settings: { kind: "webhook", url } });
    expect(await at(busy.url)).toBe("false It answered 503: thank you");
    expect(await at(moved.url)).toMatch(/^false It answered 302.*Redirects are not followed/);
    expect(moved.posts).toHaveLength(1);
    await busy.close();
    expect(await at(busy.url)).toMatch(/^false It could not be reached: .*ECONNREFUSED/);
    await moved.close();
    expect(await at("http://169.254.169.254/latest/meta-data")).toMatch(/where nothing is sent/);
    expect(await at("http://[::ffff:169.254.169.254]/")).toMatch(/where nothing is sent/);
  });

  it("sends no mail where TLS is asked for and not to be had, or with a certificate that nobody vouches for", async () => {
    const guarded = await startMailServer(folder, await selfMadeCertificate(folder, Date.now(), () => undefined));
    const to = {
      kind: "mail" as const,
      host: "127.0.0.1",
      security: "starttls" as const,
      user: null,
      from: "qd@example.org",
      to: ["noc@example.org"],
    };
    const before = (await mail.mails()).length;
    expect(await answerOf({ name: "other", settings: { ...to, port: mail.port } })).toMatch(/^false /);
    expect(await answerOf({ name: "other", settings: { ...to, port: guarded.port } })).toMatch(/^false .*certificate/);
    expect([(await mail.mails()).length, await guarded.mails()]).toEqual([before, []]);
    await guarded.stop();
  });
});
