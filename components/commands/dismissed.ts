// SPDX-License-Identifier: Apache-2.0

const KEY = "quarterdeck.dismissed-runs";
const KEPT = 40;
const listeners = new Set<() => void>();

/** The ended commands that were put away in this window: ids, the last one first. Others still see them. */
export const dismissed = {
  read: (): string => sessionStorage.getItem(KEY) ?? "",
  add(id: string): void {
    const ids = dismissed.read().split(" ").filter(Boolean);
    sessionStorage.setItem(KEY, [id, ...ids].slice(0, KEPT).join(" "));
    for (const listener of listeners) listener();
  },
  onChange: (listener: () => void) => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  },
};
