// SPDX-License-Identifier: Apache-2.0
import type { CSSProperties } from "react";
import type { Line } from "@/components/live/live-store";
import { isSilent } from "@/components/live/use-live";
import { AllCalm, CalmStrip } from "./Calm";
import { layOut } from "./lay-out";
import { Tile } from "./Tile";
import { WallHead, WallLost } from "./WallHead";
import { sortWall, type WallCluster } from "./wall";

/** Everything on one screen without scrolling: trouble large, the rest in a line. Silent console: all of it is old, and only the head is true. */
export function WallView({ clusters, line }: { clusters: readonly WallCluster[]; line: Line }) {
  const isLost = isSilent(line);
  const { troubled, calm } = sortWall(clusters);
  const { columns, rows, form, scale, lines } = layOut(troubled.length);
  const style = { "--columns": columns, "--rows": rows, "--k": scale, "--lines": lines } satisfies CSSProperties;
  return (
    <div className={`wall${isLost ? " is-old" : ""}`} data-line={line}>
      {isLost ? <WallLost /> : <WallHead clusters={clusters} />}
      <main className={`tiles${form === "lead" && columns > 1 ? " with-lead" : ""}`} style={style}>
        {troubled.length === 0 ? (
          <AllCalm calm={calm} />
        ) : (
          troubled.map((one, index) => <Tile key={one.slug} one={one} form={form} isLead={form === "lead" && index === 0} />)
        )}
      </main>
      {troubled.length > 0 && <CalmStrip calm={calm} />}
    </div>
  );
}
