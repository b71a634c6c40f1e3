// SPDX-License-Identifier: Apache-2.0
"use client";
import { useState } from "react";
import type { NewUser, UserChange, UserList } from "@/agent/protocol/console/people";
import { When } from "@/components/live/Age";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { StateWord } from "@/components/ui/StateWord";
import { Act } from "./Act";
import { Asked } from "./Asked";
import { type UserAct, UserDialog } from "./UserDialog";

type User = UserList["users"][number];

export interface UsersViewProps {
  /** Who looks. */
  me: string;
  users: readonly User[] | null;
  error: Error | null;
  onAdd: (user: NewUser) => Promise<unknown>;
  onChange: (id: string, change: UserChange) => Promise<unknown>;
  onRemove: (id: string) => Promise<unknown>;
}

/** The people who may sign in, what they may, and how that ends. */
export function UsersView({ me, users, error, onAdd, onChange, onRemove }: UsersViewProps) {
  const [doing, setDoing] = useState<UserAct | null>(null);
  return (
    <>
      <h1>Users</h1>
      <section aria-label="Users">
        <p className="d2">A change is in force at once: whoever may do less loses open pages and API tokens that did more.</p>
        <p className="acts">
          <Act word="Add a user…" label="Add a user…" onClick={() => setDoing({ what: "add" })} />
        </p>
        <Asked answer={users} error={error}>
          {(list) => <Users me={me} users={list} onDo={setDoing} />}
        </Asked>
      </section>
      {doing && <UserDialog me={me} doing={doing} onAdd={onAdd} onChange={onChange} onRemove={onRemove} onClose={() => setDoing(null)} />}
    </>
  );
}

function Users({ me, users, onDo }: { me: string; users: readonly User[]; onDo: (doing: UserAct) => void }) {
  const admins = users.filter(({ role, disabledAtMs }) => role === "admin" && disabledAtMs === null);
  return (
    <table className="p cards">
      <ColumnHeads names={["User", "Role", "Signing in", "Last signed in"]} acts />
      <tbody>
        {users.map((user) => {
          const { id, name, role, disabledAtMs, lastSignInAtMs } = user;
          const isLast = admins.length === 1 && admins[0]?.id === id;
          const refusedBy = isLast ? "only-admin" : undefined;
          return (
            <tr key={id}>
              <th scope="row">
                {name}
                {name === me && <small>you</small>}
              </th>
              <td data-th="Role">{role}</td>
              <td data-th="Signing in">
                {disabledAtMs === null ? (
                  "may sign in"
                ) : (
                  <>
                    <StateWord said={{ level: "held", word: "disabled" }} />
                    <small>
                      since <When atMs={disabledAtMs} />
                    </small>
                  </>
                )}
              </td>
              <td data-th="Last signed in">
                {lastSignInAtMs === null ? <span className="d3">not known</span> : <When atMs={lastSignInAtMs} />}
              </td>
              <td className="acts">
                <Act
                  word="Role…"
                  label={`Change the role of ${name}…`}
                  refusedBy={refusedBy}
                  onClick={() => onDo({ what: "role", user })}
                />
                <Act word="Password…" label={`Set a new password for ${name}…`} onClick={() => onDo({ what: "password", user })} />
                {disabledAtMs === null ? (
                  <Act word="Disable…" label={`Disable ${name}…`} refusedBy={refusedBy} onClick={() => onDo({ what: "disable", user })} />
                ) : (
                  <Act word="Enable…" label={`Enable ${name}…`} onClick={() => onDo({ what: "enable", user })} />
                )}
                <Act word="Remove…" label={`Remove ${name}…`} refusedBy={refusedBy} onClick={() => onDo({ what: "remove", user })} />
                {isLast && <small id={refusedBy}>the only admin who may sign in: make another first</small>}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
