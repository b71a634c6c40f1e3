// SPDX-License-Identifier: Apache-2.0
import { defineCollector } from "@/agent/collectors/define";
import type { Host } from "@/agent/host/host";
import type { Drbd, DrbdDevice, DrbdModule } from "@/agent/protocol/model/drbd";
import { isAnyMovingData, nameDevices, statesOf, steadyDrbd, withProtocols } from "./merge";
import { parseProcDrbd } from "./parse-proc";
import { readNine } from "./read-nine";
import { readSizes, readSurroundings, type Surroundings } from "./read-surroundings";

const EVERY_MS = 2_000;
const MOVING_MS = 1_000;
/** Names and settings are asked for when a state moved, and this often besides … */
const ASK_EVERY_MS = 60_000;
/** … or this often while a part of them could not be read. */
const ASK_AGAIN_MS = 10_000;

interface Asked extends Surroundings {
  states: string;
  /** The devices they are about. */
  minors: string;
  atMs: number;
}

/** A read that only asks for names and settings follows this soon. */
const SOON_MS = 100;
/** Values told with the names and settings from before their states moved; those of the next read are asked for anew. */
const hasOlderSettings = new WeakSet<Drbd>();

/** What was last asked for on a node, so that a quiet reading costs some files and no process. */
const lastAsked = new WeakMap<Host, Asked>();

/** DRBD of every generation: the states from the kernel, the names and settings from drbdsetup, drbdadm or udev's links. */
export const drbd = defineCollector({
  name: "drbd",
  reads: "/proc/drbd, drbdsetup (status, events2, show), drbdadm dump-xml, /dev/drbd/by-res, /sys/block/drbd*",
  everyMs: EVERY_MS,
  absentEveryMs: 15_000,
  paceMs: (value) => (isAnyMovingData(value) ? MOVING_MS : EVERY_MS),
  againMs: (value) => (hasOlderSettings.has(value) ? SOON_MS : null),
  timeoutMs: 15_000,
  doorbells: (host) => ({
    ring: (bell, signal) => host.follow({ tool: "drbdsetup", args: ["events2"] }, () => bell(), signal),
  }),
  // DRBD 8.3 has no events2: "block drbd0: conn( SyncTarget -> Connected )". Its lines of single blocks ring nothing. Source: drbd_state.c
  kernelBell: /\bdrbd.*\b(conn|disk|pdsk|role|peer|susp)\(|Split-Brain detected/,
  steady: steadyDrbd,
  async read(host, previous) {
    const text = await host.read("/proc/drbd");
    if (text === null) return null;
    const proc = parseProcDrbd(text);
    const nine = proc.module?.generation === "9" ? await readNine(host) : null;
    // In 8.4 compatibility DRBD 9 prints its devices in /proc as well: less than drbdsetup says, but all of them.
    const isCompat = nine?.devices === null && proc.devices.length > 0;
    const devices = nine?.devices ?? proc.devices;
    const [around, sizes] = await Promise.all([surroundings(host, proc.module, devices, previous), readSizes(host, devices)]);
    const value: Drbd = {
      module: proc.module,
      devices: withProtocols(nameDevices(devices, around.names, sizes.value), around.settings),
      settings: around.settings,
      unread: [...(isCompat ? [] : (nine?.unread ?? [])), ...sizes.unread, ...around.unread],
    };
    if (around.isOlder) hasOlderSettings.add(value);
    // An equal reading is kept as the one before it, which then has what it lacked.
    else if (previous) hasOlderSettings.delete(previous);
    return value;
  },
});

async function surroundings(
  host: Host,
  module: DrbdModule | null,
  devices: readonly DrbdDevice[],
  previous: Drbd | null,
): Promise<Surroundings & { isOlder: boolean }> {
  const states = statesOf(devices);
  const minors = devices.map(({ minor, unconfigured }) => `${minor}${unconfigured ? "-" : ""}`).join();
  const known = lastAsked.get(host);
  const nowMs = host.now();
  if (previous && known) {
    const ageMs = nowMs - known.atMs;
    // A clock set back makes the age negative: ask.
    const isRecent = ageMs >= 0 && ageMs < (known.unread.length > 0 ? ASK_AGAIN_MS : ASK_EVERY_MS);
    if (isRecent && known.states === states) return { ...known, isOlder: false };
    // The tools take longer than a person should wait for the state itself: they are asked in a read of their own.
    if (isRecent && known.minors === minors && !hasOlderSettings.has(previous)) return { ...known, isOlder: true };
  }
  const asked = { ...(await readSurroundings(host, module, devices)), states, minors, atMs: nowMs };
  lastAsked.set(host, asked);
  return { ...asked, isOlder: false };
}
