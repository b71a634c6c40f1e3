// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Readings, SourceName } from "@/agent/protocol/sources";
import { drbd, ok } from "@/server/cluster/factories";
import { calmPacemaker, crystalSettings, crystalSide, rubySettings, rubySide } from "@/server/cluster/pair.factories";
import { type TestConsole, testConsole, until } from "@/server/test-console";
import { agentUrl, connectPeer, enrolPeer, type Peer } from "@/sim/peer";
import { type Prometheus, promtool, startPrometheus } from "./test-prometheus";

// The console as it is, scraped by Debian's Prometheus, and judged by its promtool.

let qd: TestConsole;
let folder: string;
const peers: Peer[] = [];

async function agent(node: string, readings: Readings): Promise<void> {
  const enrolled = await enrolPeer({ origin: qd.origin(), token: await qd.newToken(node), node });
  const peer = await connectPeer({ url: agentUrl(qd.origin()), ...enrolled });
  peers.push(peer);
  let seq = 0;
  for (const source of SourceName.options) {
    if (readings[source] === undefined) continue;
    seq += 1;
    peer.send({ type: "fact", journalId: "j1", seq, atMs: Date.now(), source, readings: { [source]: readings[source] } });
  }
  await peer.waitFor("ack", (ack) => ack.seq === seq);
}

beforeAll(async () => {
  // Nobody grows silent in the time a test takes.
  qd = await testConsole({ timingFactor: 100 });
  folder = await mkdtemp(path.join(os.tmpdir(), "quarterdeck-prometheus-"));
  const nowMs = Date.now();
  await agent("ruby", { drbd: ok(drbd([rubySide()], { settings: [rubySettings] }), nowMs), pacemaker: ok(calmPacemaker(), nowMs) });
  await agent("crystal", {
    drbd: ok(drbd([crystalSide()], { settings: [crystalSettings] }), nowMs),
    pacemaker: ok(calmPacemaker(), nowMs),
  });
});
afterAll(async () => {
  for (const peer of peers) peer.terminate();
  await qd.remove();
  await rm(folder, { recursive: true, force: true });
});

const scrape = async (query = "") => (await fetch(`${qd.origin()}/metrics${query}`)).text();
const target = () => new URL(qd.origin()).host;

const docs = path.resolve(import.meta.dirname, "../../docs");
/** The scrape configurations of the documentation, for this console: it speaks plain http on loopback, where no token is needed. */
function documented(): string[] {
  const text = readFileSync(path.join(docs, "metrics.md"), "utf8");
  return [...text.matchAll(/```yaml\nscrape_configs:\n([\s\S]*?)```/g)].map(([, config = ""]) =>
    config
      .replace(/^ +(scheme|tls_config|authorization): .*\n/gm, "")
      .replaceAll(/console\.example:3000|127\.0\.0\.1:3000/g, target())
      .replaceAll(/^( +)honor_labels: true/gm, "$1scrape_interval: 1s\n$&")
      .replaceAll(/^( +)params:/gm, "$1scrape_interval: 1s\n$1metrics_path: /metrics\n$&"),
  );
}

const Panels = z.object({ panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) })) });

describe("promtool", () => {
  it("takes the text for Prometheus's, with or without a node", async () => {
    for (const query of ["", "?cluster=san-a&node=ruby"]) {
      const { code, said } = promtool(["check", "metrics"], await scrape(query));
      expect(said).toBe("");
      expect(code).toBe(0);
    }
  });

  it("takes the alert rules, and finds each firing when it is to and not else", () => {
    expect(promtool(["check", "rules", path.join(docs, "prometheus/rules.yml")])).toMatchObject({ code: 0 });
    const tested = promtool(["test", "rules", path.join(docs, "prometheus/rules.test.yml")]);
    expect(tested.said).toContain("SUCCESS");
    expect(tested.code).toBe(0);
  });
});

describe("a Prometheus that scrapes the console as the documentation says", () => {
  let prometheus: Prometheus;
  beforeAll(async () => {
    prometheus = await startPrometheus(folder, `scrape_configs:\n${documented().join("")}`);
    await until("three scrapes", async () => (await prometheus.query("up == 1")).length === 3);
  });
  afterAll(() => prometheus.stop());

  it("has it up", async () => {
    const up = await prometheus.query("up");
    expect(up.map(({ labels, value }) => `${labels.job} ${labels.instance} ${value}`).sort()).toEqual([
      `quarterdeck ${target()} 1`,
      "san-a crystal:9664 1",
      "san-a ruby:9664 1",
    ]);
  });

  it("answers with the right figures under the names, job and instance that others' dashboards ask for", async () => {
    expect(await prometheus.query('ha_cluster_drbd_resources{job="san-a",role="Primary",cluster="san-a"}')).toEqual([
      {
        labels: {
          cluster: "san-a",
          job: "san-a",
          instance: "ruby:9664",
          resource: "store",
          role: "Primary",
          volume: "0",
          disk_state: "uptodate",
        },
        value: "1",
      },
    ]);
    const dc = await prometheus.query('ha_cluster_pacemaker_nodes{job="san-a",status="dc",cluster=""} == 1');
    expect(dc.map(({ labels }) => `${labels.instance}: ${labels.node}`).sort()).toEqual(["crystal:9664: ruby", "ruby:9664: ruby"]);
    const online = 'count(ha_cluster_pacemaker_nodes{instance="ruby:9664",status="online",cluster=""} == 1)';
    expect(await prometheus.query(online)).toEqual([{ labels: {}, value: "2" }]);
  });

  it("answers what the console itself knows", async () => {
    expect((await prometheus.query("sum(quarterdeck_agent_up)"))[0]?.value).toBe("2");
    expect((await prometheus.query("quarterdeck_clusters"))[0]?.value).toBe("1");
    expect((await prometheus.query("quarterdeck_metrics_left_out"))[0]?.value).toBe("0");
    const safe = await prometheus.query('quarterdeck_node_safe_to_stop{node="ruby"} == 1');
    expect(safe).toHaveLength(1);
  });

  it("understands every question of the dashboard", async () => {
    const { panels } = Panels.parse(JSON.parse(readFileSync(path.join(docs, "prometheus/dashboard.json"), "utf8")));
    const questions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr.replaceAll("$cluster", ".*")));
    expect(questions.length).toBeGreaterThan(10);
    for (const question of questions) await prometheus.query(question);
    // One of each kind that must have an answer here.
    expect(await prometheus.query(questions.find((one) => one.includes("safe_to_stop")) ?? "")).toHaveLength(2);
  });
});
