// SPDX-License-Identifier: Apache-2.0

/** Reads the named fields of a form as text. */
export function readForm(form: HTMLFormElement): (name: string) => string {
  const values = new FormData(form);
  return (name) => {
    const value = values.get(name);
    return typeof value === "string" ? value : "";
  };
}
