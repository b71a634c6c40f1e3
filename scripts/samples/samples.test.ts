// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { differences } from "./expected";
import { invented } from "./invented";
import { kindOf } from "./kinds";

describe("what a text is, is told by its content", () => {
  test.each([
    ["proc-drbd", "version: 8.4.11 (api:1/proto:86-101)\n"],
    ["proc-drbd", " 0: cs:Connected ro:Primary/Secondary ds:UpToDate/UpToDate C r-----\n"],
    ["events2", "2026-01-02T03:04:05.000000+00:00 exists -\n"],
    ["drbd-json", '[{"name":"r0","connections":[]}]\n'],
    ["bonding", "> Bonding Mode: load balancing (xor)\n"],
    ["aoe", "rttavg: 1 rttdev: 2\n"],
    ["cib", '<?xml version="1.0"?>\n<!-- <diff> -->\n<cib epoch="1"/>\n'],
    ["crm_mon", '<pacemaker-result api-version="2.25" request="crm_mon -1"/>\n'],
    [null, '<pacemaker-result api-version="2.25" request="crm_resource --constraints"/>\n'],
    [null, "<diff><cib/></diff>\n"],
    [null, "Personalities : [raid1]\n"],
  ])("%s: %j", (kind, text) => expect(kindOf(text)).toBe(kind));
});

test("a word, a number or a unit that the text does not hold is invented", () => {
  const text = "disk:UpToDate size:1024 speed: 1,000 Mbps mac 525400000100";
  expect(invented({ disk: "UpToDate", sizeBytes: 1_048_576, speed: 1_000_000_000, mac: "52:54:00:00:01:00", none: null }, text)).toEqual(
    [],
  );
  expect(invented({ devices: [{ disk: "Diskless", size: 7 }] }, text)).toEqual(['devices.0.disk = "Diskless"', "devices.0.size = 7"]);
});

test("differences are told by their place, a missing one too", () => {
  expect(differences([{ a: 1, percent: 34.9 }], [{ a: 1, percent: [34, 34.9], b: 2 }])).toEqual([]);
  expect(differences([{ a: 1, percent: 34.9 }], [{ a: 2 }])).toEqual([
    "[0].a: 1 expected, 2 found",
    "[0].percent: 34.9 expected, no progress found",
  ]);
  expect(differences([1], [])).toEqual([": 1 expected, 0 found"]);
});
