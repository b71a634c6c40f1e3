// SPDX-License-Identifier: Apache-2.0
import { cpSync, existsSync, rmSync } from "node:fs";
import path from "node:path";
import { clusterDown, clusterUp, whyNoLab } from "@/lab/cluster/cluster";
import type { LabNode } from "@/lab/cluster/layout";
import { ask } from "@/lab/cluster/node";
import { ROOT, startConsole, temporaryFolder } from "./harness/console";
import { requirePackages } from "./harness/debian";
import { bringConsole, layRoot, scrape, startInside } from "./harness/lab-node";
import { childrenPssMb, cpuMs, ownCpuMs, rssMb } from "./harness/processes";
import { AGENT_FLAGS } from "./harness/run-agent";
import { pause, until, withCleanup } from "./harness/wait";
import { type Measurement, type Row, row } from "./row";

const AGENT = path.join(ROOT, "dist/quarterdeck-agent.mjs");
const NODE_EXPORTER = { file: "/usr/bin/prometheus-node-exporter", debian: "prometheus-node-exporter" };
const HA_EXPORTER = { file: "/usr/bin/ha_cluster_exporter", debian: "prometheus-hacluster-exporter" };
/** Starting costs what idling does not: code is compiled, everything is read for the first time. */
const WARM_UP_MS = 30_000;
const MEASURE_MS = Number(process.env.BENCH_IDLE_MS ?? 120_000);
const CLUSTER = "lab";

async function startAgent(node: LabNode, dir: string, origin: string, token: string) {
  const root = await layRoot(path.join(dir, "overlay"), node);
  // The folder of this run is inside the root too, under the same name.
  const [program, config] = [path.join(dir, "overlay/quarterdeck-agent.mjs"), path.join(dir, "overlay/agent.json")];
  cpSync(AGENT, program);
  const enroll = ["enroll", "--console", origin, "--token", token, "--node", node.name, "--config", config];
  const said = await ask(node, "chroot", root, process.execPath, program, ...enroll, "--state-dir", path.join(dir, "overlay/state"));
  if (said === null) throw new Error("the agent could not enrol from inside the node");
  // As the packaged unit starts it.
  return startInside(node, "chroot", [root, process.execPath, ...AGENT_FLAGS, program, "run", "--config", config]);
}

async function startExporters(node: LabNode) {
  const node_ = await startInside(node, NODE_EXPORTER.file, ["--web.listen-address=127.0.0.1:9100"]);
  const ha = await startInside(node, HA_EXPORTER.file, ["--address", "127.0.0.1", "--port", "9664"]);
  return { node: node_, ha, urls: ["http://127.0.0.1:9100/metrics", "http://127.0.0.1:9664/metrics"] };
}

async function measure(say: (sentence: string) => void): Promise<Row[]> {
  requirePackages([
    NODE_EXPORTER,
    HA_EXPORTER,
    { file: "/usr/sbin/corosync", debian: "corosync" },
    { file: "/usr/sbin/pacemakerd", debian: "pacemaker" },
  ]);
  const why = whyNoLab();
  if (why !== null) throw new Error(why);
  return withCleanup(async (later) => {
    const dir = temporaryFolder();
    // Last of all: the mounts in it are the nodes' own, and end with them.
    later(() => rmSync(dir, { recursive: true, force: true }));
    const lab = path.join(dir, "lab");
    say("a real two-node Pacemaker and Corosync cluster starts in namespaces");
    later(() => (existsSync(lab) ? clusterDown(lab) : undefined));
    const { nodes } = await clusterUp(lab, 2, "qdbench");
    const [node] = nodes;
    if (!node) throw new Error("the lab has no node");
    const console_ = await startConsole();
    later(console_.remove);
    await console_.ask("POST", "/api/v1/clusters", { slug: CLUSTER, title: "Lab", environment: null });
    const door = await bringConsole(node, console_.origin);
    later(door.close);
    const agent = await startAgent(node, dir, door.origin, await console_.newToken(CLUSTER, node.name));
    later(agent.stop);
    await until(
      async () => (JSON.stringify(await console_.ask("GET", "/api/v1/agents")).includes('"link":"live"') ? true : null),
      "the agent did not link",
    );
    const exporters = await startExporters(node);
    later(exporters.node.stop);
    later(exporters.ha.stop);
    const scraping = await scrape(node, exporters.urls);
    later(scraping.stop);
    // One change of the cluster: from it the agent learns that the doorbell rings.
    await ask(node, "attrd_updater", "-n", "bench", "-U", "1");
    await pause(WARM_UP_MS);
    const pids = { agent: agent.pid, node: exporters.node.pid, ha: exporters.ha.pid };
    const before = {
      own: ownCpuMs(pids.agent),
      agent: cpuMs(pids.agent),
      node: cpuMs(pids.node),
      ha: cpuMs(pids.ha),
      answers: scraping.counts(),
      at: performance.now(),
    };
    say(`${MEASURE_MS / 1_000} s of nothing happening`);
    await pause(MEASURE_MS);
    const spanMs = performance.now() - before.at;
    const share = (pid: number, from: number) => ((cpuMs(pid) - from) / spanMs) * 100;
    const percent = { agent: share(pids.agent, before.agent), node: share(pids.node, before.node), ha: share(pids.ha, before.ha) };
    const own = ((ownCpuMs(pids.agent) - before.own) / spanMs) * 100;
    const perSecond = ((scraping.counts() - before.answers) / spanMs) * 1_000;
    if (perSecond < 1.8) throw new Error(`the exporters answered ${perSecond.toFixed(2)} scrapes a second, not 2`);
    const exportersPercent = percent.node + percent.ha;
    const beside = `node_exporter ${percent.node.toFixed(2)} % + ha_cluster_exporter ${percent.ha.toFixed(2)} % at 1 Hz, same node`;
    return [
      row(
        "agent-idle.cpu",
        percent.agent,
        "% of a core",
        null,
        `of it children ${(percent.agent - own).toFixed(2)} %; one of two real Pacemaker nodes, DRBD, bonds and AoE from a tree`,
      ),
      row("agent-idle.cpu-ratio", percent.agent / exportersPercent, "×", 0.1, beside),
      row(
        "agent-idle.rss",
        rssMb(pids.agent),
        "MB",
        60,
        `node_exporter ${rssMb(pids.node).toFixed(0)} MB + ha_cluster_exporter ${rssMb(pids.ha).toFixed(0)} MB`,
      ),
      row("agent-idle.children", childrenPssMb(pids.agent), "MB", 15, "PSS: the doorbells and cat on the kernel log"),
    ];
  });
}

export const agentIdle: Measurement = { name: "agent-idle", about: "the agent's CPU and memory while nothing happens", measure };
