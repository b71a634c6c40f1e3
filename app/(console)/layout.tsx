// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from "react";
import { requireSession } from "./session";

/** Nothing of the console is shown to anyone who is not signed in. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  await requireSession();
  return children;
}
