// SPDX-License-Identifier: Apache-2.0
import { type ComponentProps, type ReactNode, useId } from "react";

/** A labelled line to type in, with what is expected said below it. */
export function Field({ label, hint, ...rest }: ComponentProps<"input"> & { label: string; hint?: ReactNode }) {
  const id = useId();
  return (
    <p className="field">
      <label htmlFor={id}>{label}</label>
      <input {...rest} id={id} aria-describedby={hint ? `${id}h` : undefined} />
      {hint && (
        <small id={`${id}h`} className="d3">
          {hint}
        </small>
      )}
    </p>
  );
}
