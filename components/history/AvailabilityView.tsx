// SPDX-License-Identifier: Apache-2.0
import type { AvailabilityWindow, ServiceAvailability } from "@/agent/protocol/console/history";
import { Lasting, When } from "@/components/live/Age";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { formatDuration, unbroken } from "@/components/ui/format";
import { StateWord } from "@/components/ui/StateWord";
import { formatShare, ninesOf, STATES, sayWindow } from "./words";

const WINDOWS = [
  ["day", "24 h"],
  ["week", "7 d"],
  ["month", "30 d"],
  ["quarter", "90 d"],
] as const;

/** Each service's availability: unplanned stops counted, planned ones apart, and how much of the time anything is known. */
export function AvailabilityView({ services }: { services: readonly ServiceAvailability[] }) {
  if (services.length === 0) return <p className="remark d3">No service was seen here yet.</p>;
  return (
    <>
      <table className="p cards availability">
        <caption className="sr">Availability of each service, of the time that is known, without planned stops</caption>
        <ColumnHeads names={["Service", "Now", ...WINDOWS.map(([, name]) => `Last ${name}`)]} />
        <tbody>
          {services.map((service) => (
            <tr key={service.id}>
              <th scope="row">
                <code>{service.id}</code>
                <small>
                  watched <Lasting sinceMs={service.sinceMs} />
                </small>
              </th>
              <td data-th="Now">
                <StateWord said={STATES[service.now]} />
              </td>
              {WINDOWS.map(([key, name], index) => (
                <td key={key} data-th={`Last ${name}`}>
                  <div className="share-of">
                    {isTold(service, index) ? <span className="d3">nothing older is known</span> : <Window window={service[key]} />}
                  </div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <Stops services={services} />
    </>
  );
}

const knownMs = ({ windowMs, unknownMs }: AvailabilityWindow) => windowMs - unknownMs;

/** Whether a longer time holds nothing that the one before it has not: then the same figure would pass for one of months. */
function isTold(service: ServiceAvailability, index: number): boolean {
  const [key] = WINDOWS[index] ?? [];
  const [shorter] = WINDOWS[index - 1] ?? [];
  if (key === undefined || shorter === undefined) return false;
  return knownMs(service[shorter]) > 0 && knownMs(service[key]) === knownMs(service[shorter]);
}

function Window({ window }: { window: AvailabilityWindow }) {
  const share = window.withoutUnplanned;
  const nines = share === null ? null : ninesOf(share);
  const { windowMs, unknownMs } = window;
  return (
    <>
      {share === null ? (
        <span className="d2">not known</span>
      ) : (
        <b className="tn">
          {formatShare(share)}
          {nines !== null && nines > 0 && <span className="d3"> {nines === 1 ? "1 nine" : `${nines} nines`}</span>}
          {/* A day of which a minute was seen has no figure of a day. */}
          {unknownMs > windowMs / 2 && <span className="d3"> of the {formatDuration(windowMs - unknownMs)} known</span>}
        </b>
      )}
      <Bar window={window} />
      {share !== null && (
        <small>
          {sayWindow(window)
            .map((part) => unbroken(part))
            .join(" · ")}
        </small>
      )}
    </>
  );
}

/** Up, unplanned, planned, not known: side by side, each in its own pattern. Its words stand below it. */
function Bar({ window: { windowMs, upMs, unplannedMs, plannedMs, unknownMs } }: { window: AvailabilityWindow }) {
  const parts = { up: upMs, unplanned: unplannedMs, planned: plannedMs, unknown: unknownMs };
  return (
    <span className="share" aria-hidden="true">
      {Object.entries(parts).map(([name, ms]) => ms > 0 && <i key={name} className={name} style={{ flexGrow: ms / windowMs }} />)}
    </span>
  );
}

const STOPS_SHOWN = 12;

function Stops({ services }: { services: readonly ServiceAvailability[] }) {
  const stops = services.flatMap(({ stops }) => stops).sort((x, y) => y.fromMs - x.fromMs);
  if (stops.length === 0) return null;
  return (
    <section aria-labelledby="not-up">
      <h2 id="not-up">When a service was not up</h2>
      <table className="p cards availability-stops">
        <caption className="sr">The newest first</caption>
        <ColumnHeads names={["From", "Service", "State", "Lasted", "Why"]} />
        <tbody>
          {stops.slice(0, STOPS_SHOWN).map(({ service, state, fromMs, toMs, why }) => (
            <tr key={`${service} ${fromMs}`}>
              <th scope="row">
                <When atMs={fromMs} />
              </th>
              <td data-th="Service">
                <code>{service}</code>
              </td>
              <td data-th="State">
                <StateWord small said={STATES[state]} />
              </td>
              <td data-th="Lasted" className="tn">
                {toMs === null ? <Lasting sinceMs={fromMs} /> : formatDuration(toMs - fromMs)}
              </td>
              <td data-th="Why">{why === null ? <span className="d3">not said</span> : unbroken(why)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
