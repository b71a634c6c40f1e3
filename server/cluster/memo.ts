// SPDX-License-Identifier: Apache-2.0

/**
 * Remembers the last result for an anchor (a reading's value) while every input is the very same reference or primitive.
 * Results stay pure: forgetting one only costs time. The anchor's end is the result's end.
 */
export function memo<R>() {
  const known = new WeakMap<object, { inputs: readonly unknown[]; result: R }>();
  return (anchor: object, inputs: readonly unknown[], compute: () => R): R => {
    const last = known.get(anchor);
    if (last && last.inputs.length === inputs.length && last.inputs.every((input, index) => Object.is(input, inputs[index]))) {
      return last.result;
    }
    const result = compute();
    known.set(anchor, { inputs, result });
    return result;
  };
}
