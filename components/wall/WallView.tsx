// SPDX-License-Identifier: Apache-2.0
import type { CSSProperties } from "react";
import { AllCalm, CalmStrip } from "./Calm";
import { Tile } from "./Tile";
import { WallHead, WallLost } from "./WallHead";
import { layOut, sortWall, type WallCluster } from "./wall";

/** Everything on one screen without scrolling: trouble large, the rest in a line. Silent console: all of it is old, and only the head is true. */
export function WallView({ clusters, isLost }: { clusters: readonly WallCluster[]; isLost: boolean }) {
  const { troubled, calm } = sortWall(clusters);
  const { columns, rows, hasLead, scale } = layOut(troubled.length);
  const style = { "--columns": columns, "--rows": rows, "--k": scale } satisfies CSSProperties;
  return (
    <div className={`wall${isLost ? " is-old" : ""}`}>
      {isLost ? <WallLost /> : <WallHead clusters={clusters} />}
      <main className={`tiles${hasLead && columns > 1 ? " with-lead" : ""}`} style={style}>
        {troubled.length === 0 ? (
          <AllCalm calm={calm} />
        ) : (
          troubled.map((one, index) => <Tile key={one.slug} one={one} isLead={hasLead && index === 0} />)
        )}
      </main>
      {troubled.length > 0 && <CalmStrip calm={calm} />}
    </div>
  );
}
