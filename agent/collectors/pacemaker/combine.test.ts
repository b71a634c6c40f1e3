// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { combine, configurationMark, isCibDue } from "./combine";
import { parseCib } from "./parse-cib";
import { parseCrmMon } from "./parse-crm-mon";

function text(name: string): string {
  return readFileSync(path.join(import.meta.dirname, "fixtures", `${name}.txt`), "utf8");
}

const mon = parseCrmMon(text("crm-mon/pacemaker-2.1.5-banned"), "crm_mon --output-as=xml");
const old = parseCrmMon(text("crm-mon/pacemaker-1.1.12-handwritten"), "crm_mon --as-xml");
const cib = parseCib(text("cib/pacemaker-2.1.5-move-with-lifetime"), "cibadmin -Q");

describe("combine", () => {
  test("what is comes from crm_mon, what is configured from the CIB", () => {
    const value = combine(mon, cib);
    expect(value.nodes).toBe(mon.pacemaker.nodes);
    expect(value.resources).toBe(mon.pacemaker.resources);
    expect(value.constraints).toBe(cib.constraints);
    expect(value.configEpoch).toEqual(cib.configEpoch);
    expect(value.source).toBe("crm_mon --output-as=xml");
    expect(value.unread).toEqual([]); // the CIB's own gaps are no gaps beside crm_mon
  });

  test("without the CIB the bans stay and the gap is told", () => {
    const gap = { what: "constraints", code: "COLLECT_FORBIDDEN", message: "no" } as const;
    const value = combine(mon, gap);
    expect(value.constraints).toBe(mon.pacemaker.constraints);
    expect(value.configEpoch).toBeNull();
    expect(value.unread).toContainEqual(gap);
  });

  test("a CIB whose constraints an ACL hides does not take the bans away", () => {
    const hidden = { ...cib, constraints: [], unread: [{ what: "constraints", code: "COLLECT_FORBIDDEN", message: "hidden" } as const] };
    expect(combine(mon, hidden).constraints).toBe(mon.pacemaker.constraints);
    expect(combine(mon, hidden).unread.map(({ what }) => what)).toEqual(["constraints"]);
  });

  test("options that an old crm_mon does not print come from the CIB, or are a gap", () => {
    expect(combine(old, { ...cib, maintenance: true })).toMatchObject({ maintenance: true, stonithEnabled: true });
    const alone = combine(old, { what: "constraints", code: "COLLECT_READ", message: "no" });
    expect(alone.unread.map(({ what }) => what)).toContain("maintenance-mode");
    expect(alone.stonithEnabled).toBeNull();
  });
});

describe("when the CIB is read again", () => {
  const read = { mark: "a", markSeenAtMs: 0, readAtMs: 3_000 };

  test.each([
    ["never read", null, "a", 3_001, true],
    ["the mark stays", read, "a", 3_001, false],
    ["the mark moved", read, "b", 3_001, true],
    ["read in the second of the change", { ...read, readAtMs: 500 }, "a", 600, true],
    ["30 s passed", read, "a", 33_000, true],
    ["the clock went back", read, "a", 10, true],
  ])("%s", (_name, last, mark, nowMs, expected) => {
    expect(isCibDue(last, mark, nowMs)).toBe(expected);
  });

  test("a role moving leaves the mark, a change of configuration moves it", () => {
    const moved = {
      ...mon,
      pacemaker: { ...mon.pacemaker, resources: mon.pacemaker.resources.map((resource) => ({ ...resource, role: "Stopping" })) },
    };
    expect(configurationMark(moved)).toBe(configurationMark(mon));
    expect(configurationMark({ ...mon, lastChange: "later" })).not.toBe(configurationMark(mon));
    expect(configurationMark({ ...mon, pacemaker: { ...mon.pacemaker, resources: mon.pacemaker.resources.slice(1) } })).not.toBe(
      configurationMark(mon),
    );
  });
});
