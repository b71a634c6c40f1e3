// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Readings, SourceName } from "@/agent/protocol/sources";
import { drbd, ok } from "@/server/cluster/factories";
import { calmPacemaker, crystalSettings, crystalSide, rubySettings, rubySide } from "@/server/cluster/pair.factories";
import { type TestConsole, testConsole, until } from "@/server/test-console";
import { agentUrl, connectPeer, enrolPeer, type Peer } from "@/sim/peer";
import { promtool, startPrometheus } from "./test-prometheus";

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

describe("promtool", () => {
  it("takes the text for Prometheus's, with or without a node", async () => {
    for (const query of ["", "?cluster=san-a&node=ruby"]) {
      const { code, said } = promtool(["check", "metrics"], await scrape(query));
      expect(said).toBe("");
      expect(code).toBe(0);
    }
  });
});

describe("a Prometheus that scrapes the console", () => {
  it("has it up, and answers with the right figures under the names that others' dashboards ask for", async () => {
    const prometheus = await startPrometheus(
      folder,
      `scrape_configs:
  - job_name: quarterdeck
    scrape_interval: 1s
    honor_labels: true
    static_configs: [{ targets: ["${target()}"] }]
    metric_relabel_configs:
      - { source_labels: [__name__, cluster], regex: "ha_cluster_.+;(.+)", target_label: job }
`,
    );
    try {
      const up = await until("the first scrape", async () => (await prometheus.query("up"))[0]);
      expect(up).toEqual({ labels: { instance: target(), job: "quarterdeck" }, value: "1" });
      expect(await prometheus.query('ha_cluster_drbd_resources{job="san-a",role="Primary"}')).toEqual([
        {
          labels: {
            cluster: "san-a",
            job: "san-a",
            instance: "ruby",
            resource: "store",
            role: "Primary",
            volume: "0",
            disk_state: "uptodate",
          },
          value: "1",
        },
      ]);
      expect(await prometheus.query('count(ha_cluster_pacemaker_nodes{job="san-a",instance="ruby",status="online"} == 1)')).toEqual([
        { labels: {}, value: "2" },
      ]);
    } finally {
      await prometheus.stop();
    }
  });
});
