// SPDX-License-Identifier: Apache-2.0
import type { Asker } from "@/server/commands/previews";
import type { Session } from "@/server/console";
import type { ApiContext } from "./routes";

/** Who asks, by which way, from where. */
export function askerOf(c: ApiContext, session: Session): Asker {
  return { user: session.user, role: session.role, token: session.token ?? null, from: c.env?.incoming?.socket.remoteAddress ?? null };
}
