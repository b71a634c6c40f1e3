// SPDX-License-Identifier: Apache-2.0
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ParseError } from "@/agent/collectors/define";
import { cutsOf, type GoldenCase, goldenCases } from "@/agent/collectors/golden";
import {
  parseDigests,
  parseDrbdadmVersion,
  parseOsRelease,
  parsePackages,
  parseProcVersion,
  parseProgramVersion,
  parseVersionLine,
} from "./parse";

/** Each kind of text by the first words of its fixtures' names. */
const PARSERS: Readonly<Record<string, (text: string) => unknown>> = {
  drbdadm: parseDrbdadmVersion,
  pacemakerd: (text) => parseProgramVersion("pacemakerd --version", text),
  corosync: (text) => parseProgramVersion("corosync -v", text),
  "os-release": parseOsRelease,
  "proc-drbd": parseProcVersion,
  crypto: parseDigests,
  packages: (text) => Object.fromEntries(parsePackages("packages", text)),
};

const fixtures = goldenCases(path.join(import.meta.dirname, "fixtures"));

function parserOf({ name }: GoldenCase): (text: string) => unknown {
  const kind = Object.keys(PARSERS).find((one) => name.startsWith(`${one}-`));
  const parse = kind === undefined ? undefined : PARSERS[kind];
  if (!parse) throw new Error(`No parser for the fixture ${name}.`);
  return parse;
}

function holds(parse: () => unknown): void {
  try {
    parse();
  } catch (error) {
    expect(error).toBeInstanceOf(ParseError);
  }
}

describe.each(fixtures)("$name", (fixture) => {
  const parse = parserOf(fixture);
  test("is read", () => expect(parse(fixture.text)).toEqual(fixture.golden));
  test("cut anywhere: refused, or what is whole of it", () => {
    for (const cut of cutsOf(fixture.text)) {
      if (cut !== "" && !cut.endsWith("\n")) expect(() => parse(cut)).toThrow(ParseError);
      else holds(() => parse(cut));
    }
  });
  test("hostile text gives a value or a ParseError", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), fc.nat(fixture.text.length), (noise, at) => {
        holds(() => parse(`${noise}\n`));
        holds(() => parse(`${fixture.text.slice(0, at)}${noise}${fixture.text.slice(at)}`));
      }),
    );
  });
});

test("two versions on two lines are none", () => {
  expect(() => parseVersionLine("modinfo", "8.4.11\n9.2.8\n")).toThrow(ParseError);
});

test("a removed package whose settings are still there is not installed", () => {
  expect(parsePackages("dpkg-query", "corosync\t3.1.7-1\tconfig-files\n").size).toBe(0);
});

test("an os-release without a name names none", () => {
  expect(parseOsRelease("ID=debian\n")).toBeNull();
});
