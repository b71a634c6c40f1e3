// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { renderAoeDebug, renderCommandLine, renderPacketSockets } from "./aoe";

const captured = (name: string) => readFileSync(path.join(import.meta.dirname, "../fixtures/aoe", name), "utf8");

it("says an AoE device with two targets as the driver said it", () => {
  const target = { outstanding: 0, window: 16, windowMax: 16, threshold: 8, taint: 0, interfaces: ["lan0"] };
  const text = renderAoeDebug({
    rttAvgUs: 248_453,
    rttDevUs: 1_577_557,
    maxBytes: 1024,
    references: 0,
    targets: [
      { ...target, mac: "525400000100", frames: 42, free: "00000000dafd8d39", reads: 6_430, writes: 5_121 },
      { ...target, mac: "525400000200", frames: 38, free: "00000000fdec0a31", reads: 6_382, writes: 5_119 },
    ],
  });
  expect(text).toBe(/=== \S+e0\.0\n([\s\S]*?)=== /.exec(captured("two-devices.debugfs.txt"))?.[1]);
});

it("lists packet sockets as the kernel does, but for its hashed pointers", () => {
  const withoutPointers = (text: string) => text.replace(/^[0-9a-f]{16}/gm, "");
  const text = renderPacketSockets([
    { interfaceIndex: 2, inode: 16_164 },
    { interfaceIndex: 2, inode: 16_281 },
  ]);
  expect(withoutPointers(text)).toBe(withoutPointers(captured("two-blades.packet.txt")));
});

it("ends every argument of a command line with NUL", () => {
  expect(renderCommandLine(["vblade", "-s", "0"])).toBe(["vblade", "-s", "0", ""].join("\0"));
});
