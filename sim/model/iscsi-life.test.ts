// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { treeOf } from "@/sim/tree/node-files";
import { newFleet } from "./fleet";
import { type Fleet, nodeOf } from "./model";
import { powerOff } from "./power";
import { play, tick } from "./tick";

const O1 = "iqn.2014-03.com.example.san-a:o1";
const start = () => newFleet({ atMs: Date.UTC(2026, 10, 20), isCalm: true, pace: 1, newId: () => "boot" });

function wait(fleet: Fleet, ms: number): Fleet {
  let now = fleet;
  for (let passed = 0; passed < ms; passed += 500) now = tick(now, 500).fleet;
  return now;
}

function filesOf(fleet: Fleet, name: string): Record<string, string> {
  const { cluster, node } = nodeOf(fleet, name);
  const files = Object.assign({}, ...treeOf(cluster, node, fleet.atMs).map((part) => part.files()));
  return Object.fromEntries(Object.entries(files).map(([place, file]) => [place, JSON.stringify(file)]));
}

const session = (fleet: Fleet) => nodeOf(fleet, "hv01").node.iscsi?.sessions[0];
const serving = (fleet: Fleet) =>
  ["ruby", "crystal"].filter((name) => Object.keys(filesOf(fleet, name)).some((place) => place.includes(`iscsi/${O1}/`)));

describe("an iSCSI target and its client", () => {
  it("stand as configfs and sysfs show them: the ACL knows who is logged in, the client knows where to", () => {
    const fleet = wait(start(), 2_000);
    const lio = filesOf(fleet, "ruby");
    expect(lio[`/sys/kernel/config/target/iscsi/${O1}/tpgt_1/np/10.20.5.10:3260/iser`]).toBeDefined();
    expect(lio[`/sys/kernel/config/target/iscsi/${O1}/tpgt_1/acls/iqn.1993-08.org.debian:01:hv01/info`]).toContain(
      "TARG_SESS_STATE_LOGGED_IN",
    );
    expect(lio["/sys/kernel/config/target/core/iblock_0/p_lun_o1/udev_path"]).toContain("/dev/drbd0");
    expect(serving(fleet)).toEqual(["ruby"]);
    expect(filesOf(fleet, "crystal")["/sys/kernel/config/target/version"]).toBeDefined();
    expect(filesOf(fleet, "hv01")["/sys/class/iscsi_session/session1/state"]).toContain("LOGGED_IN");
  });

  it("fail over: the connection falls first, then the session, and both come back on the other node", () => {
    let fleet = play(start(), (scene) => {
      const { cluster, node } = nodeOf(scene.fleet, "ruby");
      powerOff(scene, cluster, node);
    }).fleet;
    fleet = wait(fleet, 1_500);
    expect(session(fleet)).toMatchObject({ state: "LOGGED_IN", isConnected: false, disk: "blocked" });
    expect(filesOf(fleet, "hv01")["/sys/class/iscsi_connection/connection1:0/address"]).toBeUndefined();
    fleet = wait(fleet, 1_500);
    expect(session(fleet)).toMatchObject({ state: "FAILED", disk: "blocked" });
    fleet = wait(fleet, 60_000);
    expect(serving(fleet)).toContain("crystal");
    expect(session(fleet)).toMatchObject({ state: "LOGGED_IN", isConnected: true, disk: "running", servedBy: "crystal" });
  });

  it("gives up after its recovery timeout, and comes back all the same", () => {
    const cut = (isCut: boolean) => (fleet: Fleet) =>
      play(fleet, (scene) => {
        for (const one of nodeOf(scene.fleet, "hv01").node.iscsi?.sessions ?? []) one.isCut = isCut;
      }).fleet;
    const lost = wait(cut(true)(start()), 124_000);
    expect(session(lost)).toMatchObject({ state: "FREE", disk: "transport-offline" });
    expect(session(wait(cut(false)(lost), 4_000))).toMatchObject({ state: "LOGGED_IN", disk: "running", servedBy: "ruby" });
  });
});
