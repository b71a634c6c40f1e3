// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, test } from "vitest";
import { withoutStatus } from "./cib-status";
import { parseCib } from "./parse-cib";

const FIXTURES = path.join(import.meta.dirname, "fixtures");
const cibs = readdirSync(FIXTURES).filter(
  (name) => name.endsWith(".xml") && readFileSync(path.join(FIXTURES, name), "utf8").includes("</cib>"),
);

/** What is taken from a CIB beside crm_mon (CibPart). */
function configured(text: string) {
  const { version, featureSet, stonithEnabled, maintenance, constraints, configEpoch } = parseCib(text, "cibadmin -Q");
  return { version, featureSet, stonithEnabled, maintenance, constraints, configEpoch };
}

describe("a CIB without its status", () => {
  it.each(cibs)("%s: says the same of its configuration", (name) => {
    const text = readFileSync(path.join(FIXTURES, name), "utf8");
    const told = (() => {
      try {
        return configured(text);
      } catch {
        return null; // one that the parser refuses is refused without its status too
      }
    })();
    if (told === null) expect(() => configured(withoutStatus(text))).toThrow();
    else expect(configured(withoutStatus(text))).toEqual(told);
  });

  it("is the CIB itself when it was cut off, so that the parser can refuse it", () => {
    const text = '<cib epoch="1"><configuration/><status><node_state id="1"/></status></cib>\n';
    for (let end = 0; end < text.length - "\n".length; end += 1) expect(withoutStatus(text.slice(0, end))).toBe(text.slice(0, end));
    expect(withoutStatus(text)).toBe('<cib epoch="1"><configuration/><status/></cib>\n');
  });
});

test("a comment that speaks of the status hides nothing of the configuration", () => {
  const text = '<cib epoch="1"><configuration><!-- <status> --><constraints/></configuration><status></status></cib>';
  expect(withoutStatus(text)).toContain("<constraints/></configuration><status/></cib>");
});
