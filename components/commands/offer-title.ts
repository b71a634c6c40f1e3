// SPDX-License-Identifier: Apache-2.0

/** An offer's title without the dots that say that a dialog follows. */
export function bareTitle(title: string): string {
  return title.replace(/\s*…$/, "");
}
