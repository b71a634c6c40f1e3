// SPDX-License-Identifier: Apache-2.0

/** "store/0" as resource and volume; null for what is no such name. A resource may hold a slash of its own no more than DRBD lets it. */
export function parseMirrorName(name: string): { resource: string; volume: number } | null {
  const parts = name.match(/^(.{1,127})\/(\d{1,5})$/);
  return parts ? { resource: parts[1] ?? "", volume: Number(parts[2]) } : null;
}

/** A mirror's name for people: its volume where it is not the first. */
export function mirrorLabel({ resource, volume }: { resource: string; volume: number }): string {
  return volume === 0 ? resource : `${resource}/${volume}`;
}
