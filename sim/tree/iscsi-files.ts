// SPDX-License-Identifier: Apache-2.0
import { type SimTarget, targetsOf } from "@/sim/model/iscsi-life";
import type { Cluster, SimNode, SimSession } from "@/sim/model/model";
import { renderAclInfo, renderIblockInfo } from "@/sim/text/lio";
import type { TreeFile, TreeFiles, TreePart } from "./node-files";

const LIO = "/sys/kernel/config/target";
/** DRBD's own major number. */
const DRBD_MAJOR = 147;

const line = (value: string | number): TreeFile => ({ text: `${value}\n` });

/** LIO's configfs on a storage node of a cluster with targets, and an initiator's sysfs. */
export function iscsiParts(cluster: Cluster, node: SimNode): TreePart[] {
  return [...targetParts(cluster, node), ...sessionParts(node)];
}

function targetParts(cluster: Cluster, node: SimNode): TreePart[] {
  const isStorage = cluster.pacemaker.services.some(({ primitives }) => primitives.some(({ agent }) => agent.endsWith(":iSCSITarget")));
  if (!isStorage || node.role !== "member") return [];
  const targets = targetsOf(cluster).filter((target) => target.node === node.name);
  const clients = cluster.nodes.filter((one) => one.iscsi !== null);
  const sessions = clients.flatMap((client) => (client.iscsi?.sessions ?? []).map((session) => [client.name, session.servedBy]));
  return [
    {
      name: "lio",
      mark: JSON.stringify([targets, sessions]),
      files: () => ({
        [`${LIO}/version`]: line(`Target Engine Core ConfigFS Infrastructure v5.0 on Linux/x86_64 on ${node.kernel}`),
        [`${LIO}/iscsi/lio_version`]: line("Datera Inc. iSCSI Target v4.1.0"),
        ...Object.assign({}, ...targets.map((target) => targetFiles(target, clients, node))),
      }),
    },
  ];
}

function targetFiles(target: SimTarget, clients: readonly SimNode[], node: SimNode): TreeFiles {
  const group = `${LIO}/iscsi/${target.iqn}/tpgt_1`;
  const files: TreeFiles = {
    [`${group}/enable`]: line(1),
    [`${group}/dynamic_sessions`]: { text: "" },
    [`${group}/attrib/authentication`]: line(0),
    [`${group}/attrib/generate_node_acls`]: line(0),
  };
  for (const { address, port } of target.portals) files[`${group}/np/${address}:${port}/iser`] = line(0);
  for (const { lun, name, device } of target.luns) {
    const block = device.replace("/dev/", "");
    files[`${group}/lun/lun_${lun}/alua_tg_pt_offline`] = line(0);
    files[`${group}/lun/lun_${lun}/26dc9ee39a`] = { link: `../../../../../../target/core/iblock_0/${name}` };
    files[`${LIO}/core/iblock_0/${name}/enable`] = line(1);
    files[`${LIO}/core/iblock_0/${name}/udev_path`] = line(device);
    files[`${LIO}/core/iblock_0/${name}/info`] = {
      text: renderIblockInfo({ block, path: device, major: DRBD_MAJOR, minor: Number(block.replace("drbd", "")) }),
    };
  }
  for (const client of clients) {
    const own = client.iscsi?.sessions.filter((session) => session.target === target.iqn) ?? [];
    if (!client.iscsi || own.length === 0) continue;
    const { initiator, address } = client.iscsi;
    const acl = `${group}/acls/${initiator}`;
    const served = own.find((session) => session.servedBy === node.name);
    files[`${acl}/info`] = { text: renderAclInfo(initiator, served ? { initiator, alias: client.name, id: served.id, address } : null) };
    for (const { lun } of own) {
      files[`${acl}/lun_${lun}/write_protect`] = line(0);
      files[`${acl}/lun_${lun}/9dee1ff79d`] = { link: `../../../../../../../target/iscsi/${target.iqn}/tpgt_1/lun/lun_${lun}` };
    }
  }
  return files;
}

function sessionParts(node: SimNode): TreePart[] {
  const { iscsi } = node;
  if (!iscsi) return [];
  return [
    {
      name: "iscsi sessions",
      mark: JSON.stringify(iscsi.sessions.map(({ state, isConnected, disk }) => [state, isConnected, disk])),
      files: () => Object.assign({}, ...iscsi.sessions.map((session) => sessionFiles(session, iscsi.initiator))),
    },
  ];
}

function sessionFiles(session: SimSession, initiator: string): TreeFiles {
  const { id, lun, address, tcpPort, isConnected } = session;
  const own = `/sys/class/iscsi_session/session${id}`;
  const connection = `/sys/class/iscsi_connection/connection${id}:0`;
  const device = `${own}/device/target2:0:0/2:0:0:${lun}`;
  return {
    [`${own}/targetname`]: line(session.target),
    [`${own}/tpgt`]: line(1),
    [`${own}/state`]: line(session.state),
    [`${own}/recovery_tmo`]: line(session.recoverySeconds),
    [`${own}/initiatorname`]: line(initiator),
    [`${device}/state`]: line(session.disk),
    [`${device}/block/${session.diskName}/size`]: line(session.sizeKib * 2),
    [`/sys/block/${session.diskName}/size`]: line(session.sizeKib * 2),
    [`${connection}/state`]: line(isConnected ? "up" : "failed"),
    [`${connection}/persistent_address`]: line(address),
    [`${connection}/persistent_port`]: line(tcpPort),
    // Of a connection that is down the kernel says neither.
    ...(isConnected ? { [`${connection}/address`]: line(address), [`${connection}/port`]: line(tcpPort) } : {}),
  };
}
