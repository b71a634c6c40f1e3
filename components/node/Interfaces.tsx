// SPDX-License-Identifier: Apache-2.0
import type { HostInterface } from "@/agent/protocol/model/host";
import { formatBitRate, formatCount } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";

/** The interfaces of a node: link, speed, MTU, what goes through them now, and what went wrong on them since they came up. */
export function Interfaces({ interfaces }: { interfaces: readonly HostInterface[] }) {
  return interfaces.map((nic) => (
    <div key={nic.name}>
      <dt>
        <code>{nic.name}</code>
      </dt>
      <dd>
        {linkOf(nic)}
        {nic.speedBitsPerSec !== null && `, ${formatBitRate(nic.speedBitsPerSec)}`}
        {nic.mtu !== null && `, MTU ${nic.mtu}`}
        {nic.traffic && <Traffic traffic={nic.traffic} />}
      </dd>
    </div>
  ));
}

function linkOf({ linkUp }: HostInterface): string {
  if (linkUp === null) return "link not asked: interface is down";
  return linkUp ? "link up" : "no link";
}

function Traffic({ traffic }: { traffic: NonNullable<HostInterface["traffic"]> }) {
  const { receivedBytesPerSec: received, sentBytesPerSec: sent } = traffic;
  const flows = received !== null && sent !== null && (received > 0 || sent > 0);
  const wrong = [
    counted(traffic.receiveErrors, "receive error"),
    counted(traffic.sendErrors, "send error"),
    counted(traffic.receiveDrops, "dropped on receive", "dropped on receive"),
    counted(traffic.sendDrops, "dropped on send", "dropped on send"),
  ].filter((one) => one !== null);
  if (!flows && wrong.length === 0) return null;
  return (
    <>
      {flows && (
        <small>
          in {formatBitRate(received * 8)}, out {formatBitRate(sent * 8)}
        </small>
      )}
      {wrong.length > 0 && (
        <small>
          <Icon shape="risk" /> {wrong.join(", ")}
        </small>
      )}
    </>
  );
}

function counted(count: number, one: string, many?: string): string | null {
  return count === 0 ? null : formatCount(count, one, many);
}
