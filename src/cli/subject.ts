/** A prepared program as a subject of simulation. */
import type { SimulationSubject } from '../simulator/outcome.js';
import type { Prepared } from './prepare.js';

/** Delays of the ordered log on virtual time, in proportion to simulated message delays. */
const simulatedLogTiming = { retryMs: 400, catchUpMs: 200 };

export function simulationSubject({
  compiled,
  nodeProgram,
  makeEvaluator,
  nodes,
  workload,
}: Pick<
  Prepared,
  'compiled' | 'nodeProgram' | 'makeEvaluator' | 'nodes' | 'workload'
>): SimulationSubject {
  const relations = [...compiled.coordinated.relations.values()];
  const comparable = new Set(
    relations.filter((r) => r.kind === 'table' || r.observable !== null).map((r) => r.name),
  );
  const replicated = compiled.confluence.relations.filter(
    (r) => r.replicated && comparable.has(r.name),
  );
  return {
    program: nodeProgram,
    makeEvaluator,
    nodes,
    workload,
    replicated: replicated.map((r) => r.name),
    replicatedThrough: new Map(replicated.map((r) => [r.name, r.replicatedThrough])),
    stored: relations.filter((r) => r.kind === 'table').map((r) => r.name),
    momentary: new Set(
      relations.filter((r) => r.observable === 'output' && r.eventDriven).map((r) => r.name),
    ),
    log: simulatedLogTiming,
  };
}
