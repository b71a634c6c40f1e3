// SPDX-License-Identifier: Apache-2.0
"use client";
import type { AuditRow } from "@/agent/protocol/console/commands";
import { BeforeAfter, Commands, EffectList } from "@/components/commands/Effects";
import { GuardFindings } from "@/components/commands/GuardFindings";
import { Phases } from "@/components/commands/RunView";
import { When } from "@/components/live/Age";
import { ColumnHeads } from "@/components/ui/ColumnHeads";

/** All that the chain keeps of one command. */
export function AuditDetail({ row }: { row: AuditRow }) {
  const { reason, accepted, findings, effects, commands, output, phases, outcome, entries, ask, run } = row;
  const known = findings.filter(({ guard }) => accepted.includes(guard));
  const others = findings.filter(({ guard }) => !accepted.includes(guard));
  return (
    <div className="audit-detail">
      <div>
        <dl className="f">
          <div>
            <dt>Reason</dt>
            <dd>{reason ?? "none given"}</dd>
          </div>
          <div>
            <dt>Command</dt>
            <dd>
              <code>
                {ask.verb} {JSON.stringify(ask.args)}
              </code>
            </dd>
          </div>
          <div>
            <dt>Accepted</dt>
            <dd>{accepted.length === 0 ? "no warning" : accepted.join(", ")}</dd>
          </div>
          <div>
            <dt>Run</dt>
            <dd>
              <code>{run}</code>
            </dd>
          </div>
        </dl>
        <GuardFindings title="Accepted warnings" findings={known} />
        <GuardFindings title="What else the guards said" findings={others} />
        <EffectList title="What was foreseen" effects={effects} />
      </div>
      <div>
        <section aria-label="How it went">
          <h3>How it went</h3>
          <Phases phases={phases} outcome={outcome} />
        </section>
        <BeforeAfter effects={effects} />
        <Commands title="Command lines" commands={commands} />
        <section aria-label="Output">
          <h3>Output</h3>
          {output === "" ? <p className="d3">The tools printed nothing, or nothing was run.</p> : <pre className="output">{output}</pre>}
        </section>
        <section aria-label="Entries in the chain">
          <h3>Entries in the chain</h3>
          <table className="p">
            <ColumnHeads names={["Number", "Kind", "When", "Hash"]} />
            <tbody>
              {entries.map(({ seq, hash, kind, atMs }) => (
                <tr key={seq}>
                  <td>{seq}</td>
                  <td>{kind}</td>
                  <td>
                    <When atMs={atMs} />
                  </td>
                  <td>
                    <code title={hash}>{hash.slice(0, 12)}…</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </div>
    </div>
  );
}
