// SPDX-License-Identifier: Apache-2.0
import type { Effect } from "@/agent/protocol/console/commands";
import { CopyLine } from "@/components/ui/CopyLine";
import { unbroken } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { effectRows } from "./effects";

/** What happens to what, as sentences. */
export function EffectList({ title, effects }: { title: string; effects: readonly Effect[] }) {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      {effects.length === 0 ? (
        <p className="d2">
          <Icon shape="absent" /> No resource starts, stops or moves.
        </p>
      ) : (
        <ul className="effects">
          {effectRows(effects).map(({ name, says, reason }) => (
            <li key={`${name} ${says}`}>
              <Icon shape="next" />
              <span>
                {unbroken(says)}
                {reason && <small>{unbroken(reason)}</small>}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** The same without sentences: each resource, where it is and where it would be. */
export function BeforeAfter({ effects }: { effects: readonly Effect[] }) {
  if (effects.length === 0) return null;
  return (
    <section aria-label="Before and after">
      <h3>Before and after</h3>
      <table className="before-after">
        <thead>
          <tr>
            <th scope="col">
              <span className="sr">Resource</span>
            </th>
            <th scope="col">Now</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {effectRows(effects).map(({ name, members, parent, before, after, says }) => (
            <tr key={`${name} ${says}`} className={before === after ? "" : "is-changed"}>
              <th scope="row">
                <code>{name}</code>
                {parent && <small>of {parent}</small>}
                {members.length > 0 && <small>{members.join(", ")}</small>}
              </th>
              <td>{before}</td>
              <td>{after}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The exact command lines, to read and to copy. */
export function Commands({ title, commands }: { title: string; commands: readonly string[] }) {
  if (commands.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <CopyLine text={commands.join("\n")} label="the command lines" />
    </section>
  );
}
