// SPDX-License-Identifier: Apache-2.0
import type { SimNode } from "./model";
import { print, type Scene } from "./scene";

/** Names of the pools and arrays that a node has, up or not. */
export function storageOf({ pools, arrays, absent }: SimNode): string[] {
  return [...pools, ...absent.pools, ...arrays, ...absent.arrays].map(({ name }) => name);
}

/** A boot imports and assembles what it finds: all but what it is to leave out. */
export function bootStorage(node: SimNode): void {
  const isFound = ({ name }: { name: string }) => !node.skipped.includes(name);
  const [pools, arrays] = [
    [...node.pools, ...node.absent.pools],
    [...node.arrays, ...node.absent.arrays],
  ];
  node.absent = { pools: pools.filter((one) => !isFound(one)), arrays: arrays.filter((one) => !isFound(one)) };
  Object.assign(node, { pools: pools.filter(isFound), arrays: arrays.filter(isFound) });
}

/** What a boot left out is brought up by hand. */
export function bringUp(scene: Scene, node: SimNode, name: string): void {
  node.skipped = node.skipped.filter((one) => one !== name);
  const isIt = (one: { name: string }) => one.name === name;
  node.pools.push(...node.absent.pools.filter(isIt));
  for (const array of node.absent.arrays.filter(isIt)) {
    node.arrays.push(array);
    print(scene, node, `md/raid1:${name}: active with ${array.legs.length} out of ${array.legs.length} mirrors`);
  }
  node.absent = { pools: node.absent.pools.filter((one) => !isIt(one)), arrays: node.absent.arrays.filter((one) => !isIt(one)) };
}
