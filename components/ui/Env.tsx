// SPDX-License-Identifier: Apache-2.0

/** The environment of a cluster: PROD in inverse video, all others outlined. Never a state colour. */
export function Env({ environment }: { environment: string | null }) {
  if (environment === null) return null;
  const name = environment.toUpperCase();
  return <span className={name.startsWith("PROD") ? "env" : "env test"}>{name}</span>;
}
