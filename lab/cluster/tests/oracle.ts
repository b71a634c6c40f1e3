// SPDX-License-Identifier: Apache-2.0
import { lab } from "./lab";

/** Where Pacemaker itself, asked inside a node, says that a primitive runs; null: nowhere. */
export async function placeOf(primitive: string, by: string): Promise<string | null> {
  const text = await monitor(by);
  const found = new RegExp(`<resource id="${primitive}"[^>]* role="(?:Started|Promoted)"[^>]*>\\s*<node name="([^"]+)"`).exec(text);
  return found?.[1] ?? null;
}

/** crm_mon's own words, asked inside a node. */
export function monitor(by: string): Promise<string> {
  return lab.must(by, "crm_mon", "-1", "--output-as=xml", "--inactive");
}

/** A node's line in them. */
export async function nodeLine(name: string, by: string): Promise<string> {
  return new RegExp(`<node name="${name}" id="[^>]*>`).exec(await monitor(by))?.[0] ?? "";
}

/** The other nodes. */
export const others = (...names: string[]): string[] => lab.nodes.filter((name) => !names.includes(name));
