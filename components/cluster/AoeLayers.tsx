// SPDX-License-Identifier: Apache-2.0

import { keyOf } from "@/agent/protocol/console/keys";
import type { EntityOf } from "@/agent/protocol/console/view";
import { NotRead, Reading } from "@/components/live/Reading";
import { standingOf } from "@/components/live/standing";
import { unbroken } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { StateWord } from "@/components/ui/StateWord";
import { Ages } from "./Ages";
import { Layer } from "./Layer";
import { Target } from "./layers/TargetsLayer";
import type { Sources } from "./picture";
import { SessionUse } from "./SessionUse";
import { isTrouble, toneOf } from "./tone";
import type { DeviceRow, ExportEnd, ExportRow, Side, Wire, Wiring } from "./wires";

/** Between a wire and the note beside it. Units: px. */
const NOTE_GAP = 12;
/** Wires that take more than this leave no room for a note; its words stand at the client and in the findings too. Units: px. */
const WIRES_AT_MOST = 130;
/** Where in its row a device's or an export's pin stands. Units: px from the top of the row. */
const DEVICE_Y = 17;
const EXPORT_Y = 20;

/** A device's row, with the wires that start in it or pass through it. */
export function DeviceLayer(props: {
  row: DeviceRow;
  index: number;
  wiring: Wiring;
  clients: Record<Side, string | undefined>;
  slug: string;
  sources: Sources;
}) {
  const { row, index, wiring, clients, slug, sources } = props;
  const isFirst = wiring.devices.findIndex(({ kind }) => kind === row.kind) === index;
  const words = row.kind === "aoe" ? AOE_WORDS : ISCSI_WORDS;
  const left = roomFor(wiring, "a");
  const right = roomFor(wiring, "b");
  const trouble = [row.a, row.b].find((entity) => entity && isTrouble(entity.said) && entity.said.why);
  return (
    <Layer
      kind={index === 0 ? "client dev-row" : "client dev-row next"}
      label={`${words.one} ${row.name}`}
      name={isFirst ? words.all : ""}
      small={
        isFirst && (
          <>
            {words.how}{" "}
            <Ages
              slug={slug}
              sources={sources}
              nodes={[clients.a, clients.b].filter((name) => name !== undefined)}
              source={row.kind === "aoe" ? "aoe" : "iscsi"}
            />
          </>
        )
      }
      a={<Use row={row} side="a" client={clients.a} slug={slug} sources={sources} />}
      b={<Use row={row} side="b" client={clients.b} slug={slug} sources={sources} />}
      x={
        <>
          {wiring.wires.map((wire) => (
            <Segment
              key={wire.key}
              wire={wire}
              part={wire.fromRow === index ? "from" : wire.fromRow < index ? "full" : null}
              y={DEVICE_Y}
            />
          ))}
          {trouble && left + right <= WIRES_AT_MOST && (
            <p className="mid" style={{ "--l": `${left}px`, "--r": `${right}px` }}>
              {unbroken(trouble.said.why)}
            </p>
          )}
        </>
      }
    />
  );
}

const AOE_WORDS = { one: "AoE device", all: "AoE devices", how: "kernel aoe" };
const ISCSI_WORDS = { one: "iSCSI session to", all: "iSCSI sessions", how: "kernel iscsi" };

function Use(props: { row: DeviceRow; side: Side; client: string | undefined; slug: string; sources: Sources }) {
  const { row, side, client, slug, sources } = props;
  if (client === undefined) return null;
  if (row.kind === "aoe") return <Device entity={row[side]} name={row.name} client={client} slug={slug} sources={sources} />;
  return <SessionUse entity={row[side]} iqn={row.name} y={DEVICE_Y} client={client} slug={slug} sources={sources} />;
}

function Device(props: { entity: EntityOf<"aoe"> | undefined; name: string; client: string | undefined; slug: string; sources: Sources }) {
  const { entity, name, client, slug, sources } = props;
  if (client === undefined) return null;
  const of = keyOf.source(client, "aoe");
  if (!entity)
    return (
      <Reading slug={slug} of={of} source={sources.get(of)} what="AoE devices" isEmpty={false} aged={false}>
        <p className="remark d3">
          <Icon shape="absent" /> {name} not in use here
        </p>
      </Reading>
    );
  const standing = standingOf(sources.get(of));
  const isOld = standing.is !== "fresh";
  return (
    <>
      <i className={`pin ${toneOf(entity.said)}`} style={{ "--y": `${DEVICE_Y}px` }} />
      <div className={isOld ? "stale" : ""}>
        <div className="dev">
          <code>{entity.device.name}</code>
          <StateWord said={entity.said} />
        </div>
        <p>
          {(entity.device.targets ?? []).map(({ mac, window, taint }) => (
            <span key={mac} className="tgt">
              <span className="mac">{mac}</span>, window {window}
              {taint !== null && `, taint ${taint}`}
            </span>
          ))}
          {entity.device.targets === null && <span className="d2">its targets could not be read</span>}
        </p>
        {entity.toolSays && <p className="d2 s12">{entity.toolSays}</p>}
        {standing.is === "old" && <NotRead sinceMs={standing.sinceMs} reason={standing.reason} />}
      </div>
    </>
  );
}

