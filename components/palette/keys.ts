// SPDX-License-Identifier: Apache-2.0

/** What a key asks the console for. */
export type Act = "palette" | "help" | "nextRow" | "previousRow" | "fleet" | "cluster" | "timeline" | "verify" | "settings";

/** A key as pressed, of which only this matters. */
export interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

const SINGLE: Readonly<Record<string, Act>> = { "/": "palette", "?": "help", j: "nextRow", k: "previousRow" };
const ARROWS: Readonly<Record<string, Act>> = { ArrowDown: "nextRow", ArrowUp: "previousRow" };
const AFTER_G: Readonly<Record<string, Act>> = { f: "fleet", c: "cluster", t: "timeline", v: "verify", s: "settings" };

/** What a press depends on besides the key. */
export interface Around {
  /** Keys without Ctrl or ⌘ count: nothing is being typed, and they are not switched off (WCAG 2.1.4: speech input types letters). */
  single: boolean;
  /** The focus is on a row of a list. */
  isRow: boolean;
}

/** What a key press means. `before` is the key pressed just before it ("g"), if it still counts. */
export function actOf({ key, ctrlKey, metaKey, altKey }: Pressed, before: string | null, { single, isRow }: Around): Act | null {
  if (altKey) return null;
  if (ctrlKey !== metaKey) return key.toLowerCase() === "k" ? "palette" : null;
  if (ctrlKey) return null;
  if (isRow && key in ARROWS) return ARROWS[key] ?? null;
  if (!single) return null;
  return (before === "g" ? AFTER_G[key] : SINGLE[key]) ?? null;
}

/** Every key, for the help sheet: keys that are pressed one after the other stand one after the other. */
export const HELP: readonly {
  where: string;
  keys: readonly { press: readonly string[]; or?: readonly string[]; does: string; isSingle?: boolean }[];
}[] = [
  {
    where: "Everywhere",
    keys: [
      { press: ["Ctrl K"], or: ["⌘K"], does: "go to a cluster, node, mirror, service, finding or page; open a command" },
      { press: ["/"], does: "the same", isSingle: true },
      { press: ["?"], does: "this sheet", isSingle: true },
      { press: ["g", "f"], does: "go to the fleet", isSingle: true },
      { press: ["g", "c"], does: "go to the cluster of this page", isSingle: true },
      { press: ["g", "t"], does: "go to the timeline: of the node or mirror of this page, else of its cluster", isSingle: true },
      { press: ["g", "v"], does: "go to the verifies of every mirror", isSingle: true },
      { press: ["g", "s"], does: "go to the settings", isSingle: true },
      { press: ["Tab"], or: ["Shift Tab"], does: "next and previous link or button; the first one skips to the content" },
      { press: ["Enter"], does: "open, press" },
      { press: ["Esc"], does: "close" },
    ],
  },
  {
    where: "Fleet",
    keys: [
      { press: ["j"], or: ["k"], does: "next and previous cluster", isSingle: true },
      { press: ["↓"], or: ["↑"], does: "the same, once a cluster has the focus" },
      { press: ["Enter"], does: "open the cluster" },
    ],
  },
  {
    where: "In the search",
    keys: [
      { press: ["↓"], or: ["↑"], does: "choose" },
      { press: ["Enter"], does: "go there" },
      { press: ["Esc"], does: "close" },
    ],
  },
];

const STORED = "quarterdeck.single-keys";

export function hasSingleKeys(storage: Pick<Storage, "getItem">): boolean {
  return storage.getItem(STORED) !== "off";
}

export function setSingleKeys(storage: Pick<Storage, "setItem">, isOn: boolean): void {
  storage.setItem(STORED, isOn ? "on" : "off");
}
