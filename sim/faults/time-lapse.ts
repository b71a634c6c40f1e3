// SPDX-License-Identifier: Apache-2.0
import { defineFault, oneOf } from "./define";

const FASTEST = 10_000;

/** Not a fault, but what makes one worth watching: a verify of hours in a minute. */
export const timeLapse = defineFault({
  name: "time-lapse",
  title: "Let transfers and waits run faster",
  args: ["TIMES"],
  choices: () => [["10"], ["60"], ["600"]],
  apply(reach, args) {
    const times = Number(oneOf("how many times faster", args));
    if (!(times >= 1 && times <= FASTEST)) throw new Error(`Say a number from 1 to ${FASTEST}.`);
    reach.change(({ fleet }) => {
      fleet.pace = times;
    });
  },
  repair(reach) {
    reach.change(({ fleet }) => {
      fleet.pace = 1;
    });
  },
});
