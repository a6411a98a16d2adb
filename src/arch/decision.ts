/**
 * The decision of a network: index of the largest membrane potential of its readout; ties go to the lowest index.
 *
 * @param potentials Membrane potentials of the readout, at least one, lsb.
 */
export function decide(potentials: ArrayLike<number>): number {
  let best = 0;
  for (let n = 1; n < potentials.length; n++) if (potentials[n]! > potentials[best]!) best = n;
  return best;
}
