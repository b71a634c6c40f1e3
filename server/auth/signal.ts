// SPDX-License-Identifier: Apache-2.0

/** Tells listeners that something happened, at once and in the order they came. */
export function createSignal<T>() {
  const listeners = new Set<(value: T) => void>();
  return {
    emit(value: T): void {
      for (const listener of [...listeners]) listener(value);
    },
    /** Returns the way to stop listening. */
    on(listener: (value: T) => void): () => void {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
