// SPDX-License-Identifier: Apache-2.0
"use client";
import { useState } from "react";
import { Lasting } from "@/components/live/Age";
import { entriesOf } from "@/components/live/store";
import { useLive, useLiveValue } from "@/components/live/use-live";
import { Button } from "@/components/ui/Button";
import { Icon } from "@/components/ui/Icon";

/** While the preview is made: who is asked for what, and for how long already. */
export function AskingPreview({ slug, onClose }: { slug: string; onClose: () => void }) {
  const { store } = useLiveValue();
  const [sinceMs] = useState(store.nowMs);
  const nodes = useLive((live) => entriesOf(live.clusters.get(slug), "node"));
  const mayAct = nodes.flatMap(([, { name, link, steps }]) => (link === "live" && (steps ?? []).length > 0 ? [name] : []));
  const who = mayAct.length === 0 ? "a node that may act" : mayAct.join(" or ");
  return (
    <>
      <div className="cmd-body">
        <p role="status">
          <Icon shape="busy" /> Asking for a preview
        </p>
        <p className="d3 s12">
          For <Lasting sinceMs={sinceMs} />. It may take some seconds.
        </p>
        <ul className="effects d2">
          <li>
            <Icon shape="next" />
            <span>The agent of {who} applies the change to a copy of the cluster's configuration and has Pacemaker simulate it.</span>
          </li>
          <li>
            <Icon shape="next" />
            <span>The console then lets every guard look at it.</span>
          </li>
        </ul>
      </div>
      <footer className="cmd-foot">
        <p className="d3">A preview writes nothing.</p>
        <div className="cmd-acts">
          <Button onClick={onClose}>Cancel</Button>
        </div>
      </footer>
    </>
  );
}
