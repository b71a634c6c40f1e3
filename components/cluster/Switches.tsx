// SPDX-License-Identifier: Apache-2.0
import { type BondRow, isKnownPort, type SwitchBox, shortMac, switchBoxes } from "./bond-rows";

/** The switches between two nodes' bonds. A switch is the partner that LACP names; where nobody names one, nothing is drawn. */
export function Switches({ left, right }: { left: readonly BondRow[]; right: readonly BondRow[] }) {
  const { boxes, isDrawable } = switchBoxes(left, right);
  if (boxes.length === 0) return null;
  if (!isDrawable)
    return (
      <div className="switches plain">
        {boxes.map((box) => (
          <Box key={box.mac} box={box} />
        ))}
      </div>
    );
  const rows = Math.max(left.length, right.length, ...boxes.map(({ bottom }) => bottom + 1));
  return (
    <div className="switches" style={{ "--rows": rows }}>
      {boxes.map((box) => (
        <div key={box.mac}>
          <Box box={box} placed />
          {box.left.map((line) => (
            <i key={`left${line}`} className={`stub ${lookOf(left, line)}`} style={{ "--row": line }} />
          ))}
          {box.right.map((line) => (
            <i key={`right${line}`} className={`stub right ${lookOf(right, line)}`} style={{ "--row": line }} />
          ))}
        </div>
      ))}
    </div>
  );
}

function Box({ box, placed = false }: { box: SwitchBox; placed?: boolean }) {
  const style = placed ? { "--row": box.top, "--span": box.bottom - box.top + 1 } : {};
  return (
    <div className="sw-box" style={style}>
      <b>partner {shortMac(box.mac)}</b>
      <span className={box.isWhole ? "d3" : "risk"}>{box.says}</span>
    </div>
  );
}

/** A line that is up, one that is cut, or one of which nothing is read now. */
function lookOf(rows: readonly BondRow[], line: number): "up" | "dead" | "unread" {
  const row = rows[line];
  if (row?.kind !== "port" || !isKnownPort(row)) return "unread";
  return row.port.link === "up" ? "up" : "dead";
}
