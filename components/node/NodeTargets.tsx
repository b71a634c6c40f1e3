// SPDX-License-Identifier: Apache-2.0
import Link from "next/link";
import type { EntityOf } from "@/agent/protocol/console/view";
import { mirrorOfKey, sayPortal } from "@/components/cluster/iscsi";
import { type Picture, readAt } from "@/components/cluster/picture";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { formatBytes, unbroken } from "@/components/ui/format";
import { StateWord } from "@/components/ui/StateWord";

/** What a node serves over iSCSI: each target with its portals, LUNs and who is logged in, by both ends. */
export function NodeTargets({ picture, node }: { picture: Picture; node: string }) {
  const targets = readAt(picture.of("target"), node);
  return (
    <table className="p folds">
      <ColumnHeads names={["Target", "Listens at", "LUNs", "Logged in"]} />
      <tbody>
        {targets.map(([key, entity]) => (
          <tr key={key}>
            <th scope="row">
              <code>{entity.target.iqn}</code>
              <p>
                <StateWord said={entity.said} />
              </p>
              {entity.said.why && <small>{unbroken(entity.said.why)}</small>}
            </th>
            <td data-label="Listens at">
              <Portals entity={entity} />
            </td>
            <td data-label="LUNs">
              <Luns entity={entity} slug={picture.slug} />
            </td>
            <td data-label="Logged in">
              <LoggedIn entity={entity} slug={picture.slug} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Portals({ entity }: { entity: EntityOf<"target"> }) {
  const groups = entity.target.portalGroups;
  return groups.map(({ tag, isEnabled, portals, hasAllPortals, authentication, letsAnybodyIn }) => (
    <div key={tag}>
      {portals.length === 0 && <p>{hasAllPortals === false ? "not read" : "nowhere"}</p>}
      {portals.map((portal) => (
        <p key={sayPortal(portal)}>{sayPortal(portal)}</p>
      ))}
      <small>
        group {tag} {isEnabled === null ? "not known whether enabled" : isEnabled ? "enabled" : "disabled"}
        {authentication === true && ", CHAP"}
        {letsAnybodyIn === true && ", lets anybody in"}
      </small>
    </div>
  ));
}

function Luns({ entity, slug }: { entity: EntityOf<"target">; slug: string }) {
  if (entity.luns.length === 0) return <span className="d2">none</span>;
  return entity.luns.map(({ tag, lun, mirror, said }) => {
    const model = entity.target.portalGroups.find((group) => group.tag === tag)?.luns.find((one) => one.lun === lun);
    const on = mirrorOfKey(mirror);
    return (
      <div key={`${tag}/${lun}`}>
        <StateWord small said={said} />
        <p className="d3">
          {on && (
            <>
              on <Link href={`/c/${slug}/drbd/${encodeURIComponent(on.resource)}`}>{on.name}</Link>,{" "}
            </>
          )}
          <code>{model?.device ?? "device not said"}</code>
          {model?.sizeBytes != null && `, ${formatBytes(model.sizeBytes)}`}
        </p>
      </div>
    );
  });
}

function LoggedIn({ entity, slug }: { entity: EntityOf<"target">; slug: string }) {
  const isWhole = entity.target.portalGroups.every(({ hasAllSessions }) => hasAllSessions);
  return (
    <>
      {entity.initiators.map(({ initiator, node, said }) => (
        <div key={`${initiator} ${node}`}>
          <StateWord small said={said} />
          <p className="d3">
            {node && (
              <>
                <Link href={`/c/${slug}/n/${node}`}>{node}</Link>,{" "}
              </>
            )}
            <span className="mac">{initiator}</span>
          </p>
          {said.why && <small>{unbroken(said.why)}</small>}
        </div>
      ))}
      {entity.initiators.length === 0 && isWhole && <span className="d2">nobody</span>}
      {!isWhole && <span className="d2">not all of them could be read</span>}
    </>
  );
}
