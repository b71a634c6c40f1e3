// SPDX-License-Identifier: Apache-2.0

/** The content of a page, which the skip link leads to. */
export const CONTENT_ID = "content";

/** Puts the focus where a person went: on the spot the address names, else on the page's content. */
export function arrive(hash: string): void {
  const named = hash.length > 1 ? document.getElementById(decodeURIComponent(hash.slice(1))) : null;
  const spot = named ?? document.getElementById(CONTENT_ID);
  spot?.focus({ preventScroll: named === null });
}
