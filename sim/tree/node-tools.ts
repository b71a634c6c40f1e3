// SPDX-License-Identifier: Apache-2.0

import type { Cluster, SimNode } from "@/sim/model/model";
import { pacemakerAnswers } from "@/sim/model/quorum";
import { renderCib } from "@/sim/text/cib";
import { monitorStyleOf, renderMonitor, renderNotConnected } from "@/sim/text/crm-mon";
import { renderDumpXml, renderShow9, renderShow84 } from "@/sim/text/drbd-settings";
import { renderEventsDump } from "@/sim/text/events2";
import { renderStatusJson } from "@/sim/text/status-json";
import { renderPackages } from "@/sim/text/versions";
import { cibOf } from "./cib-view";
import { corosyncAnswers } from "./corosync-view";
import { eventObjects, settingsOf, statusResources } from "./drbd-objects";
import { dlmAnswers } from "./locks-view";
import { MONITOR_REQUEST, monitorOf } from "./monitor-view";
import { installedOn, QUIET_COUNTERS_MS, type TreeFiles, type TreePart } from "./node-files";
import { poolAnswers } from "./pools-view";

/** What the node's tools answer: files beside its tree that the scripts in its bin folder give out. */
export function answersOf(cluster: Cluster, node: SimNode, atMs: number): TreePart[] {
  return [
    ...drbdAnswers(cluster, node, atMs),
    ...pacemakerAnswersOf(cluster, node),
    ...corosyncAnswers(cluster, node, atMs),
    ...dlmAnswers(cluster, node),
    ...poolAnswers(node),
    versionAnswers(node),
  ];
}

function versionAnswers(node: SimNode): TreePart {
  const installed = installedOn(node);
  return {
    name: "versions",
    mark: JSON.stringify(installed),
    files: () => ({
      "/packages": { text: renderPackages(installed) },
      ...(node.drbd ? { "/modinfo": { text: `${node.drbd.version}\n` } } : {}),
    }),
  };
}

function drbdAnswers(cluster: Cluster, node: SimNode, atMs: number): TreePart[] {
  const { drbd } = node;
  if (!drbd) return [];
  const settings = settingsOf(cluster, node, true);
  const parts: TreePart[] = [
    {
      name: "drbd settings",
      mark: JSON.stringify(settings),
      files: () => {
        const configured = settingsOf(cluster, node, false).map(({ name }) => name);
        const files: TreeFiles = { "/drbdadm-sh-resources": { text: `${configured.join(" ")}\n` } };
        if (drbd.generation !== "8.3") {
          const show = drbd.generation === "9" ? renderShow9 : renderShow84;
          files["/drbdsetup-show"] = { text: show(settings, false) };
          files["/drbdsetup-show-defaults"] = { text: show(settings, true) };
        }
        // What DRBD 9's drbdadm prints of a mesh is another text; its drbdsetup says all there is to know.
        if (drbd.generation !== "9")
          files["/drbdadm-dump-xml"] = { text: renderDumpXml(settingsOf(cluster, node, false), drbd.generation) };
        return files;
      },
    },
  ];
  if (drbd.generation === "8.3") return parts;
  const objects = eventObjects(cluster, node);
  const isMoving = cluster.mirrors.some((mirror) =>
    mirror.links.some((link) => link.sync !== null && (link.a === node.name || link.b === node.name)),
  );
  const slot = Math.trunc(atMs / (isMoving ? 1_000 : QUIET_COUNTERS_MS));
  parts.push({
    name: "drbd events",
    mark: JSON.stringify(objects.map(({ key, fields }) => [key, fields])),
    files: () => ({ "/drbdsetup-events2-now": { text: renderEventsDump(objects, { hasStatistics: false, hasTimestamps: false }, atMs) } }),
  });
  if (drbd.generation === "9") {
    parts.push({
      name: "drbd status",
      mark: `${slot} ${JSON.stringify(objects.map(({ fields }) => fields))}`,
      files: () => ({ "/drbdsetup-status.json": { text: renderStatusJson(statusResources(cluster, node, atMs)) } }),
    });
  }
  return parts;
}

function pacemakerAnswersOf(cluster: Cluster, node: SimNode): TreePart[] {
  const version = node.pacemakerVersion;
  if (version === null) return [];
  const isAnswering = pacemakerAnswers(cluster, node.name);
  const style = monitorStyleOf(version);
  const { epoch, numUpdates, changedAtMs } = cluster.pacemaker;
  const disks = cluster.mirrors.map((mirror) => mirror.copies.map((copy) => [copy.role, copy.disk, copy.isUp]));
  return [
    {
      name: "pacemaker",
      mark: JSON.stringify([isAnswering, epoch, numUpdates, changedAtMs, disks]),
      files: () => ({
        "/crm_mon.xml": {
          text: isAnswering ? renderMonitor(monitorOf(cluster, version), style) : renderNotConnected(MONITOR_REQUEST, style),
        },
        "/cib.xml": { text: isAnswering ? renderCib(cibOf(cluster)) : "" },
        "/pacemaker.exit": { text: isAnswering ? "0\n" : `${style.isLegacy ? 107 : 102}\n` },
      }),
    },
  ];
}
