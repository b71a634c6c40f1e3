// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import type { FindingRule, FindingRuleChange } from "@/agent/protocol/console/finding-rules";
import { keyOf } from "@/agent/protocol/console/view";
import { decodeJson } from "@/agent/protocol/decode";
import { audited } from "@/server/audit/audited";
import type { AuditJournal } from "@/server/audit/journal";
import { type Refusal, refusal } from "@/server/auth/refusal";
import { asSentence } from "@/server/cluster/words";
import type { Asker } from "@/server/commands/previews";
import type { SettingRecords } from "@/server/db/settings";
import type { Log } from "@/server/log";
import { RULES } from "./catalog";
import { AREAS } from "./define";

/** As it is kept: by cluster, then by rule. */
const Kept = z.record(z.string(), z.record(z.string(), z.object({ by: z.string(), atMs: z.number(), reason: z.string() })));
type Kept = z.infer<typeof Kept>;

/** Rules that were one and are several now: who had switched off the one has switched off all of them. */
const SPLIT: Readonly<Record<string, readonly string[]>> = {
  "service-state": ["service-twice", "service-failed", "service-blocked", "service-stopped", "service-orphaned", "service-unclear"],
};

function inTodaysNames(kept: Kept): Kept {
  const renamed = (rules: Kept[string]) =>
    Object.fromEntries(Object.entries(rules).flatMap(([rule, off]) => (SPLIT[rule] ?? [rule]).map((name) => [name, rules[name] ?? off])));
  return Object.fromEntries(Object.entries(kept).map(([slug, rules]) => [slug, renamed(rules)]));
}

export interface SwitchDeps {
  settings: SettingRecords;
  journal: Pick<AuditJournal, "append">;
  /** Slugs of the clusters that live. */
  clusters: () => readonly string[];
  /** The rules that a cluster's view is made without, from now on. */
  show: (slug: string, off: ReadonlySet<string>) => void;
  log: Pick<Log, "error">;
  now: () => number;
}

/** Which rules are switched off, for which cluster, by whom and why. A cluster that is added has them all. */
export async function createRuleSwitches(deps: SwitchDeps) {
  const { settings, now } = deps;
  let kept: Kept = await load();
  for (const slug of Object.keys(kept)) deps.show(slug, offIn(slug));
  // One change at a time: the next one starts from what the one before has written.
  let last: Promise<unknown> = Promise.resolve();

  async function load(): Promise<Kept> {
    const text = await settings.get("rulesOff");
    if (text === null) return {};
    const decoded = decodeJson(Kept, text);
    // Then every rule is on: what cannot be read hides nothing.
    if (!decoded.ok) deps.log.error("which rules are switched off could not be read: all are on", decoded.error);
    return decoded.ok ? inTodaysNames(decoded.value) : {};
  }

  function offIn(slug: string): ReadonlySet<string> {
    return new Set(Object.keys(kept[slug] ?? {}));
  }

  async function set(rule: string, slug: string, off: Kept[string][string] | null): Promise<void> {
    const { [rule]: _, ...others } = kept[slug] ?? {};
    const next = { ...kept, [slug]: off === null ? others : { ...others, [rule]: off } };
    await settings.set("rulesOff", JSON.stringify(next));
    kept = next;
    deps.show(slug, offIn(slug));
  }

  async function change(name: string, { clusters, isOff, reason }: FindingRuleChange, by: Asker): Promise<Refusal | { ok: true }> {
    const rule = RULES.find((one) => one.name === name);
    if (!rule) return refusal("RULE_UNKNOWN", `There is no rule ${name}.`);
    const stranger = clusters.find((slug) => !deps.clusters().includes(slug));
    if (stranger !== undefined) return refusal("CLUSTER_UNKNOWN", `There is no cluster ${stranger}.`);
    for (const cluster of new Set(clusters)) {
      if (offIn(cluster).has(name) === isOff) continue;
      const told = {
        cluster,
        ask: { verb: isOff ? "findings.off" : "findings.on", args: { rule: name, reason } },
        title: `Switch “${rule.doc.title}” ${isOff ? "off" : "on"}`,
        about: [keyOf.cluster],
        accepted: [],
        reason,
      };
      await audited(deps.journal, by, told, () => set(name, cluster, isOff ? { by: by.user, atMs: now(), reason } : null));
    }
    return { ok: true };
  }

  return {
    /** Why a rule is not looked for in a cluster, as a sentence; null while it is. */
    unwatched(slug: string, name: string): string | null {
      const rule = RULES.find((one) => one.name === name);
      const off = kept[slug]?.[name];
      return rule && off ? `${off.by} switched “${rule.doc.title}” off: ${asSentence(off.reason)}` : null;
    },
    list(): FindingRule[] {
      const slugs = deps.clusters().filter((slug) => kept[slug] !== undefined);
      return RULES.map(({ name, doc: { area, needs: _, levels, ...words } }) => ({
        name,
        ...words,
        levels: [...levels],
        area: AREAS[area],
        off: slugs.flatMap((cluster) => {
          const off = kept[cluster]?.[name];
          return off ? [{ cluster, ...off }] : [];
        }),
      }));
    },
    change(name: string, wanted: FindingRuleChange, by: Asker): Promise<Refusal | { ok: true }> {
      const made = last.then(() => change(name, wanted, by));
      last = made.catch(() => undefined);
      return made;
    },
  };
}
export type RuleSwitches = Awaited<ReturnType<typeof createRuleSwitches>>;
