// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ParseError } from "@/agent/collectors/define";
import { AoeExport } from "@/agent/protocol/model/aoe";
import { parseVblade, type VbladeExport } from "./parse-vblade";

const plain: VbladeExport = { name: "e0.0", device: "/dev/vdd", interface: "lan0", sync: false, direct: false, allowedMacs: [] };

/** The file as the kernel shows it: every argument ended by a NUL. */
function cmdline(...args: string[]): string {
  return args.map((arg) => `${arg}\0`).join("");
}

describe("a running vblade", () => {
  test.each<[string, string[], Partial<VbladeExport>]>([
    ["as captured", ["vblade", "0", "0", "lan0", "/dev/vdd"], {}],
    ["with its path", ["/usr/sbin/vblade", "0", "0", "lan0", "/dev/vdd"], {}],
    ["under its wrapper's name", ["/usr/sbin/vbladed", "0", "0", "lan0", "/dev/vdd"], {}],
    ["another address", ["vblade", "07", "13", "lan0", "/dev/vdd"], { name: "e7.13" }],
    ["-s", ["vblade", "-s", "0", "0", "lan0", "/dev/vdd"], { sync: true }],
    ["-d", ["vblade", "-d", "0", "0", "lan0", "/dev/vdd"], { direct: true }],
    ["flags in one", ["vblade", "-dsr", "0", "0", "lan0", "/dev/vdd"], { sync: true, direct: true }],
    ["a flag and a glued value in one", ["vblade", "-sb16", "0", "0", "lan0", "/dev/vdd"], { sync: true }],
    ["a value that looks like a flag", ["vblade", "-b", "-s", "0", "0", "lan0", "/dev/vdd"], {}],
    ["offset, length, file", ["vblade", "-o", "8", "-l", "100", "-f", "x", "0", "0", "lan0", "/dev/vdd"], {}],
    ["options behind the words", ["vblade", "0", "0", "lan0", "/dev/vdd", "-s"], { sync: true }],
    ["options between the words", ["vblade", "0", "-d", "0", "lan0", "/dev/vdd"], { direct: true }],
    ["-- ends the options", ["vblade", "--", "0", "0", "lan0", "-s"], { device: "-s" }],
    ["a file name with blanks", ["vblade", "0", "0", "lan0", "/srv/my disk -s"], { device: "/srv/my disk -s" }],
    ["one MAC", ["vblade", "-m", "525400000AFF", "0", "0", "lan0", "/dev/vdd"], { allowedMacs: ["52:54:00:00:0a:ff"] }],
    [
      "MACs in one word",
      ["vblade", "-m", "52:54:00:00:01:00,525400000200", "0", "0", "lan0", "/dev/vdd"],
      { allowedMacs: ["52:54:00:00:01:00", "52:54:00:00:02:00"] },
    ],
    [
      "MACs that vblade itself cut apart",
      ["vblade", "-m", "525400000100", "525400000200", "0", "0", "lan0", "/dev/vdd"],
      { allowedMacs: ["52:54:00:00:01:00", "52:54:00:00:02:00"] },
    ],
    [
      "a glued MAC list",
      ["vblade", "-m525400000100", "-s", "0", "0", "lan0", "/dev/vdd"],
      { allowedMacs: ["52:54:00:00:01:00"], sync: true },
    ],
  ])("%s", (_, args, differs) => {
    expect(parseVblade(cmdline(...args))).toEqual({ ...plain, ...differs });
  });
});

test.each([
  ["a kernel thread", ""],
  ["another program", cmdline("bash", "-c", "vblade 0 0 lan0 /dev/vdd")],
  ["a program with vblade in its name", cmdline("vblade-watch", "0", "0", "lan0", "/dev/vdd")],
  ["a folder of that name", cmdline("/opt/vblade/run", "0", "0", "lan0", "/dev/vdd")],
  ["a shell that runs the wrapper", cmdline("/bin/sh", "/usr/sbin/vbladed", "0", "0", "lan0", "/dev/vdd")],
])("%s is not a vblade", (_, text) => {
  expect(parseVblade(text)).toBeNull();
});

test.each([
  ["no words", cmdline("vblade")],
  ["too few words", cmdline("vblade", "0", "0", "lan0")],
  ["too many words", cmdline("vblade", "0", "0", "lan0", "/dev/vdd", "/dev/vde")],
  ["a shelf that is no number", cmdline("vblade", "a", "0", "lan0", "/dev/vdd")],
  ["an option nobody knows", cmdline("vblade", "-z", "0", "0", "lan0", "/dev/vdd")],
  ["an option without its value", cmdline("vblade", "0", "0", "lan0", "/dev/vdd", "-b")],
  ["a last word that is cut", "vblade\x000\x000\0lan0\0/dev/vd"],
])("%s: not understood, and that is said", (_, text) => {
  expect(() => parseVblade(text)).toThrow(ParseError);
});

test("cut anywhere: refused, or not a vblade at all; never another device", () => {
  const whole = cmdline("vblade", "-s", "0", "0", "lan0", "/dev/vdd");
  for (let at = 0; at < whole.length; at += 1) {
    try {
      expect(parseVblade(whole.slice(0, at))).toBeNull();
    } catch (error) {
      expect(error).toBeInstanceOf(ParseError);
    }
  }
});

test("hostile arguments give a value that fits the contract, null, or a ParseError", () => {
  const arg = fc.oneof(
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.constantFrom("-s", "-d", "-m", "--", "-", "0", "lan0", "525400000100"),
  );
  fc.assert(
    fc.property(fc.array(arg, { maxLength: 12 }), (args) => {
      try {
        const found = parseVblade(cmdline("vblade", ...args));
        if (found !== null) AoeExport.parse({ ...found, pid: 1 });
      } catch (error) {
        expect(error).toBeInstanceOf(ParseError);
      }
    }),
    { numRuns: 1_000 },
  );
});
