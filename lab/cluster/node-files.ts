// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Choices, cib } from "./configuration";
import { corosyncConf, hosts } from "./corosync-conf";
import type { LabNode, Layout } from "./layout";

/** Pacemaker's own folders, as its package makes them: the daemons run as hacluster. */
const PACEMAKER = ["", "/blackbox", "/cib", "/cores", "/pengine"];
const INSIDE = path.join(import.meta.dirname, "inside");

/** Where whoever runs the lab listens for what the agents inside its nodes want. */
export const deskSocket = (layout: Layout) => path.join(layout.dir, "desk.sock");

/** A node's private files, as they are before its first start. */
export function layNode(layout: Layout, node: LabNode, choices: Choices): void {
  mkdirSync(node.home, { recursive: true });
  const owned = (folder: string) =>
    execFileSync("install", ["-d", "-o", "hacluster", "-g", "haclient", "-m", "0750", path.join(node.home, folder)]);
  const put = (file: string, text: string, mode = 0o644) => writeFileSync(path.join(node.home, file), text, { mode });
  for (const folder of PACEMAKER) owned(`pacemaker${folder}`);
  for (const folder of ["corosync", "log", "log/corosync", "corosync.d", "sbin"])
    mkdirSync(path.join(node.home, folder), { recursive: true });
  owned("log/pacemaker");
  put("corosync.d/corosync.conf", corosyncConf(layout));
  put("hosts", hosts(layout));
  put("pacemaker.cib", cib(layout, choices));
  const seed = path.join(node.home, "pacemaker/cib/cib.xml");
  execFileSync("install", ["-o", "hacluster", "-g", "haclient", "-m", "0600", path.join(node.home, "pacemaker.cib"), seed]);
  cpSync(path.join(INSIDE, "fence_lab"), path.join(node.home, "sbin/fence_lab"));
  cpSync(path.join(INSIDE, "ocf"), path.join(node.home, "ocf/lab"), { recursive: true });
  const ask = [process.execPath, path.join(INSIDE, "ask-desk.mjs"), deskSocket(layout)].map((word) => `'${word}'`).join(" ");
  put("sbin/fence_lab_ask", `#!/bin/sh\nexec ${ask} "$@"\n`, 0o755);
}
