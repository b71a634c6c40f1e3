// SPDX-License-Identifier: Apache-2.0
import type { CSSProperties } from "react";
import { When } from "@/components/live/Age";
import { isSilent, useClockText } from "@/components/live/use-live";
import { formatCount, formatMinutes } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { sizeOf, type WallCluster } from "./wall";

/** As many stand by their names; the rest is counted. */
const NAMED = 5;

/** The clusters that want nobody, in a line below those that do. */
export function CalmStrip({ calm }: { calm: readonly WallCluster[] }) {
  if (calm.length === 0) return null;
  const shown = calm.slice(0, calm.length > NAMED ? NAMED - 1 : NAMED);
  const more = calm.slice(shown.length);
  return (
    <footer className="wall-calm">
      {shown.map((one) => (
        <span key={one.slug}>
          <Icon shape={one.level} />
          <b>{one.title}</b> <Says one={one} />
        </span>
      ))}
      {more.length > 0 && (
        <span>
          <Icon shape={more.every(({ level }) => level === "ok") ? "ok" : "busy"} />
          and {more.length} more {more.every(({ level }) => level === "ok") ? "clear" : "that want nobody"}
          <Heard of={more} before=", " />
        </span>
      )}
    </footer>
  );
}

/** Nobody wants anything: every cluster by its name, with what it is made of and how old its proof is. */
export function AllCalm({ calm }: { calm: readonly WallCluster[] }) {
  const columns: CSSProperties & Record<"--names", number> = { "--names": Math.min(4, Math.max(1, Math.ceil(calm.length / 6))) };
  return (
    <section className="all-calm">
      <h1>{calm.length === 0 ? "No cluster to show" : "Nothing known is wrong"}</h1>
      {calm.length > 0 && (
        <p className="d2">
          <Heard of={calm} before="" />
        </p>
      )}
      {calm.length === 0 && <p>Its key is for clusters that are not there, or none is enrolled yet.</p>}
      <ul style={columns}>
        {calm.map((one) => (
          <li key={one.slug}>
            <Icon shape={one.level} />
            <b>{one.title}</b>
            <span>
              {one.level !== "ok" && <Says one={one} />}
              <small>
                {sizeOf(one)}
                <Proof cleanAtMs={one.cleanAtMs} />
              </small>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Says({ one: { level, says, held, rulesOff } }: { one: WallCluster }) {
  const [first] = held;
  if (level === "held" && first)
    return (
      <span className="held">
        {first.node ?? "maintenance"}
        {first.owner !== null && ` by ${first.owner}`}
        {first.endsAtMs !== null && (
          <>
            {" "}
            until <When atMs={first.endsAtMs} />
          </>
        )}
      </span>
    );
  const off = rulesOff === 0 ? "" : `, ${formatCount(rulesOff, "rule")} off`;
  return <span className="d2">{`${level === "ok" ? "clear" : says}${off}`}</span>;
}

/** ", all verified within 12 d": how old the oldest proof is that its mirrors are the same. */
function Proof({ cleanAtMs }: { cleanAtMs: number | null | undefined }) {
  const text = useClockText(({ nowMs }) => {
    if (cleanAtMs === undefined) return "";
    return cleanAtMs === null ? ", not all verified" : `, verified within ${formatMinutes(nowMs - cleanAtMs)}`;
  });
  return <>{text}</>;
}

/** "each heard within 2 s": how old the oldest word of their nodes is. Nothing where one was never heard, or without a console. */
function Heard({ of, before }: { of: readonly WallCluster[]; before: string }) {
  const text = useClockText(({ nowMs, line, heardAtMs }) => {
    const heard = of.flatMap(({ slug, nodeKeys }) => nodeKeys.map((key) => heardAtMs(slug, key)));
    const known = heard.filter((atMs) => atMs !== null);
    if (isSilent(line) || known.length === 0 || known.length < heard.length) return "";
    const seconds = Math.max(1, Math.ceil((nowMs - Math.min(...known)) / 1_000));
    return `${before}each node heard within ${formatMinutes(seconds * 1_000)}`;
  });
  return <span className="d3">{text}</span>;
}
