// SPDX-License-Identifier: Apache-2.0
import { type Hands, takeInHands } from "../harness/hands";
import { median, quantile } from "../harness/numbers";
import { openScreens, type Screens } from "../harness/screens";
import { type BenchFleet, startFleet } from "../harness/sim-nodes";
import { pause, withCleanup } from "../harness/wait";
import { type Measurement, type Row, row } from "../row";
import type { FaultCase } from "./case";
import { LANES } from "./lanes";
import { TURNS } from "./turns";

const REPEATS = Number(process.env.BENCH_REPEATS ?? 100);
/** Of these alone; missing: of all. */
const ONLY = process.env.BENCH_FAULTS?.split(",");
const CLUSTERS = ["san-a", "attic", "north"] as const;
/** What a change may take beyond the pace of its source. */
const BEYOND_MS = 1_000;
/** Longest wait before the next one, at random, so that no pace is in step with another. */
const REST_MS = 300;

/** From just before it is so on the nodes until wall and page say so, without what is waited for by design. Units: milliseconds. */
interface Span {
  name: string;
  end: "told" | "gone";
  paceMs: number;
  ms: number;
}

interface Setting {
  fleet: BenchFleet;
  hands: Hands;
  screens: Screens;
}

const always = () => true;

async function once(one: FaultCase, { fleet, hands, screens }: Setting): Promise<[told: number, gone: number]> {
  const { cluster, name, shows, isThere = always, isGone = always, isCalm = always } = one;
  const stage = { desk: fleet.desk, change: fleet.world.change };
  const rest = () => pause(Math.random() * Math.max(REST_MS, one.paceMs));
  const span = async (seen: Promise<number>, made: Promise<number>) => {
    const [seenMs, madeMs] = await Promise.all([seen, made]);
    return seenMs - madeMs;
  };
  const told = await span(
    screens.both(cluster, `${name} made`, shows),
    hands.made(`${name} made`, () => one.make(stage), isThere),
  );
  await rest();
  const gone = await span(
    screens.both(cluster, `${name} mended`, (shown) => !shows(shown)),
    hands.made(`${name} mended`, () => one.mend(stage), isGone),
  );
  await hands.made(`calm after ${name}`, () => undefined, isCalm);
  await (one.restMs === undefined ? rest() : pause(one.restMs));
  return [told - (one.settling?.ms ?? 0), gone - (one.settlingOfEnd?.ms ?? 0)];
}

function sayHow(spans: readonly number[]): string {
  const [p50, p99, most] = [median(spans), quantile(spans, 0.99), Math.max(...spans)].map(Math.round);
  return `p50 ${p50} ms, p99 ${p99} ms, most ${most} ms`;
}

function rowsOf(spans: readonly Span[]): Row[] {
  const paces = [...new Set(spans.map(({ paceMs }) => paceMs))].sort((a, b) => a - b);
  return paces.flatMap((paceMs) =>
    (["told", "gone"] as const).flatMap((end) => {
      const own = spans.filter((span) => span.paceMs === paceMs && span.end === end);
      const all = own.map(({ ms }) => ms);
      const names = [...new Set(own.map(({ name }) => name))];
      const most = own.reduce((worst, span) => (span.ms > worst.ms ? span : worst));
      const name = `faults.${paceMs === 0 ? "pushed" : `polled-${paceMs / 1_000}s`}.${end}`;
      const about = `${own.length} times: ${names.join(", ")}; most ${Math.round(most.ms)} ms (${most.name})`;
      return [
        row(`${name}.p50`, median(all), "ms", null, about),
        row(`${name}.p99`, quantile(all, 0.99), "ms", paceMs + BEYOND_MS, "the same"),
      ];
    }),
  );
}

async function measure(say: (sentence: string) => void): Promise<Row[]> {
  return withCleanup(async (later) => {
    const fleet = await startFleet(CLUSTERS, later);
    const screens = await openScreens(fleet.console_, CLUSTERS, later);
    const setting: Setting = { fleet, screens, hands: takeInHands(fleet.world, later) };
    const spans: Span[] = [];
    const inTurn = async (cases: readonly FaultCase[]) => {
      for (const one of cases.filter(({ name }) => ONLY?.includes(name) ?? true)) {
        const pairs: [told: number, gone: number][] = [];
        for (let turn = 0; turn < Math.ceil(one.share * REPEATS); turn += 1) pairs.push(await once(one, setting));
        const own = { name: one.name, paceMs: one.paceMs };
        for (const [told, gone] of pairs) spans.push({ ...own, end: "told", ms: told }, { ...own, end: "gone", ms: gone });
        const settling = [one.settling, one.settlingOfEnd].flatMap((each) => (each ? [each.why] : []));
        const without = settling.length > 0 ? `, without ${settling.join(" and ")}` : "";
        const [told, gone] = [pairs.map(([ms]) => ms), pairs.map(([, ms]) => ms)];
        say(`${one.name} in ${one.cluster}, ${pairs.length} times${without}: told ${sayHow(told)}; gone ${sayHow(gone)}`);
      }
    };
    await Promise.all(LANES.map(inTurn));
    await inTurn(TURNS);
    return rowsOf(spans);
  });
}

export const faults: Measurement = { name: "faults", about: "from a fault on a node to its words on a wall and a page, and back", measure };
