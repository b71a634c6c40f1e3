// SPDX-License-Identifier: Apache-2.0
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ParseError } from "@/agent/collectors/define";
import { cutsOf, goldenCases } from "@/agent/collectors/golden";
import { Bond, type BondPort } from "@/agent/protocol/model/bonding";
import { parseBond } from "./parse";

const cases = goldenCases(path.join(import.meta.dirname, "fixtures"));
const lacp = cases.find((one) => one.name === "linux-6.1-lacp")?.text ?? "";

/** The value, or null where the parser refused; anything else thrown fails the test. */
function parseOrRefuse(text: string): Bond | null {
  try {
    return Bond.parse(parseBond("bond0", text));
  } catch (error) {
    if (error instanceof ParseError) return null;
    throw error;
  }
}

/** Null says nothing; every word that is said must be the whole text's. */
function saysNothingElse(port: BondPort, whole: BondPort | undefined): boolean {
  return (
    whole !== undefined &&
    Object.entries(port).every(([key, value]) => value === null || value === Object.entries(whole).find(([of]) => of === key)?.[1])
  );
}

describe.each(cases)("$name", ({ text, golden }) => {
  test("becomes its golden value", () => {
    expect(Bond.parse(parseBond("bond0", text))).toEqual(golden);
  });

  test("cut anywhere it is refused, or says nothing that the whole does not say", () => {
    const whole = parseBond("bond0", text);
    for (const cut of cutsOf(text)) {
      const value = parseOrRefuse(cut);
      if (value === null) continue;
      expect(cut.endsWith("\n"), `a value from an unfinished line: ${cut.slice(-40)}`).toBe(true);
      expect({ ...value, ports: [], lacp: null, miimonMs: null }).toEqual({ ...whole, ports: [], lacp: null, miimonMs: null });
      expect(value.miimonMs ?? whole.miimonMs).toBe(whole.miimonMs);
      if (value.lacp?.permitted) expect(value.lacp).toEqual(whole.lacp);
      value.ports.forEach((port, at) => {
        expect(saysNothingElse(port, whole.ports[at]), JSON.stringify(port)).toBe(true);
      });
    }
  });

  test("with Windows line ends and trailing blanks it says the same", () => {
    expect(parseBond("bond0", text.replaceAll("\n", "  \r\n"))).toEqual(golden);
  });

  test("without its blank lines it says the same", () => {
    expect(parseBond("bond0", text.replaceAll(/\n{2,}/g, "\n"))).toEqual(golden);
  });
});

describe("damaged texts are refused", () => {
  test.each([
    ["an empty text", ""],
    ["no bonding mode", lacp.replace(/Bonding Mode.*\n/, "")],
    ["two files in one", lacp + lacp],
    ["a port shown twice", lacp.replaceAll("Slave Interface: p2", "Slave Interface: p1")],
    ["a port without its first line", lacp.replace("Slave Interface: p2\n", "")],
    ["a port without a link state", lacp.replace(/(Slave Interface: p2\n)MII Status: up\n/, "$1")],
    ["a remark behind a link state", lacp.replace("MII Status: up", "MII Status: up <-- here")],
    ["a remark behind a speed", lacp.replace("1000 Mbps", "1000 Mbps (?)")],
    ["a failure count that is no number", lacp.replace("Link Failure Count: 0", "Link Failure Count: O")],
    ["an active port of two words", lacp.replace("MII Status", "Currently Active Slave: p1 or p2\nMII Status")],
    ["half an aggregator block", lacp.replace(/\tNumber of ports.*\n/, "")],
    ["partner details without the partner's address", lacp.replace(/(details partner lacp pdu:\n.*\n).*system mac address.*\n/, "$1")],
    ["quoted lines", lacp.replaceAll(/^/gm, "> ")],
    ["a line without end", `${lacp}${"x".repeat(10_000)}\n`],
    ["more ports than any driver has", lacp + Array.from({ length: 300 }, (_, n) => `Slave Interface: x${n}\nMII Status: up\n`).join("")],
  ])("%s", (_, text) => {
    expect(() => parseBond("bond0", text)).toThrow(ParseError);
  });
});

test("a mode and a link word that no driver of today prints are kept as read", () => {
  const text = "Bonding Mode: quantum (entangled) (fail_over_mac none)\nMII Status: going sideways\n";
  expect(parseBond("bond0", text)).toMatchObject({ mode: "quantum (entangled)", link: "going sideways" });
});

test("lines that we do not know change nothing", () => {
  const noisy = lacp.replaceAll("Link Failure Count", "Flux Capacitance: 88\nLink Failure Count");
  expect(parseBond("bond0", noisy)).toEqual(parseBond("bond0", lacp));
});

describe("hostile text", () => {
  test("any text gives a value that fits the contract, or a ParseError", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
        parseOrRefuse(`${text}\n`);
      }),
    );
  });

  test("known lines in any order with any values give a value that fits the contract, or a ParseError", () => {
    const keys = [...new Set(cases.flatMap((one) => one.text.split("\n").map((line) => line.split(":")[0] ?? "")))];
    const value = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.integer().map(String),
      fc.constantFrom("up", "None", "N/A", "1000 Mbps", "p1", "off", ""),
    );
    const lines = fc.array(fc.tuple(fc.constantFrom(...keys), value), { maxLength: 60 });
    fc.assert(
      fc.property(lines, (pairs) => {
        parseOrRefuse(
          `Bonding Mode: fault-tolerance (active-backup)\nMII Status: up\n${pairs.map(([key, word]) => `${key}: ${word}\n`).join("")}`,
        );
      }),
      { numRuns: 500 },
    );
  });
});
