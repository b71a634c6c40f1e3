// SPDX-License-Identifier: Apache-2.0

/**
 * A page that came without its scripts stands still, and looks as if it were true: a screen that nobody touches has to help
 * itself. No quotes in it: React would write them as entities.
 */
const CODE = "setTimeout(function(){if(!window.isWallAwake)location.reload()},60000)";

export function Waker({ nonce }: { nonce: string | undefined }) {
  // A browser hides a nonce from scripts: what hydrates sees none.
  return (
    <script nonce={nonce} suppressHydrationWarning>
      {CODE}
    </script>
  );
}

/** Says that the scripts of this page run. */
export function sayAwake(): void {
  Object.assign(window, { isWallAwake: true });
}
