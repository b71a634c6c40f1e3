// SPDX-License-Identifier: Apache-2.0
"use client";
import { useState } from "react";
import type { ReceiverList, RouteChange, RouteList } from "@/agent/protocol/console/alerts";
import { ActDialog } from "@/components/settings/ActDialog";
import { Choice } from "@/components/ui/Choice";
import { MatcherRows } from "./MatcherRows";
import { draftOf, matchersFrom } from "./words";

interface RouteDialogProps {
  /** The one to change; null: a new one. */
  route: RouteList["routes"][number] | null;
  receivers: readonly ReceiverList["receivers"][number][];
  onSave: (wanted: RouteChange) => Promise<unknown>;
  onClose: () => void;
}

const WAITS: readonly (readonly [seconds: number, says: string])[] = [
  [0, "at once"],
  [15, "after 15 s"],
  [60, "after a minute"],
  [300, "after 5 minutes"],
  [900, "after 15 minutes"],
];
const REPEATS: readonly (readonly [hours: string, says: string])[] = [
  ["", "once only"],
  ["1", "every hour"],
  ["4", "every 4 hours"],
  ["12", "every 12 hours"],
  ["24", "every day"],
];

/** A length that another program set stands in the list as well. */
function withOwn<T>(list: readonly (readonly [T, string])[], own: T, says: string): readonly (readonly [T, string])[] {
  return list.some(([value]) => value === own) ? list : [...list, [own, says]];
}

/** Which alerts a receiver hears of, how soon, and how often. */
export function RouteDialog({ route, receivers, onSave, onClose }: RouteDialogProps) {
  const [rows, setRows] = useState(draftOf(route?.matchers ?? []));
  const [isOn, setIsOn] = useState(route?.isOn ?? true);
  const [sendsResolved, setSendsResolved] = useState(route?.sendsResolved ?? true);
  const wait = route?.waitSeconds ?? 15;
  const repeat = String(route?.repeatHours ?? "");
  const save = (form: (name: string) => string) =>
    onSave({
      receiver: form("receiver"),
      matchers: matchersFrom(rows),
      waitSeconds: Number(form("wait")),
      repeatHours: form("repeat") === "" ? null : Number(form("repeat")),
      sendsResolved,
      isOn,
    });
  return (
    <ActDialog title={route ? "Change a route" : "Add a route"} verb={route ? "Save it" : "Add it"} onAct={save} onClose={onClose}>
      <Choice label="To" name="receiver" defaultValue={route?.receiver ?? receivers[0]?.id ?? ""}>
        {receivers.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Choice>
      <MatcherRows rows={rows} onChange={setRows} />
      <Choice label="Told" name="wait" defaultValue={wait} hint="What is over sooner nobody is told of.">
        {withOwn(WAITS, wait, `after ${wait} s`).map(([seconds, says]) => (
          <option key={seconds} value={seconds}>
            {says}
          </option>
        ))}
      </Choice>
      <Choice label="Told again, while nobody acknowledges it" name="repeat" defaultValue={repeat}>
        {withOwn(REPEATS, repeat, `every ${repeat} hours`).map(([hours, says]) => (
          <option key={hours} value={hours}>
            {says}
          </option>
        ))}
      </Choice>
      <div className="checks">
        <label>
          <input type="checkbox" checked={sendsResolved} onChange={(event) => setSendsResolved(event.target.checked)} />
          <span>Say when it is over</span>
        </label>
        <label>
          <input type="checkbox" checked={isOn} onChange={(event) => setIsOn(event.target.checked)} />
          <span>This route is on</span>
        </label>
      </div>
    </ActDialog>
  );
}
