// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import path from "node:path";
import { beforeAll, expect, inject, test } from "vitest";
import { SafetyAnswer } from "@/agent/protocol/console/commands";
import { ApiTokenMade } from "@/agent/protocol/console/people";
import { ROOT } from "../console";
import { as, lab, seen } from "./lab";

const { access } = inject("lab");
let token = "";
beforeAll(async () => {
  const made = await (await as("admin")).ask("POST", "/api/v1/tokens", { name: "cli", role: "admin", days: 1 });
  token = ApiTokenMade.parse(made.body).token;
});

/** Runs the built program, as an admin would at a shell. */
function quarterdeck(...words: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const env = { ...process.env, QUARTERDECK_URL: access.origin, QUARTERDECK_TOKEN: token };
  const child = spawn(process.execPath, [path.join(ROOT, "dist/quarterdeck.mjs"), ...words, "--ca", access.certFile], { env });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, err })));
}

/** The warnings of a preview, as --accept takes them. */
const warnings = (out: string) => [...out.matchAll(/--accept (\S+)\)/g)].map(([, guard]) => guard).join(",");

test("the program tells how the cluster stands, previews, acts, refuses and verifies, with exit codes to go by", async () => {
  const viewer = await as("viewer");
  await Promise.all(
    lab.nodes.map((name) => seen(viewer, `${name} online`, (view) => view.get("node", `node:${name}`)?.state.word === "online" || null)),
  );
  expect(await quarterdeck("status")).toMatchObject({ code: 0, out: expect.stringContaining("jade") });

  const previewed = await quarterdeck("standby", "jade");
  expect(previewed).toMatchObject({ code: 3, out: expect.stringContaining("crm_standby -N jade -v on") });
  expect((await lab.run("jade", "crm_attribute", "--type", "nodes", "--node", "jade", "--name", "standby", "--query")).exitCode).not.toBe(
    0,
  );

  const verdict = SafetyAnswer.parse((await viewer.askCluster("GET", "/nodes/jade/safety")).body);
  expect(await quarterdeck("safe", "jade")).toMatchObject({
    code: { yes: 0, no: 1, unknown: 2 }[verdict.answer],
    out: expect.stringContaining(verdict.says),
  });

  const done = await quarterdeck("standby", "jade", "--yes", "--accept", warnings(previewed.out));
  expect(done).toMatchObject({ code: 0, out: expect.stringContaining("done: Standby jade") });
  expect(await quarterdeck("standby", "jade", "--yes")).toMatchObject({ code: 0, out: expect.stringContaining("so already") });

  const accept = warnings((await quarterdeck("unstandby", "jade")).out);
  const back = await quarterdeck("unstandby", "jade", "--yes", "--json", "--accept", accept);
  expect(back.code).toBe(0);
  expect(JSON.parse(back.out)).toMatchObject({ run: { outcome: "done", by: "admin" } });
  await seen(viewer, "jade online", (view) => view.get("node", "node:jade")?.state.word === "online" || null);

  expect(await quarterdeck("move", "vm_mail", "nowhere", "--yes")).toMatchObject({ code: 1 });
  expect(await quarterdeck("standby", "-h;reboot")).toMatchObject({ code: 2 });
  const rows = await quarterdeck("audit", "--verb", "node.standby");
  expect(rows.out).toContain("done: Standby jade");
  expect((await quarterdeck("audit", "--format", "csv")).out.split("\n")[0]).toContain("openedAt");
  expect(await quarterdeck("audit", "verify", "--agents")).toMatchObject({ code: 0, out: expect.stringContaining("Whole.") });
});
