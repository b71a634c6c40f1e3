// SPDX-License-Identifier: Apache-2.0
import { expect } from "vitest";
import { CommandPreview } from "@/agent/protocol/console/commands";
import { ErrorBody } from "@/agent/protocol/errors";
import { confirm } from "@/lab/orders";
import type { Client } from "../api";
import { configurationVersion } from "./services";

/**
 * Asks for a command and, where a preview is made, confirms it with all that a person could accept. It must be refused, and Pacemaker's
 * configuration must stay what it is. @returns everything that was said against it
 */
export async function refusedWith(client: Client, verb: string, args: Record<string, unknown>, node = "ruby"): Promise<string> {
  const before = await configurationVersion(node);
  const said = await objectionsTo(client, verb, args);
  expect(await configurationVersion(node)).toBe(before);
  return said;
}

async function objectionsTo(client: Client, verb: string, args: Record<string, unknown>): Promise<string> {
  const { status, body } = await client.askCluster("POST", "/previews", { verb, args });
  if (status !== 201) return ErrorBody.parse(body).error.message;
  const made = CommandPreview.parse(body);
  const answer = await confirm(client, made, { reason: "a test of what is refused" });
  if (answer.did !== "refused") throw new Error(`${made.title} was not refused.`);
  return [answer.message, ...answer.differences, ...answer.findings.map(({ message }) => message)].join(" ");
}
