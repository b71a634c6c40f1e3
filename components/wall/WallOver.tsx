// SPDX-License-Identifier: Apache-2.0

/** What a screen shows whose key is none, or is over: nothing of any cluster. */
export function WallOver() {
  return (
    <main className="wall-over">
      <h1>This screen may not look any more</h1>
      <p>Its key was revoked, its time is over, or it never was one. An admin makes another under Settings, Walls.</p>
    </main>
  );
}
