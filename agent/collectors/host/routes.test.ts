// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { ParseError } from "@/agent/collectors/define";
import { cutsOf } from "@/agent/collectors/golden";
import { parseRoutes } from "./routes";

// As Linux 6.1 prints it, blanks at the ends of lines included.
const HEAD = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT   \n";
const TEXT = `${HEAD}eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0   \nidmz\t0005140A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0   \nold\t0006140A\t00000000\t0000\t0\t0\t0\t00FFFFFF\t0\t0\t0   \n`;

test("routes that are up, each with its interface and net", () => {
  expect(parseRoutes(TEXT)).toEqual([
    { interface: "eth0", destination: "0.0.0.0", prefixLength: 0 },
    { interface: "idmz", destination: "10.20.5.0", prefixLength: 24 },
  ]);
  expect(parseRoutes(HEAD)).toEqual([]);
});

test("a text cut short, other columns, or masks of another byte order are refused, never guessed", () => {
  for (const text of cutsOf(TEXT)) {
    try {
      for (const { prefixLength } of parseRoutes(text)) expect([0, 24]).toContain(prefixLength);
    } catch (cause) {
      expect(cause).toBeInstanceOf(ParseError);
    }
  }
  expect(() => parseRoutes("Iface Gateway\n")).toThrow(ParseError);
  expect(() => parseRoutes(TEXT.replace("00FFFFFF", "FFFFFF00"))).toThrow(ParseError);
});
