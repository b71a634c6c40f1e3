// SPDX-License-Identifier: Apache-2.0
"use client";
import { useState } from "react";
import type { UserRole } from "@/agent/protocol/console/api";
import type { OwnPassword, SessionList } from "@/agent/protocol/console/people";
import { When } from "@/components/live/Age";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { Act } from "./Act";
import { ActDialog } from "./ActDialog";
import { Asked } from "./Asked";
import { browserName } from "./browser-name";
import { OwnPasswordDialog } from "./OwnPasswordDialog";

type Session = SessionList["sessions"][number];

export interface SessionsViewProps {
  userRole: UserRole;
  sessions: readonly Session[] | null;
  error: Error | null;
  onEnd: (id: string) => Promise<unknown>;
  onPassword: (words: OwnPassword) => Promise<unknown>;
}

/** Where one is signed in, and for an admin where everybody is; each can be ended from here. */
export function SessionsView({ userRole, sessions, error, onEnd, onPassword }: SessionsViewProps) {
  const [ending, setEnding] = useState<Session | null>(null);
  const [isChanging, setIsChanging] = useState(false);
  return (
    <>
      <h1>Sessions</h1>
      <section aria-labelledby="signed-in">
        <h2 id="signed-in">{userRole === "admin" ? "Who is signed in" : "Where you are signed in"}</h2>
        <p className="d2">A session lasts twelve hours. Ending one closes its pages within a second.</p>
        <Asked answer={sessions} error={error}>
          {(list) => <Sessions sessions={list} onEnd={setEnding} />}
        </Asked>
      </section>
      <section aria-labelledby="password">
        <h2 id="password">Your password</h2>
        <p className="d2">A new one ends your other sessions.</p>
        <p className="acts">
          <Act word="Change your password…" label="Change your password…" onClick={() => setIsChanging(true)} />
        </p>
      </section>
      {isChanging && <OwnPasswordDialog onPassword={onPassword} onClose={() => setIsChanging(false)} />}
      {ending && (
        <ActDialog
          title={ending.isThis ? "End this session" : `End a session of ${ending.user}`}
          verb="End the session"
          keep="Keep it"
          onAct={() => onEnd(ending.id)}
          onClose={() => setEnding(null)}
        >
          <p className="d2">
            {ending.isThis
              ? "This is the one you are using: you are signed out."
              : `${ending.user}, ${browserName(ending.userAgent) ?? "an unnamed browser"}, from ${ending.address ?? "an unknown address"}: signed out at once. To keep somebody out, disable the user or set a new password.`}
          </p>
        </ActDialog>
      )}
    </>
  );
}

function Sessions({ sessions, onEnd }: { sessions: readonly Session[]; onEnd: (session: Session) => void }) {
  return (
    <table className="p cards">
      <ColumnHeads names={["User", "Browser", "From", "Signed in", "Last used", "Ends"]} acts />
      <tbody>
        {sessions.map((session) => (
          <tr key={session.id}>
            <th scope="row">
              {session.user}
              <small>{session.role}</small>
            </th>
            <td data-th="Browser" title={session.userAgent ?? undefined}>
              {browserName(session.userAgent) ?? <span className="d3">said nothing</span>}
              {session.isThis && <small>this one</small>}
            </td>
            <td data-th="From">{session.address === null ? <span className="d3">not known</span> : <code>{session.address}</code>}</td>
            <td data-th="Signed in">
              <When atMs={session.createdAtMs} />
            </td>
            <td data-th="Last used">
              <When atMs={session.lastSeenAtMs} />
              <small>to 5 min</small>
            </td>
            <td data-th="Ends">
              <When atMs={session.expiresAtMs} />
            </td>
            <td className="acts">
              <Act
                word="End…"
                label={
                  session.isThis
                    ? "End this session…"
                    : `End the session of ${session.user} from ${session.address ?? "an unknown address"}…`
                }
                onClick={() => onEnd(session)}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
