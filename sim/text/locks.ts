// SPDX-License-Identifier: Apache-2.0
import type { O2cbNode } from "@/sim/model/model";

/** /etc/ocfs2/cluster.conf as o2cb writes it. Source: ocfs2.cluster.conf(5). */
export function renderClusterConf(cluster: string, nodes: readonly O2cbNode[]): string {
  const section = (kind: string, values: readonly string[]) => `${kind}:\n${values.map((value) => `\t${value}\n`).join("")}\n`;
  return [
    section("cluster", [`node_count = ${nodes.length}`, "heartbeat_mode = local", `name = ${cluster}`]),
    ...nodes.map(({ name, number, address }) =>
      section("node", ["ip_port = 7777", `ip_address = ${address}`, `number = ${number}`, `name = ${name}`, `cluster = ${cluster}`]),
    ),
  ].join("");
}

/** A lockspace and the numbers of its nodes; `lost`: members that are gone, and not fenced yet. */
export interface LockspaceText {
  name: string;
  id: number;
  members: readonly number[];
  lost: readonly number[];
}

const hex = (number: number): string => `0x${number.toString(16).padStart(8, "0")}`;
const list = (numbers: readonly number[]): string => numbers.map((number) => `${number} `).join("");

/** `dlm_tool ls`. Source: dlm_tool/main.c of dlm 4. */
export function renderLockspaces(spaces: readonly LockspaceText[]): string {
  if (spaces.length === 0) return "";
  const lines = spaces.flatMap(({ name, id, members, lost }) => {
    const left = members.filter((member) => !lost.includes(member));
    return [
      `name          ${name}`,
      `id            ${hex(id)}`,
      `flags         ${lost.length > 0 ? "0x00000004 kern_stop" : "0x00000000 "}`,
      `change        member ${members.length} joined 1 remove 0 failed 0 seq ${members.length},${members.length}`,
      `members       ${list(members)}`,
      ...(lost.length === 0
        ? []
        : [
            `new change    member ${left.length} joined 0 remove ${lost.length} failed ${lost.length} seq ${members.length + 1},${members.length + 1}`,
            "new status    wait fencing",
            `new members   ${list(left)}`,
          ]),
      "",
    ];
  });
  return `${["dlm lockspaces", ...lines].join("\n")}\n`;
}

/** `dlm_tool status`. Source: dlm_tool/main.c of dlm 4. */
export function renderStatus(nodeId: number, isQuorate: boolean, members: readonly number[], lost: readonly number[]): string {
  const node = (id: number) =>
    `node ${id} ${lost.includes(id) ? "X" : "M"} add 20 rem ${lost.includes(id) ? 2202 : 0} fail 0 fence 0 at 0 0`;
  return [
    `cluster nodeid ${nodeId} quorate ${isQuorate ? 1 : 0} ring seq 44 44`,
    "daemon now 2210 fence_pid 0 ",
    ...members.map(node),
    "",
  ].join("\n");
}
