// SPDX-License-Identifier: Apache-2.0
"use client";
import { useState } from "react";
import type { UserRole } from "@/agent/protocol/console/api";
import type { ApiTokenList, ApiTokenMade, NewApiToken } from "@/agent/protocol/console/people";
import { When } from "@/components/live/Age";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { CopyLine } from "@/components/ui/CopyLine";
import { EmptyState } from "@/components/ui/EmptyState";
import { Act } from "./Act";
import { ActDialog } from "./ActDialog";
import { Asked } from "./Asked";
import { NewTokenDialog } from "./NewTokenDialog";

type Token = ApiTokenList["tokens"][number];

export interface TokensViewProps {
  /** Who looks. */
  me: string;
  userRole: UserRole;
  /** For whom a token can be made: oneself, and for an admin everybody who may sign in. */
  owners: readonly { name: string; role: UserRole }[];
  tokens: readonly Token[] | null;
  error: Error | null;
  /** The token that was just made: the only time its text is there. */
  made: ApiTokenMade | null;
  onMake: (wanted: NewApiToken) => Promise<unknown>;
  onRevoke: (id: string) => Promise<unknown>;
}

/** Tokens for programs: made, shown once, revoked. */
export function TokensView({ me, userRole, owners, tokens, error, made, onMake, onRevoke }: TokensViewProps) {
  const [isMaking, setIsMaking] = useState(false);
  const [revoking, setRevoking] = useState<Token | null>(null);
  return (
    <>
      <h1>API tokens</h1>
      <section aria-label="API tokens">
        <p className="d2">
          For programs: <code>Authorization: Bearer …</code>. A token speaks for its owner, may at most what they may, and ends with them.
        </p>
        <p className="acts">
          <Act word="Make a token…" label="Make a token…" onClick={() => setIsMaking(true)} />
        </p>
        {made && (
          <div className="enrolment" role="status">
            <p>
              <b>Copy it now:</b> the console keeps only its fingerprint and does not show it again.
            </p>
            <CopyLine text={made.token} label="the token" />
          </div>
        )}
        <Asked answer={tokens} error={error}>
          {(list) => <Tokens tokens={list} userRole={userRole} onRevoke={setRevoking} />}
        </Asked>
      </section>
      {isMaking && <NewTokenDialog me={me} owners={owners} onMake={onMake} onClose={() => setIsMaking(false)} />}
      {revoking && (
        <ActDialog
          title={`Revoke the token ${revoking.name}`}
          verb="Revoke it"
          keep="Keep it"
          onAct={() => onRevoke(revoking.id)}
          onClose={() => setRevoking(null)}
        >
          <p className="d2">
            {revoking.lastUsedAtMs === null ? (
              "It was never used."
            ) : (
              <>
                It was last used <When atMs={revoking.lastUsedAtMs} />.
              </>
            )}{" "}
            Whatever uses it is refused from now on. A revoked token does not come back.
          </p>
        </ActDialog>
      )}
    </>
  );
}

function Tokens({ tokens, userRole, onRevoke }: { tokens: readonly Token[]; userRole: UserRole; onRevoke: (token: Token) => void }) {
  if (tokens.length === 0)
    return (
      <EmptyState title={userRole === "admin" ? "No token yet" : "You have no token"}>
        <p>Make one for each program that asks this console, so that each can be revoked by itself.</p>
      </EmptyState>
    );
  // Those that still speak first.
  const sorted = [...tokens].sort((a, b) => Number(a.revokedAtMs !== null) - Number(b.revokedAtMs !== null));
  return (
    <table className="p cards">
      <ColumnHeads names={["Token", "Owner", "Role", "Made", "Last used", "Ends"]} acts />
      <tbody>
        {sorted.map((token) => (
          <tr key={token.id} className={token.revokedAtMs === null ? undefined : "is-over"}>
            <th scope="row">{token.name}</th>
            <td data-th="Owner">{token.owner}</td>
            <td data-th="Role">{token.role}</td>
            <td data-th="Made">
              <When atMs={token.createdAtMs} />
            </td>
            <td data-th="Last used">
              {token.lastUsedAtMs === null ? (
                <span className="d3">never</span>
              ) : (
                <>
                  <When atMs={token.lastUsedAtMs} />
                  <small>to 5 min</small>
                </>
              )}
            </td>
            <td data-th="Ends">{token.expiresAtMs === null ? <span className="d3">no end</span> : <When atMs={token.expiresAtMs} />}</td>
            <td className="acts">
              {token.revokedAtMs === null ? (
                <Act word="Revoke…" label={`Revoke the token ${token.name} of ${token.owner}…`} onClick={() => onRevoke(token)} />
              ) : (
                <span>
                  revoked <When atMs={token.revokedAtMs} />
                </span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
