// SPDX-License-Identifier: Apache-2.0
import { StepKind } from "@/agent/protocol/steps";
import { TIMING_FACTOR } from "./layout";
import type { Machine } from "./machine";

const CONFIG = "/etc/quarterdeck/agent.json";
const POLICY = "/etc/quarterdeck/policy.json";
const STATE = "/var/lib/quarterdeck-agent";
/** Flags of the packaged unit. Source: packaging/quarterdeck-agent.service */
const AGENT = "node --lite-mode --single-threaded /lab/quarterdeck-agent.mjs";

/** The documented way: a one-time token, then a policy file that lets the agent take every kind of step, and the pace of a slow node. */
export async function enrol(machine: Machine, address: string, token: string): Promise<void> {
  await machine.must(
    `${AGENT} enroll --console ${address} --token ${token} --node ${machine.name} --config ${CONFIG} --state-dir ${STATE}`,
  );
  await machine.put(POLICY, `${JSON.stringify({ steps: StepKind.options })}\n`, "0600");
  await machine.must(
    `python3 -c 'import json; held = json.load(open("${CONFIG}")); held |= {"policyFile": "${POLICY}", "timingFactor": ${TIMING_FACTOR}}; json.dump(held, open("${CONFIG}", "w"))'`,
  );
}

/** Starts it as its unit would: again 2 s after it ended. */
export async function startAgent(machine: Machine): Promise<void> {
  await machine.must(
    `setsid bash -c 'while :; do ${AGENT} run --config ${CONFIG}; sleep 2; done' >>/var/log/quarterdeck-agent.log 2>&1 </dev/null &`,
  );
}
