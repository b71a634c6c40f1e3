// SPDX-License-Identifier: Apache-2.0
import type { ReceiverAnswer, ReceiverChange, ReceiverList } from "@/agent/protocol/console/alerts";
import { type Refusal, refusal } from "@/server/auth/refusal";
import type { Asker } from "@/server/commands/previews";
import { recorded } from "./audit";
import type { DeskDeps, Done, Made } from "./desk-deps";
import type { ReceiverState } from "./post";
import { misfitOf, reachesElsewhere } from "./receiver";
import type { Receiver } from "./state";
import { trialMessage } from "./trial-message";

const MOST_RECEIVERS = 50;
export const NO_RECEIVER = refusal("RECEIVER_UNKNOWN", "There is no such receiver.");
const BY_TOKEN = refusal("TOKEN_BY_TOKEN", "An API token names no receiver: it would be told after the token's own end. Sign in for that.");

/** Where alerts go. `onRemoved` is told the id of one that is gone. */
export function createReceivers(deps: DeskDeps, onRemoved: (id: string) => void) {
  const { records, now, newId, inTurn } = deps;
  const all = new Map(deps.kept.receivers.map((one) => [one.id, one]));

  function misfit({ name, settings, secret }: ReceiverChange, before: Receiver | null, by: Asker): Refusal | null {
    if (by.token !== null) return BY_TOKEN;
    if (!before && all.size >= MOST_RECEIVERS)
      return refusal("RECEIVER_MISFIT", `More than ${MOST_RECEIVERS} receivers are not kept: remove one first.`);
    if ([...all.values()].some((one) => one.name === name && one.id !== before?.id))
      return refusal("RECEIVER_NAME_TAKEN", `There is a receiver ${name} already.`);
    if (before && secret === undefined && before.secret !== null && reachesElsewhere(before.settings, settings)) {
      const says = "It leads elsewhere now: give its secret again, or none. The one that is kept is not sent to another address.";
      return refusal("RECEIVER_SECRET", says);
    }
    const why = misfitOf(settings, secretAfter(secret, before) !== null);
    return why === null ? null : refusal("RECEIVER_MISFIT", why);
  }

  async function keep(change: ReceiverChange, before: Receiver | null, by: Asker): Promise<Made> {
    const no = misfit(change, before, by);
    if (no) return no;
    const { name, settings } = change;
    const secret = secretAfter(change.secret, before);
    const made = { id: newId(), createdBy: by.user, createdAtMs: now(), lastOkAtMs: null };
    const receiver: Receiver = { ...(before ?? made), name, settings, secret };
    const title = `${before ? "Change" : "Add"} the receiver ${name} of alerts`;
    const args = { name, settings, secret: secret === null ? "none" : "kept" };
    const told = { cluster: "", verb: before ? "alert.receiver-change" : "alert.receiver-add", title, args };
    await recorded(deps.journal, by, told, () => records.keepReceiver(receiver));
    all.set(receiver.id, receiver);
    deps.onChanged();
    return { ok: true, id: receiver.id };
  }

  return {
    all,
    list(states: ReadonlyMap<string, ReceiverState>): ReceiverList {
      return { atMs: now(), receivers: [...all.values()].map((receiver) => shown(receiver, states.get(receiver.id))) };
    },
    add: (change: ReceiverChange, by: Asker): Promise<Made> => inTurn(() => keep(change, null, by)),
    change: (id: string, change: ReceiverChange, by: Asker): Promise<Made> =>
      inTurn(async () => {
        const before = all.get(id);
        return before ? keep(change, before, by) : NO_RECEIVER;
      }),
    remove: (id: string, by: Asker): Promise<Done> =>
      inTurn(async () => {
        const receiver = all.get(id);
        if (!receiver) return NO_RECEIVER;
        const { name } = receiver;
        const told = { cluster: "", verb: "alert.receiver-remove", title: `Remove the receiver ${name} of alerts`, args: { name } };
        await recorded(deps.journal, by, told, () => records.removeReceiver(id));
        all.delete(id);
        onRemoved(id);
        deps.onChanged();
        return { ok: true };
      }),
    /** Sends a real message, and waits for the answer: nothing of it is kept but that it was taken. */
    async test(id: string, by: Asker): Promise<ReceiverAnswer | Refusal> {
      const receiver = all.get(id);
      if (!receiver) return NO_RECEIVER;
      const { isRefusal: _, ...answer } = await deps.send(receiver, trialMessage(newId(), by.user, now()), deps.publicUrl, now());
      if (answer.isOk) {
        const atMs = now();
        await records.keepTaken(id, atMs);
        deps.onTaken(id, atMs);
      }
      return answer;
    },
  };
}

function secretAfter(secret: ReceiverChange["secret"], before: Receiver | null): string | null {
  return secret === undefined ? (before?.secret ?? null) : secret;
}

/** A receiver as it is shown: of its secret only whether there is one. */
function shown({ secret, ...receiver }: Receiver, state: ReceiverState | undefined): ReceiverList["receivers"][number] {
  const failing = state?.failing ?? null;
  return {
    ...receiver,
    hasSecret: secret !== null,
    waiting: state?.waiting ?? 0,
    nextTryAtMs: state?.nextTryAtMs ?? null,
    failingSinceMs: failing?.sinceMs ?? null,
    says: failing?.says ?? null,
    givenUp: failing?.givenUp ?? 0,
  };
}
