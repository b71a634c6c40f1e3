// SPDX-License-Identifier: Apache-2.0
import { CONSOLE_KEY, type Console } from "./console";

/** The running console, for pages. @throws when a page is rendered outside `server/main.ts` (e.g. by `next dev` alone). */
export function door(): Console {
  const found = (globalThis as { [CONSOLE_KEY]?: Console })[CONSOLE_KEY];
  if (!found) throw new Error("This page needs the Quarterdeck server: start it with `npm start` or `npm run demo`, not with `next`.");
  return found;
}
