// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf, type Said } from "@/agent/protocol/console/view";
import type { Dlm, DlmLockspace } from "@/agent/protocol/model/dlm";
import type { Ocfs2 } from "@/agent/protocol/model/ocfs2";
import type { Standing } from "./freshness";
import { memo } from "./memo";
import { aged, said, worst } from "./said";
import { counted } from "./words";

const rememberedOcfs2 = memo<[string, EntityOf<"ocfs2">][]>();
const rememberedDlm = memo<[string, EntityOf<"dlm">][]>();

/** OCFS2's cluster stack on one node. */
export function ocfs2Entities(node: string, value: Ocfs2, standing: Standing): [string, EntityOf<"ocfs2">][] {
  return rememberedOcfs2(value, [node, standing.isCurrent, standing.why], () => [
    [keyOf.ocfs2(node), { kind: "ocfs2", from: { node, source: "ocfs2" }, ocfs2: value, said: aged(judgeStack(value), standing) }],
  ]);
}

function judgeStack({ isLoaded, stack, activePlugin, unread }: Ocfs2): Said {
  if (!isLoaded) return said("absent", "not loaded", "Its configuration is here, but the kernel has no OCFS2 loaded.");
  const isIdle = activePlugin === null && !unread.some(({ what }) => what === "active_cluster_plugin");
  if (stack !== null) return said("ok", `stack ${stack}`, isIdle ? "No file system of it is mounted." : null);
  if (unread.some(({ what }) => what === "cluster_stack")) return said("unknown", "stack not read");
  return said("absent", "no stack chosen", "Nothing of it can be mounted in a cluster until one is.");
}

/** The lockspaces of one node. */
export function dlmEntities(node: string, value: Dlm, standing: Standing): [string, EntityOf<"dlm">][] {
  return rememberedDlm(value, [node, standing.isCurrent, standing.why], () => {
    const judged = value.lockspaces.map((space) => ({ name: space.name, said: judgeSpace(space) }));
    const calm = said("ok", value.lockspaces.length === 0 ? "no lockspace" : counted(value.lockspaces.length, "lockspace"));
    const own = worst(
      judged.map((space) => space.said),
      calm,
    );
    return [
      [
        keyOf.dlm(node),
        {
          kind: "dlm",
          from: { node, source: "dlm" },
          dlm: value,
          said: aged(own.level === "ok" ? calm : own, standing),
          spaceSaid: Object.fromEntries(judged.map((space) => [space.name, aged(space.said, standing)])),
        },
      ],
    ];
  });
}

function judgeSpace({ inDaemon, inKernel, waitsFor, newStatus, members, flags }: DlmLockspace): Said {
  if (waitsFor !== null) return said("bad", `waits for ${waitsFor}`, "Whoever needs a new lock in it hangs until that is done.");
  if (inDaemon === false) return said("risk", "without its daemon", "The kernel has it, and dlm_controld does not know it.");
  if (newStatus !== null || flags.includes("kern_stop")) return said("busy", "members change", newStatus);
  if (inKernel === false) return said("busy", "not in the kernel yet");
  if (members === null) return said("ok", "in the kernel", inDaemon === null ? "Its members are not known: dlm_tool does not say." : null);
  return said("ok", counted(members.length, "member"));
}
