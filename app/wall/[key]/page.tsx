// SPDX-License-Identifier: Apache-2.0
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { Waker } from "@/components/wall/Waker";
import { WallPanel } from "@/components/wall/WallPanel";
import { door } from "@/server/door";

export const metadata = { title: "Wall" };

export default async function WallPage({ params }: { params: Promise<{ key: string }> }) {
  const { key } = await params;
  const { wallOf, snapshot, timingFactor, build } = door();
  const wall = await wallOf(key);
  if (wall === null) notFound();
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const initial = snapshot({ of: "wall", clusters: wall.clusters });
  const nonce = /'nonce-([^']+)'/.exec((await headers()).get("content-security-policy") ?? "")?.[1];
  return (
    <>
      <Waker nonce={nonce} />
      <WallPanel initial={initial} timingFactor={timingFactor} zone={timeZone} wallKey={key} build={build} />
    </>
  );
}
