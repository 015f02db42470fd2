/**
 * Where and when the inputs of a workload enter: at the node that they name, at their own time or
 * at one that the scheduler chooses, each as an event of its own.
 *
 * An input is known to the scheduler by what it says, not by its place in the list, so that leaving
 * another one out (as shrinking does) does not move it.
 */
import { rowText } from '../base/value-text.js';
import { nodeOfInput } from '../node/workload.js';
import type { WorkloadInput } from '../node/workload.js';
import type { SimulationSubject } from './outcome.js';
import type { Schedule } from './schedule.js';

/** An input with the node and moment at which it enters. */
export interface PlacedInput {
  readonly node: string;
  readonly input: WorkloadInput;
  readonly atMs: number;
  readonly tie: number;
}

/** The inputs for simulated nodes in the order of the workload, and those for others. */
export interface PlacedInputs {
  readonly placed: readonly PlacedInput[];
  readonly strays: readonly { readonly node: string; readonly input: WorkloadInput }[];
}

/** Chooses a time for every input that has none; nothing enters before its node has booted. */
export function placeInputs(subject: SimulationSubject, schedule: Schedule): PlacedInputs {
  const { nodes, program, workload } = subject;
  const addressed = workload.inputs.map((input) => ({
    input,
    node: nodeOfInput(input, nodes, program.locationByRelation),
  }));
  const known = labelled(addressed.filter(({ node }) => nodes.includes(node)));
  const longestPeriodMs = Math.max(0, ...program.periodics.map(({ periodMs }) => periodMs));
  const free = known.filter(({ input }) => input.atMs === null);
  const choices = schedule.inputs(
    free.map(({ label }) => label),
    longestPeriodMs,
  );
  const choiceByLabel = new Map(free.map(({ label }, index) => [label, choices[index]!]));
  const placed = known.map(({ input, node, label }) => {
    const choice = choiceByLabel.get(label);
    const atMs = Math.max(input.atMs ?? choice!.delayMs, schedule.bootMs(node));
    return { node, input, atMs, tie: choice?.tie ?? schedule.tie(`input:${label}`) };
  });
  return { placed, strays: addressed.filter(({ node }) => !nodes.includes(node)) };
}

interface Addressed {
  readonly node: string;
  readonly input: WorkloadInput;
}

/** Equal inputs are told apart by a number. */
function labelled(
  inputs: readonly Addressed[],
): readonly (Addressed & { readonly label: string })[] {
  const seen = new Map<string, number>();
  return inputs.map(({ node, input }) => {
    const text = `${node} ${rowText(input.relation, input.row)}`;
    const nth = seen.get(text) ?? 0;
    seen.set(text, nth + 1);
    return { node, input, label: `${text} ${nth}` };
  });
}
