// SPDX-License-Identifier: Apache-2.0
import type { Enrollment } from "@/agent/protocol/console/api";
import { When } from "@/components/live/Age";
import { CopyLine } from "@/components/ui/CopyLine";
import { Icon } from "@/components/ui/Icon";

/** An address that leads nowhere but to the machine it is used on. */
const OWN_MACHINE = /--console https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(?=[:/\s]|$)/;

/** From a node without an agent to one that is heard: the program, the command, the service. */
export function EnrolSteps({ enrollment: { command, expiresAtMs } }: { enrollment: Enrollment }) {
  const [, here] = OWN_MACHINE.exec(command) ?? [];
  return (
    <div className="enrolment" role="status">
      {here !== undefined && (
        <p className="own-machine">
          <Icon shape="risk" />
          <span>
            {here} is the console's own machine: from any other node this address leads nowhere. Start the console with{" "}
            <code>HOST=0.0.0.0</code>, or name its address with <code>PUBLIC_URL</code>, and make the command again.
          </span>
        </p>
      )}
      <ol>
        <li>
          Copy <code>dist/quarterdeck-agent.mjs</code> from the console's folder to the node as{" "}
          <code>/usr/local/bin/quarterdeck-agent</code>. It needs Node 20 or newer, and nothing else.
        </li>
        <li>
          Run this on the node as root, before <When atMs={expiresAtMs} />:
          <CopyLine text={command} label="the command" />
        </li>
        <li>
          Install <code>packaging/quarterdeck-agent.service</code> there, then <code>systemctl enable --now quarterdeck-agent</code>. The
          node stands below within seconds.
        </li>
      </ol>
    </div>
  );
}
