// SPDX-License-Identifier: Apache-2.0
import { nodeOf } from "@/sim/model/model";
import { print } from "@/sim/model/scene";
import { defineFault, type FaultReach, twoOf } from "./define";

/** So many failed writes make ZFS give a device up. */
const WRITE_ERRORS = 14;

function change(reach: FaultReach, args: readonly string[], state: "online" | "faulted"): void {
  const [name, deviceName] = twoOf(["the node", "the device of its pool"], args);
  const devices = nodeOf(reach.fleet(), name).node.pools.flatMap((pool) => pool.devices.map((device) => device.name));
  if (!devices.includes(deviceName))
    throw new Error(`No pool of ${name} has a device ${deviceName}. Devices: ${devices.join(", ") || "none"}.`);
  reach.change((scene) => {
    const { node } = nodeOf(scene.fleet, name);
    for (const device of node.pools.flatMap((pool) => pool.devices)) {
      if (device.name !== deviceName || device.state === state) continue;
      Object.assign(device, { state, writeErrors: state === "faulted" ? WRITE_ERRORS : 0 });
      if (state === "faulted") print(scene, node, `blk_update_request: I/O error, dev ${deviceName}, sector 2056 op 0x1:(WRITE)`, 3);
    }
  });
}

/** A device of a ZFS pool takes no more writes: ZFS gives it up. Repaired as by `zpool clear`. */
export const failDevice = defineFault({
  name: "fail-device",
  title: "Fail a device of a ZFS pool",
  args: ["NODE", "DEVICE"],
  choices: (reach) =>
    reach
      .fleet()
      .clusters.flatMap(({ nodes }) =>
        nodes.flatMap((node) => node.pools.flatMap(({ devices }) => devices.map((device) => [node.name, device.name]))),
      ),
  apply: (reach, args) => change(reach, args, "faulted"),
  repair: (reach, args) => change(reach, args, "online"),
});
