// SPDX-License-Identifier: Apache-2.0
"use client";
import { useId } from "react";
import { Choice } from "@/components/ui/Choice";
import { Field } from "@/components/ui/Field";
import { cronOf, type Opening, WEEK, WEEKDAYS } from "./cron";

interface OpeningFieldsProps {
  opening: Opening;
  zone: string;
  onOpening: (opening: Opening) => void;
  onZone: (zone: string) => void;
}

const FIRST_TIME = "02:00";
const MONTH_DAYS = Array.from({ length: 28 }, (_, index) => index + 1);

/** When a window opens, by the clock of which zone. */
export function OpeningFields({ opening, zone, onOpening, onZone }: OpeningFieldsProps) {
  const id = useId();
  const time = opening.every === "custom" ? FIRST_TIME : opening.time;
  const choose = (every: string) => {
    if (every === "week") onOpening({ every, days: [0], time });
    else if (every === "month") onOpening({ every, day: 1, time });
    else onOpening({ every: "custom", cron: cronOf(opening) });
  };
  return (
    <>
      <Choice label="Opens" value={opening.every} onChange={(event) => choose(event.target.value)}>
        <option value="week">on days of the week</option>
        <option value="month">on a day of the month</option>
        <option value="custom">as a line of cron says</option>
      </Choice>
      {opening.every === "week" && <Weekdays days={opening.days} onChange={(days) => onOpening({ ...opening, days })} />}
      {opening.every === "month" && (
        <Choice
          label="Day of the month"
          value={opening.day}
          onChange={(event) => onOpening({ ...opening, day: Number(event.target.value) })}
        >
          {MONTH_DAYS.includes(opening.day) ? null : <option value={opening.day}>{opening.day}</option>}
          {MONTH_DAYS.map((day) => (
            <option key={day} value={day}>
              {day}
            </option>
          ))}
        </Choice>
      )}
      {opening.every === "custom" ? (
        <Field
          label="Line of cron"
          value={opening.cron}
          onChange={(event) => onOpening({ every: "custom", cron: event.target.value })}
          autoComplete="off"
          spellCheck={false}
          required
          hint="Minute, hour, day, month, day of the week: 0 2 * * 0"
        />
      ) : (
        <Field
          label="At"
          type="time"
          value={opening.time}
          required
          onChange={(event) => onOpening({ ...opening, time: event.target.value })}
        />
      )}
      <Field
        label="Time zone"
        value={zone}
        onChange={(event) => onZone(event.target.value)}
        list={`${id}zones`}
        autoComplete="off"
        spellCheck={false}
        required
        hint="Also when the clock changes the window opens by its wall clock."
      />
      <datalist id={`${id}zones`}>
        {Intl.supportedValuesOf("timeZone").map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
    </>
  );
}

function Weekdays({ days, onChange }: { days: readonly number[]; onChange: (days: readonly number[]) => void }) {
  const toggle = (day: number) =>
    onChange(days.includes(day) ? days.filter((one) => one !== day) : WEEK.filter((one) => one === day || days.includes(one)));
  return (
    <fieldset className="checks in-a-row">
      <legend>Days</legend>
      {WEEK.map((day) => (
        <label key={day}>
          <input type="checkbox" checked={days.includes(day)} onChange={() => toggle(day)} />
          <span>{WEEKDAYS[day]}</span>
        </label>
      ))}
    </fieldset>
  );
}
