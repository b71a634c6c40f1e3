// SPDX-License-Identifier: Apache-2.0
import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";

// The node of the kill test: a bond with two ports and two DRBD minors, as text, and what happens to it step by step.

interface Port {
  link: "up" | "down";
  failures: number;
}
interface Minor {
  cs: string;
  roles: string;
  disks: string;
  /** KiB that are not in sync. */
  oos: number;
}
export interface NodeState {
  ports: { p1: Port; p2: Port };
  active: "p1" | "p2" | "None";
  minors: [Minor, Minor];
}

/** One thing that happens, and what the timeline says of it (durations left out). */
export interface Step {
  happens(state: NodeState): void;
  says: string;
}

export function calmState(): NodeState {
  const minor = () => ({ cs: "Connected", roles: "Primary/Secondary", disks: "UpToDate/UpToDate", oos: 0 });
  return { ports: { p1: { link: "up", failures: 0 }, p2: { link: "up", failures: 0 } }, active: "p1", minors: [minor(), minor()] };
}

/** Source: /proc/net/bonding of Linux 6.1, active-backup; as in agent/collectors/bonding/fixtures. */
function bondText({ ports, active }: NodeState): string {
  const isUp = ports.p1.link === "up" || ports.p2.link === "up";
  const portText = (name: string, { link, failures }: Port, index: number) =>
    [
      "",
      `Slave Interface: ${name}`,
      `MII Status: ${link}`,
      "Speed: 1000 Mbps",
      "Duplex: full",
      `Link Failure Count: ${failures}`,
      `Permanent HW addr: 52:54:00:00:01:0${index}`,
      "Slave queue ID: 0",
    ].join("\n");
  return [
    "Ethernet Channel Bonding Driver: v6.1.0-56-amd64",
    "",
    "Bonding Mode: fault-tolerance (active-backup)",
    "Primary Slave: None",
    `Currently Active Slave: ${active}`,
    `MII Status: ${isUp ? "up" : "down"}`,
    "MII Polling Interval (ms): 100",
    "Up Delay (ms): 0",
    "Down Delay (ms): 0",
    "Peer Notification Delay (ms): 0",
    portText("p1", ports.p1, 1),
    portText("p2", ports.p2, 2),
    "",
  ].join("\n");
}

/** Source: /proc/drbd of DRBD 8.4.11; as in agent/collectors/drbd/fixtures. */
function drbdText({ minors }: NodeState): string {
  const minorText = ({ cs, roles, disks, oos }: Minor, minor: number) => {
    const head = ` ${minor}: cs:${cs} ro:${roles} ds:${disks} C r-----`;
    const counters = `    ns:0 nr:0 dw:0 dr:0 al:0 bm:0 lo:0 pe:0 ua:0 ap:0 ep:1 wo:f oos:${oos}`;
    const progress = ["\t[==========>.........] sync'ed: 57.2% (14336/24576)K", "\tfinish: 0:00:01 speed: 10,240 (10,240) K/sec"];
    return [head, counters, ...(cs === "SyncSource" ? progress : [])].join("\n");
  };
  return ["version: 8.4.11 (api:1/proto:86-101)", "srcversion: F73C670A7EC572DB9CF3E5B ", ...minors.map(minorText), ""].join("\n");
}

/** Puts a text in the place of another at once: no reader sees half of it. */
async function replaceFile(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

/** Writes what a state looks like into a tree. The file that did not change stays the same text. */
export async function writeState(root: string, state: NodeState): Promise<void> {
  await replaceFile(path.join(root, "proc/net/bonding/bond0"), bondText(state));
  await replaceFile(path.join(root, "sys/class/net/bond0/bonding/slaves"), "p1 p2\n");
  await replaceFile(path.join(root, "proc/drbd"), drbdText(state));
}

function pull(name: "p1" | "p2"): Step {
  return {
    happens(state) {
      const port = state.ports[name];
      port.link = "down";
      port.failures += 1;
      const other = name === "p1" ? "p2" : "p1";
      state.active = state.ports[other].link === "up" ? other : "None";
    },
    says: `ruby: ${name} link down in bond0`,
  };
}

function plug(name: "p1" | "p2"): Step {
  return {
    happens(state) {
      state.ports[name].link = "up";
      if (state.active === "None") state.active = name;
    },
    says: `ruby: ${name} link up in bond0`,
  };
}

/** A step of one minor, and the words of its resource for it. */
function drbd(minor: 0 | 1, change: Partial<Minor>, says: string): Step {
  return { happens: (state) => Object.assign(state.minors[minor], change), says: `minor-${minor}${says}` };
}

/** Everything that a mirror goes through: lost, back with a resync, switched over, its disk lost and found. */
function mirrorLife(minor: 0 | 1): Step[] {
  return [
    drbd(
      minor,
      { cs: "WFConnection", roles: "Primary/Unknown", disks: "UpToDate/DUnknown" },
      ": connection to its peer lost (WFConnection)",
    ),
    drbd(minor, { cs: "StandAlone" }, ": ruby is StandAlone"),
    drbd(minor, { cs: "WFConnection" }, ": ruby tries to reach its peer again"),
    drbd(
      minor,
      { cs: "SyncSource", roles: "Primary/Secondary", disks: "UpToDate/Inconsistent", oos: 14_336 },
      ": resync to its peer started",
    ),
    drbd(minor, { cs: "Connected", disks: "UpToDate/UpToDate", oos: 0 }, " in sync"),
    drbd(minor, { roles: "Secondary/Secondary" }, ": Secondary on ruby"),
    drbd(minor, { roles: "Secondary/Secondary", disks: "Diskless/UpToDate" }, " on ruby: Diskless, was UpToDate"),
    drbd(minor, { disks: "UpToDate/UpToDate" }, " on ruby: UpToDate, was Diskless"),
    drbd(minor, { roles: "Primary/Secondary" }, ": Primary on ruby"),
  ];
}

/** The two subsystems take turns, so that each is old news while the other changes. */
export function story(): Step[] {
  const cables = [pull("p2"), plug("p2"), pull("p1"), pull("p2"), plug("p2"), plug("p1"), pull("p2"), plug("p2"), pull("p1"), plug("p1")];
  const mirrors = [...mirrorLife(0), ...mirrorLife(1)];
  const turns = [...cables, ...cables];
  return turns.flatMap((cable, index) => [cable, ...mirrors.slice(index, index + 1)]);
}
