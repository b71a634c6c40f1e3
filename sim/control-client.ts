// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { decode, decodeJson } from "@/agent/protocol/decode";

/** What a running simulation writes into its folder, readable by its owner only. */
export const ControlFile = z.object({
  /** Address of the control page, its secret included. */
  url: z.url(),
  token: z.string(),
  pid: z.number().int(),
});
export type ControlFile = z.infer<typeof ControlFile>;

const FaultState = z.object({ name: z.string(), args: z.array(z.string()), sinceMs: z.number() });

/** `GET state`: what stands and what can be broken. */
export const ControlState = z.object({
  atMs: z.number(),
  nodes: z.array(
    z.object({
      cluster: z.string(),
      node: z.string(),
      power: z.enum(["on", "off", "booting"]),
      isAgentRunning: z.boolean(),
      isLineCut: z.boolean(),
    }),
  ),
  /** Each service with the node it likes best, and where it is started whole; null: nowhere. */
  services: z.array(z.object({ cluster: z.string(), group: z.string(), home: z.string(), node: z.string().nullable() })),
  active: z.array(FaultState),
  faults: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      args: z.array(z.string()),
      isMoment: z.boolean(),
      choices: z.array(z.array(z.string())),
    }),
  ),
});
export type ControlState = z.infer<typeof ControlState>;

/** Body of `POST fault` and `POST repair`. */
export const FaultCall = z.object({ name: z.string().max(40), args: z.array(z.string().max(100)).max(5) });
export type FaultCall = z.infer<typeof FaultCall>;

const Answer = z.object({ ok: z.boolean(), message: z.string().optional() });

/** Speaks to the simulation that runs in a folder. @throws when none does */
export function controlOf(dir: string) {
  const file = path.join(dir, "control.json");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new Error(`No simulation runs in ${dir}: ${file} cannot be read.`, { cause });
  }
  const control = decodeJson(ControlFile, text);
  if (!control.ok) throw new Error(`${file} does not fit: ${control.error}`);
  const { url } = control.value;

  async function post(route: "fault" | "repair", call: FaultCall): Promise<void> {
    const response = await fetch(new URL(route, url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(call),
    });
    const answer = decodeJson(Answer, await response.text());
    if (!answer.ok || !answer.value.ok)
      throw new Error((answer.ok ? answer.value.message : null) ?? `The simulation answered ${response.status}.`);
  }

  return {
    url,
    fault: (name: string, ...args: string[]) => post("fault", { name, args }),
    repair: (name: string, ...args: string[]) => post("repair", { name, args }),
    async state(): Promise<ControlState> {
      const response = await fetch(new URL("state", url));
      const state = decode(ControlState, await response.json());
      if (!state.ok) throw new Error(`The simulation's state does not fit: ${state.error}`);
      return state.value;
    },
  };
}
