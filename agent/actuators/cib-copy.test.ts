// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { type Host, HostError, type RunResult } from "../host/host";
import { type MemoryTree, memoryHost } from "../host/memory-host";
import type { Step } from "../protocol/steps";
import { stepErrorOf } from "./failure";
import { previewSteps } from "./preview";

const CIB = '<cib admin_epoch="0" epoch="37" num_updates="0"><configuration/><status/></cib>\n';
const fixture = (name: string) => readFileSync(path.join(import.meta.dirname, "fixtures", name), "utf8");
const exit = (exitCode: number, stdout = "", stderr = ""): RunResult => ({ exitCode, stdout, stderr });
const PREFER: Step = { kind: "prefer", resource: "vip", node: "ruby", role: "Promoted", lifetimeSeconds: null };

function hostWith(tools: MemoryTree["tools"]) {
  return memoryHost({
    tools: {
      cibadmin: exit(0, CIB),
      crm_resource: exit(0),
      crm_diff: exit(1, fixture("diff/pacemaker-2.1.5-move.txt")),
      crm_simulate(args, { scratch }) {
        scratch.set(args.at(-1) ?? "", CIB);
        return exit(0, fixture("simulation/pacemaker-2.1.5-move-dummy1.txt"));
      },
      ...tools,
    },
  });
}

test("the whole way, in the order in which the tools are run", async () => {
  const host = hostWith({});
  const [preview] = await previewSteps(host, [PREFER]);
  expect(preview).toMatchObject({ isSame: false, change: { from: { adminEpoch: 0, epoch: 37 } }, fenceDevices: null });
  expect(preview?.commands).toEqual([
    "CIB_file=want.xml crm_resource --move --resource vip --node ruby --promoted",
    "crm_diff --original seen.xml --new want.xml > patch.xml",
    "cibadmin --patch --xml-file patch.xml",
  ]);
  expect(host.asked).toEqual([
    "cibadmin -Q",
    "crm_resource --move --resource vip --node ruby --promoted",
    "crm_diff --original /scratch/seen-0.xml --new /scratch/want-0.xml",
    "crm_simulate --xml-file /scratch/want-0.xml -S --output-as=xml --save-output /scratch/after-0.xml",
  ]);
});

test("every tool that changes something is given a copy, never the cluster", async () => {
  const copies: (string | undefined)[] = [];
  const host = hostWith({
    crm_resource(_args, { cibFile }) {
      copies.push(cibFile);
      return exit(0);
    },
  });
  await previewSteps(host, [PREFER, PREFER]);
  expect(copies).toEqual(["/scratch/want-0.xml", "/scratch/want-1.xml"]);
  expect(host.asked.filter((line) => line === "cibadmin -Q")).toHaveLength(1);
});

test("a node can be fenced where nothing can be simulated: devices are told, an outcome is not", async () => {
  const cib = CIB.replace("<configuration/>", '<configuration><nodes><node id="1" uname="ruby"/></nodes></configuration>');
  const host = hostWith({ cibadmin: exit(0, cib), crm_simulate: exit(64), stonith_admin: exit(0, "pdu\n1 fence device found\n") });
  const [preview] = await previewSteps(host, [{ kind: "fence", node: "ruby", action: "reboot" }]);
  expect(preview).toMatchObject({ change: null, actions: [], placements: [], fenceDevices: ["pdu"] });
});

test("more than can be played through in time is planned: actions are told, an end is not, and nothing is chained to it", async () => {
  const planned = fixture("simulation/pacemaker-2.1.5-move-dummy1.txt").replace(
    /<revised_cluster_status>[\s\S]*<\/revised_cluster_status>/,
    "",
  );
  const hanging = (args: readonly string[]) => {
    if (args.includes("-S")) throw new HostError("HOST_TIMEOUT", "crm_simulate did not answer");
    return exit(0, planned);
  };
  const [preview] = await previewSteps(hostWith({ crm_simulate: hanging }), [PREFER]);
  expect(preview).toMatchObject({ isSame: false, actions: [{ resource: "dummy1", action: "move" }], placements: [] });
  await expect(previewSteps(hostWith({ crm_simulate: hanging }), [PREFER, PREFER])).rejects.toMatchObject({
    code: "STEP_TOOL",
    message: expect.stringContaining("too much to be played through"),
  });
});

test("a crm_resource that says master for promoted is asked again in its own word", async () => {
  const host = hostWith({ crm_resource: (args) => exit(args.includes("--master") ? 0 : 64) });
  const [preview] = await previewSteps(host, [PREFER]);
  expect(preview?.commands[0]).toBe("CIB_file=want.xml crm_resource --move --resource vip --node ruby --master");
});

test.each<[string, MemoryTree["tools"], string, string]>([
  ["Pacemaker does not run here", { cibadmin: exit(102) }, "STEP_ABSENT", "systemctl status pacemaker"],
  ["the agent's user may not ask", { cibadmin: exit(4) }, "STEP_TOOL", "haclient"],
  ["what cibadmin prints is no CIB", { cibadmin: exit(0, "<html/>") }, "STEP_TOOL", "not a CIB"],
  ["crm_simulate of before 2.1", { crm_simulate: exit(64) }, "STEP_TOOL", "since Pacemaker 2.1.0"],
  ["crm_simulate that fails", { crm_simulate: exit(1, "", "assertion") }, "STEP_TOOL", "crm_simulate ended with exit 1: assertion"],
  ["a simulation in other words", { crm_simulate: exit(0, "Current cluster status:") }, "STEP_TOOL", "words this agent does not know"],
  ["a change the schema refuses", { crm_resource: exit(78, "", "Call failed\n<cib x='secret'/>") }, "STEP_TOOL", "exit 78: Call failed"],
  ["crm_diff that fails", { crm_diff: exit(2) }, "STEP_TOOL", "crm_diff ended with exit 2"],
])("%s: no preview, and why", async (_name, tools, code, words) => {
  const failed = previewSteps(hostWith(tools), [PREFER]);
  const error = stepErrorOf(await failed.catch((reason: unknown) => reason));
  expect(error).toMatchObject({ code, mayHaveHappened: false });
  expect(error.message).toContain(words);
  expect(error.message).not.toContain("secret");
});

test.each(["cibadmin", "crm_resource", "crm_diff", "crm_simulate"])("no %s on this node: said so", async (missing) => {
  const full = hostWith({});
  const none = memoryHost();
  const host: Host = { ...full, has: (tool) => (tool === missing ? none : full).has(tool) };
  await expect(previewSteps(host, [PREFER])).rejects.toMatchObject({
    code: "STEP_ABSENT",
    message: `${missing} is not installed on this node.`,
  });
});
