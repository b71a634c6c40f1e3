// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { type ResourceSettings, renderDumpXml, renderShow9, renderShow84 } from "./drbd-settings";

const captured = (name: string) => readFileSync(path.join(import.meta.dirname, "../fixtures/drbd", name), "utf8");

function resource(
  name: string,
  minor: number,
  disk: string,
  port: number,
  protocol: "A" | "C",
  verifyAlg: string | null,
): ResourceSettings {
  const end = (node: string, nodeId: number) => ({ node, nodeId, address: `10.0.0.${nodeId + 1}`, port, minor, backingDevice: disk });
  const peers = [end("bob", 1)];
  const local = end("alice", 0);
  return {
    ...{ name, minor, backingDevice: disk, protocol, verifyAlg, allowsTwo: false, fencing: "dont-care" },
    ...{ local, peers, configured: peers },
  };
}

const two = [resource("r0", 0, "/dev/vdb", 7788, "C", "crc32c"), resource("r1", 1, "/dev/vdc", 7789, "A", null)];

describe("DRBD's settings", () => {
  it("are shown as drbdsetup 8.4 showed them", () => {
    expect(renderShow84(two, false)).toBe(captured("two-resources.show.txt"));
  });

  it("are dumped as drbdadm dumped them, but for the common section of that machine", () => {
    const withoutCommon = (text: string) => text.replace(/ {4}<common>[\s\S]*<\/common>\n/, "");
    expect(withoutCommon(renderDumpXml(two, "8.4"))).toBe(withoutCommon(captured("two-resources.dump.xml")));
  });

  it("show no peer where 8.4 stands alone", () => {
    expect(renderShow84([{ ...resource("r0", 0, "/dev/vdb", 7788, "C", null), peers: [] }], true)).not.toMatch(/_remote_host|net \{/);
  });

  it("name every peer of DRBD 9", () => {
    expect(renderShow9(two, true)).toContain('            _name           \t"bob";');
  });
});
