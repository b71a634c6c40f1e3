// SPDX-License-Identifier: Apache-2.0
import type { Entity, EntityOf, Level, Said } from "@/agent/protocol/console/view";
import { type Line, linesOf } from "@/server/findings/causes";
import type { Caused, Finding } from "@/server/findings/define";
import type { ClusterFacts } from "./facts";
import { aged, rankOf, said } from "./said";
import { dissentSentence, type Hearing } from "./testimony";
import { asSentence, counted, joinWords } from "./words";

type ClusterEntity = EntityOf<"cluster">;

/** The cluster as a whole, before any rule has looked at it: its headline is still open. */
export function clusterEntity(facts: ClusterFacts, hearing: Hearing): ClusterEntity {
  const { shown, dissent } = hearing;
  return {
    kind: "cluster",
    slug: facts.slug,
    title: facts.title,
    environment: facts.environment,
    madeOf: madeOf(facts),
    headline: said("unknown", "Not judged yet"),
    sinceMs: null,
    pacemaker: shown && {
      from: { node: shown.node, source: "pacemaker" },
      version: shown.value.version,
      dc: shown.value.dc,
      quorum: aged(judgeQuorum(shown.value.quorate), shown.standing),
      fencing: aged(judgeFencing(shown.value.stonithEnabled), shown.standing),
      maintenance: shown.value.maintenance,
      featureSet: shown.value.featureSet,
    },
    dissent: shown ? dissent.map((other) => ({ node: other.node, says: dissentSentence(shown, other) })) : [],
    ...(facts.recorded ? { recorded: facts.recorded } : {}),
  };
}

/** Why nothing is taken as running where Pacemaker does not say whether its side has a majority. */
const NO_WORD_OF_QUORUM = "Whether there is a quorum is not known.";

function judgeQuorum(quorate: boolean | null): Said {
  if (quorate === null) return said("unknown", "not said", NO_WORD_OF_QUORUM);
  return quorate ? said("ok", "quorate") : said("bad", "no quorum", "This side has no majority.");
}

function judgeFencing(enabled: boolean | null): Said {
  if (enabled === null) return said("unknown", "not said");
  return enabled ? said("ok", "on") : said("risk", "off", "stonith-enabled is false.");
}

function madeOf(facts: ClusterFacts): string {
  const nodes = [...facts.nodes.values()];
  const clients = nodes.filter(({ role }) => role === "client").length;
  const generations = new Set<string>();
  let hasAoe = false;
  let hasIscsi = false;
  for (const { sources } of nodes) {
    const generation = sources.drbd?.lastOk?.value.module?.generation;
    if (generation) generations.add(generation);
    const aoe = sources.aoe?.lastOk?.value;
    hasAoe ||= aoe !== undefined && (aoe.devices.length > 0 || aoe.exports.length > 0);
    const iscsi = sources.iscsi?.lastOk?.value;
    hasIscsi ||= (iscsi?.targets?.length ?? 0) > 0 || (iscsi?.sessions?.length ?? 0) > 0;
  }
  const parts = [counted(nodes.length - clients, "node")];
  if (clients > 0) parts.push(counted(clients, "client"));
  if (generations.size > 0) parts.push(`DRBD ${joinWords([...generations].sort())}`);
  if (hasAoe) parts.push("AoE");
  if (hasIscsi) parts.push("iSCSI");
  return parts.join(", ");
}

const VERDICT: { readonly [L in Level]: string } = {
  bad: "Broken: ",
  risk: "At risk: ",
  differs: "At risk: ",
  unknown: "Cannot judge: ",
  old: "Cannot judge: ",
  held: "On hold: ",
  busy: "Moving: ",
  absent: "",
  ok: "",
};

/** What follows is named with the headline; the rest of a long list is counted. */
const FOLLOWING_NAMED = 3;

/**
 * The verdict: the worst finding as a sentence, the first of equals; or that nothing known is wrong.
 * @param unseen what cannot be known, by rules that are switched off: nobody is told of it, and still nothing is called well over it
 */
export function withHeadline(
  cluster: ClusterEntity,
  findings: readonly Caused[],
  unseen: readonly (Finding & { sinceMs: number })[],
  entities: ReadonlyMap<string, Entity>,
  before: Entity | undefined,
  nowMs: number,
): ClusterEntity {
  let worst: Line | null = null;
  // What is only good to know is no verdict. What follows from another gives its line its level, and the root the words.
  for (const line of linesOf(findings)) if (line.level !== "absent" && (!worst || rankOf(line.level) < rankOf(worst.level))) worst = line;
  const [hidden] = [...unseen].sort((a, b) => rankOf(a.level) - rankOf(b.level));
  if (hidden && (!worst || rankOf(hidden.level) < rankOf(worst.level))) {
    const headline = said(hidden.level, `${VERDICT[hidden.level]}${hidden.headline ?? hidden.title}`, `${hidden.why}${sayOff(cluster)}`);
    return { ...cluster, headline, headlineOf: null, sinceMs: hidden.sinceMs };
  }
  if (worst) {
    const { root, within, level } = worst;
    const why = [root.why, sayFollowing(within)].filter((text) => text !== "").join(" ");
    const headline = said(level, `${VERDICT[level]}${root.headline ?? root.title}`, why || null);
    return { ...cluster, headline, headlineOf: root.id, sinceMs: root.sinceMs };
  }
  const nodes = [...entities.values()].filter((entity) => entity.kind === "node");
  if (nodes.length === 0) {
    return { ...cluster, headline: said("unknown", "Cannot judge: no node is enrolled", "Enrol the nodes of this cluster.") };
  }
  const headline = said("ok", "Nothing known is wrong", `${whyCalm(nodes, entities)}${sayOff(cluster)}`);
  const known = before?.kind === "cluster" ? before : null;
  return { ...cluster, headline, headlineOf: null, sinceMs: known === null ? null : known.headline.level === "ok" ? known.sinceMs : nowMs };
}

function sayOff({ rulesOff = [] }: ClusterEntity): string {
  if (rulesOff.length === 0) return "";
  return ` ${counted(rulesOff.length, "rule")} ${rulesOff.length === 1 ? "is" : "are"} switched off.`;
}

/** "Only ruby holds store. hv05: e0.0 is down." */
function sayFollowing(within: readonly Caused[]): string {
  const named = [...within].sort((a, b) => rankOf(a.level) - rankOf(b.level)).slice(0, FOLLOWING_NAMED);
  const rest = within.length - named.length;
  const more = rest === 0 ? "" : ` ${counted(rest, "thing")} more ${rest === 1 ? "follows" : "follow"} from it.`;
  return `${named.map(({ title }) => asSentence(title)).join(" ")}${more}`;
}

function whyCalm(nodes: readonly EntityOf<"node">[], entities: ReadonlyMap<string, Entity>): string {
  const clients = nodes.filter(({ role }) => role === "client").length;
  let mirrors = 0;
  for (const entity of entities.values()) if (entity.kind === "mirror" && entity.said.level === "ok") mirrors += 1;
  const parts = [`${counted(nodes.length - clients, "node")} up`];
  if (clients > 0) parts.push(`${counted(clients, "client")} up`);
  if (mirrors > 0) parts.push(`${counted(mirrors, "mirror")} in sync`);
  return `${parts.join(", ")}.`;
}
