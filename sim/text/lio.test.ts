// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { renderAclInfo, renderIblockInfo } from "./lio";

const captured = (name: string) => readFileSync(path.join(import.meta.dirname, "../fixtures/iscsi", name), "utf8");
const initiator = "iqn.2026-11.lab.carol:init";

it("says an ACL with its session, and without one, as LIO did", () => {
  expect(renderAclInfo(initiator, { initiator, alias: "carol", id: 1, address: "10.0.0.3" })).toBe(captured("logged-in.acl-info.txt"));
  expect(renderAclInfo(initiator, null)).toBe(captured("no-session.acl-info.txt"));
});

it("says a block device as backstore as LIO did", () => {
  expect(renderIblockInfo({ block: "vde", path: "/dev/vde", major: 254, minor: 64 })).toBe(captured("iblock.info.txt"));
});
