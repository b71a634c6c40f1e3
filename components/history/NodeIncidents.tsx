// SPDX-License-Identifier: Apache-2.0
"use client";
import { useLoaded } from "@/components/ask/use-loaded";

const loadList = () => import("./IncidentList");

/** On a node's page: every time it was lost or fenced, or services left it. Comes with its first showing. */
export function NodeIncidents({ slug, node }: { slug: string; node: string }) {
  const list = useLoaded(loadList);
  return (
    <section className="incidents" aria-labelledby="n-incidents">
      <h2 id="n-incidents">Lost, fenced, or left by services</h2>
      {list.is === "unreachable" && (
        <p role="alert" className="risk s12">
          What is kept of it could not be loaded: the console did not answer.
        </p>
      )}
      {list.is === "there" && <list.module.IncidentList slug={slug} node={node} />}
    </section>
  );
}
