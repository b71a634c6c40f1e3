// SPDX-License-Identifier: Apache-2.0

import { keyOf } from "@/agent/protocol/console/keys";
import type { EntityOf } from "@/agent/protocol/console/view";
import { ActionsButton } from "@/components/commands/ActionsButton";
import { Age, When } from "@/components/live/Age";
import { Env } from "@/components/ui/Env";
import { unbroken } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { StateWord } from "@/components/ui/StateWord";
import { Opinions } from "./NodeHead";

/** The verdict of a cluster, why, since when; and the four facts everyone asks for first. */
export function VerdictHead({ slug, cluster }: { slug: string; cluster: EntityOf<"cluster"> | undefined }) {
  if (!cluster)
    return (
      <div className="verdict">
        <div>
          <h1>
            <Icon shape="unknown" />
            Nothing is known of {slug} yet
          </h1>
        </div>
      </div>
    );
  const { headline, pacemaker, sinceMs } = cluster;
  return (
    <div className="verdict">
      <div>
        <h1>
          <Icon shape={headline.level} />
          {unbroken(headline.word)}
        </h1>
        <p>
          {unbroken(headline.why)}{" "}
          {sinceMs !== null && (
            <span className="d3 nw">
              Since <When atMs={sinceMs} />.
            </span>
          )}
        </p>
        <Opinions opinions={cluster.dissent} />
      </div>
      {pacemaker && <ActionsButton about={keyOf.cluster} subject={null} word="Actions on the whole cluster" />}
      <dl>
        <div>
          <dt>Environment</dt>
          <dd>{cluster.environment === null ? "not said" : <Env environment={cluster.environment} />}</dd>
        </div>
        <div>
          <dt>Quorum</dt>
          <dd>{pacemaker ? <Fact said={pacemaker.quorum} /> : "no Pacemaker heard"}</dd>
        </div>
        {pacemaker && (
          <>
            <div>
              <dt>Fencing</dt>
              <dd>
                <Fact said={pacemaker.fencing} />
              </dd>
            </div>
            <div>
              <dt>Pacemaker</dt>
              <dd>
                {[shortVersion(pacemaker.version), pacemaker.dc ? `DC ${pacemaker.dc}` : "no DC"].filter(Boolean).join(", ")}{" "}
                <Age slug={slug} of={keyOf.source(pacemaker.from.node, pacemaker.from.source)} />
              </dd>
            </div>
          </>
        )}
      </dl>
    </div>
  );
}

/** "2.1.5" of "2.1.5-a3f44794f94": the build is of no use here; the node's page has all of it. */
function shortVersion(version: string | null): string | null {
  return version === null ? null : (/^\d+(?:\.\d+)+/.exec(version)?.[0] ?? version);
}

/** What is normal needs no sign. */
function Fact({ said }: { said: EntityOf<"cluster">["headline"] }) {
  return said.level === "ok" ? said.word : <StateWord said={said} />;
}
