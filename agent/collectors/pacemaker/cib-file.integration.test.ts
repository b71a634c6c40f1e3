// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { Pacemaker } from "@/agent/protocol/model/pacemaker";
import { Readings } from "@/agent/protocol/sources";

const program = path.resolve(import.meta.dirname, "../../../dist/quarterdeck-agent.mjs");
const folder = path.join(import.meta.dirname, "fixtures/cib");
const cibs = readdirSync(folder).filter((name) => /^pacemaker-.*\.txt$/.test(name));

/** What the built agent reads when Debian's own crm_mon interprets this CIB. */
function readByCrmMon(file: string): Pacemaker {
  const output = execFileSync(process.execPath, [program, "once", "--root", "/", "--json", "--source", "pacemaker"], {
    env: { ...process.env, CIB_file: path.join(folder, file) },
    encoding: "utf8",
  });
  const reading = Readings.parse(JSON.parse(output).readings).pacemaker;
  if (reading?.status !== "ok") throw new Error(`not read: ${JSON.stringify(reading)}`);
  return reading.value;
}

/** What a person would compare: which nodes, and what runs where in which role. */
function facts({ nodes, resources, dc, quorate }: Pick<Pacemaker, "nodes" | "resources" | "dc" | "quorate">) {
  return {
    dc,
    quorate,
    nodes: nodes.map(({ name, online, standby, pending, maintenance }) => ({ name, online, standby, pending, maintenance })),
    resources: resources
      .filter(({ nodes: places }) => places.length > 0)
      .map(({ id, parents, agent, role, nodes: places }) => `${parents.join("/")}/${id} ${agent} ${role} ${places.join(",")}`)
      .sort(),
  };
}

test.each(cibs)("Debian's crm_mon and our own reading of the CIB agree: %s", (file) => {
  const own: Pacemaker = JSON.parse(readFileSync(path.join(folder, file.replace(/\.txt$/, ".json")), "utf8"));
  const read = readByCrmMon(file);
  expect(read.source).toMatch(/^crm_mon/);
  expect(read.nodes.length).toBeGreaterThan(0);
  expect(facts(read)).toEqual(facts(own));
});
