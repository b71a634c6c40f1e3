// SPDX-License-Identifier: Apache-2.0
"use client";
import { keyOf } from "@/agent/protocol/console/keys";
import type { EntityOf } from "@/agent/protocol/console/view";
import { useLoaded } from "@/components/ask/use-loaded";
import { Lasting, When } from "@/components/live/Age";
import { unbroken } from "@/components/ui/format";
import { StateWord } from "@/components/ui/StateWord";
import { nameOf, partOf } from "./progress";
import { RunProgress } from "./RunProgress";

const loadHistory = () => import("./MirrorHistory");

interface MirrorVerifyProps {
  slug: string;
  mirror: EntityOf<"mirror">;
  /** Undefined: the console keeps no record of it. */
  verify: EntityOf<"verify"> | undefined;
}

/** On a mirror's page: how its last verify ended and how long ago, what runs, what comes next; then all there were. */
export function MirrorVerify({ slug, mirror, verify }: MirrorVerifyProps) {
  const history = useLoaded(loadHistory);
  const name = nameOf(mirror);
  const running = verify?.running ?? null;
  return (
    <section className="mirror-verify" id={partOf("verifies", mirror.volume)} tabIndex={-1} aria-label={`Verifies of ${name}`}>
      <h2>Verify</h2>
      {verify === undefined ? <p className="remark d2">No record is kept of its verifies.</p> : <Standing verify={verify} />}
      {running !== null && <RunProgress running={running} mirror={mirror} name={name} title={`Verifying ${name}`} />}
      {history.is === "unreachable" && (
        <p role="alert" className="risk s12">
          Its runs could not be loaded: the console did not answer.
        </p>
      )}
      {history.is === "there" && (
        <history.module.MirrorHistory
          slug={slug}
          about={keyOf.mirror(mirror.resource, mirror.volume)}
          mirror={mirror}
          isRunning={running !== null}
          mark={`${verify?.last?.id} ${running?.id}`}
        />
      )}
    </section>
  );
}

function Standing({ verify: { said, last, cleanAtMs, queued, next } }: { verify: EntityOf<"verify"> }) {
  return (
    <dl className="f">
      <div>
        <dt>Last run</dt>
        <dd>
          <StateWord said={said} />
          {last?.endedAtMs != null && (
            <span className="d3">
              {" "}
              <When atMs={last.endedAtMs} />, <Lasting sinceMs={last.endedAtMs} /> ago
            </span>
          )}
          {last?.says != null && <small>{unbroken(last.says)}</small>}
        </dd>
      </div>
      <div>
        <dt>Last clean</dt>
        <dd>
          {cleanAtMs === null ? (
            "never: nothing proves that its copies are the same"
          ) : (
            <>
              <When atMs={cleanAtMs} />,{" "}
              <span className="d3">
                <Lasting sinceMs={cleanAtMs} /> ago
              </span>
            </>
          )}
        </dd>
      </div>
      <div>
        <dt>Next run</dt>
        <dd>
          {queued !== null ? (
            `in the queue, place ${queued.place}: ${unbroken(queued.says)}`
          ) : next !== null ? (
            <>
              <When atMs={next.atMs} />, {unbroken(next.says)}
            </>
          ) : (
            "none planned"
          )}
        </dd>
      </div>
    </dl>
  );
}
