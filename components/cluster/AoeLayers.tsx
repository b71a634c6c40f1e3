// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/keys";
import type { EntityOf, Said } from "@/agent/protocol/console/view";
import { NotRead, Reading } from "@/components/live/Reading";
import { standingOf } from "@/components/live/standing";
import { Icon } from "@/components/ui/Icon";
import { StateWord } from "@/components/ui/StateWord";
import { Ages } from "./Ages";
import { Layer } from "./Layer";
import type { Sources } from "./picture";
import type { DeviceRow, ExportEnd, ExportRow, Side, Wire, Wiring } from "./wires";

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
  const trouble = [row.a, row.b].find((entity) => entity && isTrouble(entity.said) && entity.said.why);
  return (
    <Layer
      kind={index === 0 ? "client dev-row" : "client dev-row next"}
      label={`AoE device ${row.name}`}
      name={index === 0 ? "AoE devices" : ""}
      small={
        index === 0 && (
          <>
            kernel aoe{" "}
            <Ages slug={slug} sources={sources} nodes={[clients.a, clients.b].filter((name) => name !== undefined)} source="aoe" />
          </>
        )
      }
      a={<Device entity={row.a} name={row.name} client={clients.a} slug={slug} sources={sources} />}
      b={<Device entity={row.b} name={row.name} client={clients.b} slug={slug} sources={sources} />}
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
          {trouble && <p className="mid">{trouble.said.why}</p>}
        </>
      }
    />
  );
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
    <div className={isOld ? "stale" : ""}>
      <i className={`pin ${toneOf(entity.said)}`} style={{ "--y": `${DEVICE_Y}px` }} />
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
  return (
    <Layer
      kind={index === 0 ? "exp" : "exp next"}
      label={index === 0 ? "Exports" : undefined}
      name={index === 0 ? "Exports" : ""}
      small={
        index === 0 && (
          <>
            vblade <Ages slug={slug} sources={sources} nodes={[storage.a, storage.b].filter((name) => name !== undefined)} source="aoe" />
          </>
        )
      }
      a={<End end={row.a} first={index === 0} node={storage.a} slug={slug} sources={sources} />}
      b={<End end={row.b} first={index === 0} node={storage.b} slug={slug} sources={sources} />}
      x={wiring.wires.map((wire) => (
        <Segment key={wire.key} wire={wire} part={wire.toRow === index ? "end" : wire.toRow > index ? "full" : null} y={EXPORT_Y} />
      ))}
    />
  );
}

function End(props: { end: ExportEnd | undefined; first: boolean; node: string | undefined; slug: string; sources: Sources }) {
  const { end, first, node, slug, sources } = props;
  if (node === undefined) return null;
  const of = keyOf.source(node, "aoe");
  const source = sources.get(of);
  if (!end)
    return first ? (
      <Reading slug={slug} of={of} source={source} what="exports" isEmpty aged={false}>
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
          {model.device}, {model.interface}
          {model.allowedMacs.length > 0 && `, only for ${model.allowedMacs.length} MACs`}
        </p>
        {said.why && said.level !== "old" && <p className="d2 s12">{said.why}</p>}
      </Reading>
    </>
  );
}

function isTrouble({ level }: Pick<Said, "level">): boolean {
  return level === "bad" || level === "risk" || level === "differs";
}

/** What is wrong has colour; what is not known is dotted. */
function toneOf(said: Pick<Said, "level">): "" | "risk" | "q" {
  if (isTrouble(said)) return "risk";
  return said.level === "old" || said.level === "unknown" ? "q" : "";
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
