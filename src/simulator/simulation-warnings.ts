/** What the simulated network and clock have to say beside the nodes. */
import { rowText } from '../base/value-text.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { WorkloadInput } from '../node/workload.js';

/** An input that names a node outside the simulation. */
export function inputForUnknownNode(
  input: WorkloadInput,
  node: string,
  nodes: readonly string[],
): Diagnostic {
  return {
    code: 'TRL0901',
    severity: 'warning',
    message: `an input for node "${node}" was dropped: ${rowText(input.relation, input.row)}`,
    notes: [`the simulated nodes are ${nodes.join(', ')}`],
    help: 'name every node of the cluster with --nodes, or mend the input',
  };
}

/** A node that has used up its timesteps. */
export function timestepBoundReached(node: string, maxTimesteps: number): Diagnostic {
  return {
    code: 'TRL0902',
    severity: 'warning',
    message: `node ${node} was still busy after ${maxTimesteps} timesteps and was stopped there`,
    notes: ['what the run shows is what it came to by then, and no final outcome'],
    help: 'raise --ticks, or look for rules that keep changing the state (`--trace FILE` shows them)',
  };
}

/** A run that has used up its events. */
export function stepBoundReached(maxSteps: number): Diagnostic {
  return {
    code: 'TRL0903',
    severity: 'warning',
    message: `the run was still busy after ${maxSteps} events and was stopped there`,
    notes: ['what the run shows is what it came to by then, and no final outcome'],
    help: 'shorten the horizon with --until, or look for nodes that keep one another busy (`--trace FILE` shows them)',
  };
}
