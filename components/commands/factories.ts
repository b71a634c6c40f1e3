// SPDX-License-Identifier: Apache-2.0
import type { AuditRow, CommandPreview, Effect, Offer } from "@/agent/protocol/console/commands";
import { NOW_MS } from "@/components/factories";

/** Standby of ruby, offered to operators, with nothing left to ask. */
export function offer(part: Partial<Offer> = {}): Offer {
  return {
    ask: { verb: "node.standby", args: { node: "ruby" } },
    title: "Standby ruby",
    does: "Moves everything away from ruby, and lets nothing start there.",
    fields: [],
    needs: "operator",
    isDisruptive: true,
    refusal: null,
    ...part,
  };
}

/** Move of g_mail, which still asks where to. */
export function moveOffer(part: Partial<Offer> = {}): Offer {
  return offer({
    ask: { verb: "resource.move", args: { resource: "g_mail" } },
    title: "Move g_mail…",
    does: "Moves g_mail, waits until it runs there, and takes its constraint away again.",
    fields: [
      {
        name: "to",
        label: "To",
        kind: "choice",
        isRequired: true,
        choices: [
          { value: "crystal", label: "crystal", refusal: null },
          { value: "amber", label: "amber", refusal: "amber is in standby." },
        ],
      },
    ],
    ...part,
  });
}

export function effect(resource: string, part: Partial<Effect> = {}): Effect {
  return {
    resource,
    parent: null,
    before: "started on ruby",
    after: "started on crystal",
    says: `${resource} stops on ruby and starts on crystal.`,
    reason: null,
    ...part,
  };
}

export function preview(part: Partial<CommandPreview> = {}): CommandPreview {
  return {
    id: "p1",
    ask: { verb: "node.standby", args: { node: "ruby" } },
    title: "Standby ruby",
    about: ["node:ruby"],
    atMs: NOW_MS - 2_000,
    expiresAtMs: NOW_MS + 118_000,
    actingNode: "ruby",
    isAlreadySo: false,
    effects: [effect("g_mail")],
    commands: ["crm_standby --node ruby --update on"],
    findings: [],
    typedName: null,
    needsReason: false,
    tookMs: { least: 6_000, most: 12_000 },
    plan: ["waits until nothing runs on ruby, 120 s at the most"],
    steps: [],
    ...part,
  };
}

export function auditRow(run: string, part: Partial<AuditRow> = {}): AuditRow {
  return {
    run,
    cluster: "san-a",
    ask: { verb: "node.standby", args: { node: "ruby" } },
    title: "Standby ruby",
    by: "anna",
    from: "192.0.2.7",
    openedAtMs: NOW_MS - 60_000,
    closedAtMs: NOW_MS - 48_000,
    outcome: "done",
    says: "ruby is in standby; g_mail runs on crystal.",
    reason: "kernel update",
    accepted: ["busy-sessions"],
    effects: [effect("g_mail")],
    findings: [],
    commands: ["crm_standby --node ruby --update on"],
    output: "",
    phases: [{ says: "writes the change on ruby", startedAtMs: NOW_MS - 60_000, endedAtMs: NOW_MS - 59_000 }],
    entries: [{ seq: 7, hash: "a".repeat(64), kind: "opened", atMs: NOW_MS - 60_000 }],
    ...part,
  };
}
