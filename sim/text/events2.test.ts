// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { type EventObject, renderEventsBetween, renderEventsDump } from "./events2";

const captured = (name: string) => readFileSync(path.join(import.meta.dirname, "../fixtures/drbd", name), "utf8");
const live = captured("disconnect-reconnect.events2-live.txt");
const plain = { hasStatistics: true, hasTimestamps: false };

type Fields = [string, string | number][];
const connectionKey: Fields = [
  ["name", "r0"],
  ["peer-node-id", 0],
  ["conn-name", "peer"],
];

function resource(name: string, role: string): EventObject {
  return {
    kind: "resource",
    key: [["name", name]],
    fields: [
      ["role", role],
      ["suspended", "no"],
    ],
    statistics: [["write-ordering", "flush"]],
  };
}

function connection(key: Fields, state: string, role: string): EventObject {
  return {
    kind: "connection",
    key,
    fields: [
      ["connection", state],
      ["role", role],
    ],
    statistics: [["congested", "no"]],
  };
}

function device(name: string, minor: number, size: number, read: number, written: number, al: number): EventObject {
  return {
    kind: "device",
    key: [
      ["name", name],
      ["volume", 0],
      ["minor", minor],
    ],
    fields: [["disk", "UpToDate"]],
    statistics: [
      ["size", size],
      ["read", read],
      ["written", written],
      ["al-writes", al],
      ["bm-writes", 0],
      ["upper-pending", 0],
      ["lower-pending", 0],
      ["al-suspended", "no"],
      ["blocked", "no"],
    ],
  };
}

function peerDevice(key: Fields, replication: string, disk: string, received: number, sent: number, oos: number, pending = 0): EventObject {
  return {
    kind: "peer-device",
    key: [...key, ["volume", 0]],
    fields: [
      ["replication", replication],
      ["peer-disk", disk],
      ["resync-suspended", "no"],
    ],
    statistics: [
      ["received", received],
      ["sent", sent],
      ["out-of-sync", oos],
      ["pending", pending],
      ["unacked", 0],
    ],
  };
}

const connected = [
  resource("r0", "Primary"),
  connection(connectionKey, "Connected", "Secondary"),
  device("r0", 0, 262_100, 262_100, 0, 8),
  peerDevice(connectionKey, "Established", "UpToDate", 0, 262_100, 0),
];
/** The lines of the capture that begin so, without their time. */
const said = (start: string) =>
  live
    .split("\n")
    .map((line) => line.replace(/^\S+ /, ""))
    .filter((line) => line.startsWith(start));

describe("drbdsetup events2 of 8.4", () => {
  it("dumps a resync as drbdsetup said it", () => {
    const otherKey: Fields = [["name", "r1"], ...connectionKey.slice(1)];
    const objects = [
      resource("r0", "Primary"),
      connection(connectionKey, "Connected", "Secondary"),
      device("r0", 0, 262_100, 274_388, 24_576, 14),
      peerDevice(connectionKey, "SyncSource", "Inconsistent", 0, 13_108, 12_288, 1),
      resource("r1", "Secondary"),
      connection(otherKey, "Connected", "Primary"),
      device("r1", 1, 131_032, 0, 4_096, 8),
      peerDevice(otherKey, "Established", "UpToDate", 4_096, 0, 0),
    ];
    expect(renderEventsDump(objects, plain, 0)).toBe(captured("resync-source.events2.txt"));
  });

  it("says a disconnect in the lines drbdsetup said", () => {
    const leaving = [
      connected[0],
      connection(connectionKey, "Disconnecting", "Unknown"),
      connected[2],
      peerDevice(connectionKey, "Off", "DUnknown", 0, 262_100, 0),
    ].filter((object) => object !== undefined);
    expect(said("change").slice(0, 2).join("\n")).toBe(renderEventsBetween(connected, leaving, plain, 0).trimEnd());
    const alone = connected.filter((object) => object.kind === "resource" || object.kind === "device");
    expect(renderEventsBetween(leaving, alone, plain, 0).trimEnd()).toBe(said("destroy").join("\n"));
  });

  it("says a new connection in the lines drbdsetup said", () => {
    const alone = connected.filter((object) => object.kind === "resource" || object.kind === "device");
    const made = [
      ...alone,
      connection(connectionKey, "StandAlone", "Unknown"),
      peerDevice(connectionKey, "Off", "DUnknown", 0, 262_100, 24_576),
    ];
    expect(renderEventsBetween(alone, made, plain, 0).trimEnd()).toBe(said("create").join("\n"));
  });

  it("says nothing when only counters ran", () => {
    const later = connected.map((object) => (object.kind === "device" ? device("r0", 0, 262_100, 999_999, 5, 9) : object));
    expect(renderEventsBetween(connected, later, plain, 0)).toBe("");
  });

  it("stamps its lines as drbdsetup does", () => {
    const stamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00 exists /;
    expect(live).toMatch(stamp);
    expect(renderEventsDump(connected, { hasStatistics: false, hasTimestamps: true }, Date.UTC(2026, 10, 20))).toMatch(stamp);
  });
});
