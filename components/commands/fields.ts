// SPDX-License-Identifier: Apache-2.0
import type { Offer, OfferField } from "@/agent/protocol/console/commands";
import type { Ask } from "@/agent/protocol/console/runs";

/** The fields of an offer that nothing has filled yet. */
export function openFields({ fields }: Offer, filled: Readonly<Record<string, string>>): readonly OfferField[] {
  return fields.filter(({ name }) => filled[name] === undefined);
}

/** Why what is filled in already cannot be: a target that refuses. Null: it can. */
export function refusalOf({ fields, refusal }: Offer, filled: Readonly<Record<string, string>>): string | null {
  const refused = fields.flatMap(({ name, choices }) => choices.filter(({ value }) => filled[name] === value)).find((one) => one.refusal);
  return refusal ?? refused?.refusal ?? null;
}

/** The whole question: what the thing itself gives, what was filled in, and what the form says. */
export function askOf({ ask, fields }: Offer, filled: Readonly<Record<string, string>>, form: Ask["args"] = {}): Ask {
  const known = fields.flatMap(({ name }) => (filled[name] === undefined ? [] : [[name, filled[name]] as const]));
  return { verb: ask.verb, args: { ...ask.args, ...Object.fromEntries(known), ...form } };
}

/** Lengths offered for something that has to end. Units: minutes. */
export const LENGTHS = [15, 30, 60, 120, 240, 480, 1_440] as const;

/** A field's value from what the form holds; undefined: left out. `until` is told as so many minutes from now. */
export function valueFrom(field: OfferField, text: string, nowMs: number): string | number | boolean | undefined {
  switch (field.kind) {
    case "flag":
      return text === "on";
    case "until": {
      const minutes = Number(text);
      return text === "" || !Number.isFinite(minutes) ? undefined : Math.round(nowMs + minutes * 60_000);
    }
    case "choice":
    case "text":
      return text.trim() === "" ? undefined : text.trim();
  }
}
