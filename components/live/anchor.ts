// SPDX-License-Identifier: Apache-2.0

/** The id under which an entity stands on a page, for links that lead to it. */
export function anchorOf(key: string): string {
  return key.replace(/[^\w.-]+/g, "-");
}
