// SPDX-License-Identifier: Apache-2.0
import { type ComponentProps, type ReactNode, useId } from "react";

/** A labelled list to choose one of, with what the choice means said below it. */
export function Choice({ label, hint, children, ...rest }: ComponentProps<"select"> & { label: string; hint?: ReactNode }) {
  const id = useId();
  return (
    <p className="field">
      <label htmlFor={id}>{label}</label>
      <select {...rest} id={id} aria-describedby={hint ? `${id}h` : undefined}>
        {children}
      </select>
      {hint && (
        <small id={`${id}h`} className="d3">
          {hint}
        </small>
      )}
    </p>
  );
}