/** A row of exports, with the wires that end in it or pass through it. */
export function ExportLayer(props: {
  row: ExportRow;
  index: number;
  wiring: Wiring;
  storage: Record<Side, string | undefined>;
  slug: string;
  sources: Sources;
}) {
  const { row, index, wiring, storage, slug, sources } = props;
  const isFirst =
    index ===
    Math.max(
      0,
      wiring.rows.findIndex(({ kind }) => kind === row.kind),
    );
  const words = END_WORDS[row.kind];
  return (
    <Layer
      kind={index === 0 ? "exp" : "exp next"}
      label={isFirst ? words.all : undefined}
      name={isFirst ? words.all : ""}
      small={
        isFirst && (
          <>
            {words.how}{" "}
            <Ages slug={slug} sources={sources} nodes={[storage.a, storage.b].filter((name) => name !== undefined)} source={words.source} />
          </>
        )
      }
      a={<End end={row.a} kind={row.kind} first={isFirst} node={storage.a} slug={slug} sources={sources} />}
      b={<End end={row.b} kind={row.kind} first={isFirst} node={storage.b} slug={slug} sources={sources} />}
      x={wiring.wires.map((wire) => (
        <Segment key={wire.key} wire={wire} part={wire.toRow === index ? "end" : wire.toRow > index ? "full" : null} y={EXPORT_Y} />
      ))}
    />
  );
}

const END_WORDS = {
  export: { all: "Exports", how: "vblade", what: "exports", source: "aoe" },
  target: { all: "iSCSI targets", how: "LIO", what: "iSCSI targets", source: "iscsi" },
} as const;

function End(props: {
  end: ExportEnd | undefined;
  kind: ExportRow["kind"];
  first: boolean;
  node: string | undefined;
  slug: string;
  sources: Sources;
}) {
  const { end, kind, first, node, slug, sources } = props;
  if (node === undefined) return null;
  const words = END_WORDS[kind];
  const of = keyOf.source(node, words.source);
  const source = sources.get(of);
  if (!end)
    return first ? (
      <Reading slug={slug} of={of} source={source} what={words.what} isEmpty aged={false}>
        {null}
      </Reading>
    ) : null;
  if (end.kind === "nobody")
    return (
      <>
        <i className="pin none" style={{ "--y": `${EXPORT_Y}px` }} />
        <p className="risk">
          <Icon shape="cut" /> nobody answers here
        </p>
        <p className="d3 s12">
          {end.client} sends {end.device} to <span className="mac">{end.mac}</span>.
        </p>
      </>
    );
  if (end.kind === "target")
    return (
      <>
        <i className={`pin sq ${toneOf(end.target.said)}`} style={{ "--y": `${EXPORT_Y}px` }} />
        <Reading slug={slug} of={of} source={source} what={words.what} isEmpty={false} aged={false}>
          <Target entity={end.target} />
        </Reading>
      </>
    );
  const { export: model, said, mirror } = end.export;
  return (
    <>
      <i className={`pin sq ${toneOf(said)}`} style={{ "--y": `${EXPORT_Y}px` }} />
      <Reading slug={slug} of={of} source={source} what="exports" isEmpty={false} aged={false}>
        <div className="dev">
          <span>
            <code>{model.name}</code>{" "}
            <span className="tag">on {mirror ? mirror.replace(/^mirror:/, "").replace(/\/0$/, "") : model.device}</span>
          </span>
          <StateWord small said={said} />
        </div>
        <p>
          {mirror && `${model.device}, `}
          {model.interface}
          {model.allowedMacs.length > 0 && `, only for ${model.allowedMacs.length} MACs`}
        </p>
        {said.why && said.level !== "old" && <p className="d2 s12">{unbroken(said.why)}</p>}
      </Reading>
    </>
  );
}

/** How far a note in the middle stays from a side, so that no wire crosses it. Units: px. */
function roomFor({ wires }: Wiring, side: Side): number {
  return Math.max(0, ...wires.filter(({ from }) => from === side).map(({ offset }) => offset)) + NOTE_GAP;
}

/** The layers between devices and exports let every wire through. */
export function PassingWires({ wires }: { wires: readonly Wire[] }) {
  return wires.map((wire) => <Segment key={wire.key} wire={wire} part="full" y={0} />);
}

/** One row's part of a wire: the upright line, and where it starts or ends the way to its edge. */
function Segment({ wire, part, y }: { wire: Wire; part: "from" | "full" | "end" | null; y: number }) {
  if (part === null) return null;
  const side = part === "end" ? wire.to : wire.from;
  const tone = toneOf(wire) === "risk" ? " cut" : toneOf(wire) === "q" ? " q" : "";
  const style = { "--o": `${wire.offset}px`, "--y": `${y}px` };
  const crosses = part === "end" && wire.to !== wire.from;
  return (
    <>
      <i className={`mw up-${part} on-${wire.from}${tone}`} style={style} />
      {part !== "full" && <i className={`mh to-${side} on-${wire.from}${crosses ? " cross" : ""}${tone}`} style={style} />}
    </>
  );
}
