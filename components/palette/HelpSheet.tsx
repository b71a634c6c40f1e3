// SPDX-License-Identifier: Apache-2.0
"use client";
import { useState } from "react";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { Keys } from "@/components/ui/Keys";
import { HELP, hasSingleKeys, setSingleKeys } from "./keys";

/** Every key of the console, and the switch for those that are pressed alone. */
export function HelpSheet({ onClose }: { onClose: () => void }) {
  const [isOn, setIsOn] = useState(() => hasSingleKeys(localStorage));
  const change = (next: boolean) => {
    setSingleKeys(localStorage, next);
    setIsOn(next);
  };
  return (
    <Dialog label="Keys" className="help" onClose={onClose}>
      {(close) => (
        <>
          <h2>Keys</h2>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: on a small screen the arrow keys must be able to scroll it */}
          <section className="help-lists" aria-label="All keys" tabIndex={0}>
            {HELP.map(({ where, keys }) => (
              <section key={where} aria-label={where}>
                <h3>{where}</h3>
                <dl>
                  {keys.map(({ press, or, does, isSingle = false }) => (
                    <div key={does} className={isSingle && !isOn ? "is-off" : ""}>
                      <dt>
                        <Keys press={press} />
                        {or && (
                          <>
                            {" or "}
                            <Keys press={or} />
                          </>
                        )}
                      </dt>
                      <dd>
                        {does}
                        {isSingle && !isOn && ", switched off"}
                      </dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
          </section>
          <div className="dialog-foot">
            <label>
              <input type="checkbox" checked={isOn} onChange={(event) => change(event.target.checked)} /> Keys without Ctrl or ⌘ work in
              this browser
            </label>
            <Button onClick={close}>Close</Button>
          </div>
        </>
      )}
    </Dialog>
  );
}
