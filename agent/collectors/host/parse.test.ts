// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ParseError } from "@/agent/collectors/define";
import { cutsOf } from "@/agent/collectors/golden";
import { parseCpuList, parseFirstNumber, parseMeminfo, parseNumber, parsePressure, parseStatCpus, parseWord } from "./parse";
import { parseNetDev } from "./traffic";

const meminfo = "MemTotal:         472340 kB\nMemFree:          301452 kB\nMemAvailable:     388120 kB\nHugepagesize:       2048 kB\n";
const pressure = "some avg10=1.53 avg60=0.42 avg300=0.11 total=1234567\nfull avg10=0.00 avg60=0.10 avg300=0.02 total=999999\n";
const stat = "cpu  100 0 50 1000 0 0 0 0 0 0\ncpu0 50 0 25 500 0 0 0 0 0 0\ncpu1 50 0 25 500 0 0 0 0 0 0\nintr 12\nbtime 1795172400\n";

const netDev =
  "Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n  eth0:698575584   17397    0    2    0     0          0         0  1271865   10930    0    0    0     0       0          0\n";

/** Each parser, a text it understands, and what that says. */
const parsers: ReadonlyArray<[string, (text: string) => unknown, string, unknown]> = [
  ["a kernel release", (text) => parseWord("osrelease", text), "6.1.0-56-amd64\n", "6.1.0-56-amd64"],
  ["an attribute", (text) => parseNumber("mtu", text), "1500\n", 1_500],
  ["a negative attribute", (text) => parseNumber("speed", text), "-1\n", -1],
  ["uptime", (text) => parseFirstNumber("/proc/uptime", text), "1348.05 2400.11\n", 1_348.05],
  ["load", (text) => parseFirstNumber("/proc/loadavg", text), "0.52 0.31 0.12 2/143 4711\n", 0.52],
  ["memory", parseMeminfo, meminfo, { totalBytes: 483_676_160, availableBytes: 397_434_880 }],
  ["memory before Linux 3.14", parseMeminfo, meminfo.replace(/MemAvailable.*\n/, ""), { totalBytes: 483_676_160, availableBytes: null }],
  ["pressure", (text) => parsePressure("/proc/pressure/io", text), pressure, 1.53],
  ["one cpu", (text) => parseCpuList("online", text), "0\n", 1],
  ["cpus with holes", (text) => parseCpuList("online", text), "0-3,8,10-11\n", 7],
  ["cpus of /proc/stat", parseStatCpus, stat, 2],
  [
    "interface counters",
    (text) => [...parseNetDev(text)],
    netDev,
    [["eth0", { receivedBytes: 698_575_584, receiveErrors: 0, receiveDrops: 2, sentBytes: 1_271_865, sendErrors: 0, sendDrops: 0 }]],
  ],
];

describe.each(parsers)("%s", (_, parse, text, value) => {
  test("is read", () => {
    expect(parse(text)).toEqual(value);
  });

  test("cut in the middle of a line: refused", () => {
    for (const cut of cutsOf(text).filter((one) => !one.endsWith("\n"))) expect(() => parse(cut)).toThrow(ParseError);
  });

  test("hostile text gives a value or a ParseError", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), fc.nat(text.length), (noise, at) => {
        for (const hostile of [`${noise}\n`, `${text.slice(0, at)}${noise}${text.slice(at)}`]) {
          try {
            parse(hostile);
          } catch (error) {
            expect(error).toBeInstanceOf(ParseError);
          }
        }
      }),
    );
  });
});

test.each([
  ["an empty number is not zero", () => parseNumber("mtu", "\n")],
  ["a word of two words", () => parseWord("osrelease", "6.1 amd64\n")],
  ["an uptime that is no number", () => parseFirstNumber("/proc/uptime", "soon\n")],
  ["memory without a total", () => parseMeminfo("MemFree: 3 kB\n")],
  ["pressure without its line", () => parsePressure("/proc/pressure/io", "full avg10=0.00\n")],
  ["a cpu range that runs backwards", () => parseCpuList("online", "3-0\n")],
  ["an empty cpu list", () => parseCpuList("online", "\n")],
  ["/proc/stat without a cpu", () => parseStatCpus("cpu  1 2 3\n")],
])("%s: refused", (_, parse) => {
  expect(parse).toThrow(ParseError);
});

test("pressure stays a percentage", () => {
  expect(parsePressure("/proc/pressure/io", "some avg10=100.07 avg60=0.00 avg300=0.00 total=1\n")).toBe(100);
});
