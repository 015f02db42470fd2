/** A prepared program as a subject of simulation. */
import { makeAssertionCheck } from '../compiler/dedalus-assertions.js';
import { linkProgram, noFunctions } from '../compiler/bind-functions.js';
import { makeInvariantCheck } from '../compiler/invariant-check.js';
import { makeEvaluatorFactory, makeNodeProgram } from '../compiler/node-program.js';
import type { EvaluatorKind } from '../compiler/node-program.js';
import type { EvaluatorBounds } from '../evaluator/evaluator.js';
import { programConstants } from '../analysis/program-constants.js';
import { greatestIn } from '../simulator/far-count.js';
import type { SimulationSubject } from '../simulator/outcome.js';
import type { Prepared } from './prepare.js';

/** Delays of the ordered log on virtual time, in proportion to simulated message delays. */
const simulatedLogTiming = { retryMs: 400, catchUpMs: 200 };

export function simulationSubject({
  compilation,
  compiled,
  nodeProgram,
  functions = noFunctions,
  makeEvaluator,
  nodes,
  workload,
}: Pick<Prepared, 'compiled' | 'nodeProgram' | 'makeEvaluator' | 'nodes' | 'workload'> & {
  /** Left out for a program that is not of the Dedalus dialect. */
  readonly compilation?: Prepared['compilation'];
  /** Left out for a program that takes none from TypeScript. */
  readonly functions?: Prepared['functions'];
}): SimulationSubject {
  const relations = [...compiled.coordinated.relations.values()];
  const assertions = compilation?.dedalus?.dedalus?.assertions ?? null;
  const comparable = new Set(
    relations.filter((r) => isStoredKind(r.kind) || r.observable !== null).map((r) => r.name),
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
    stored: relations.filter((r) => isStoredKind(r.kind)).map((r) => r.name),
    momentary: new Set(
      relations.filter((r) => r.observable === 'output' && r.eventDriven).map((r) => r.name),
    ),
    log: simulatedLogTiming,
    greatestNumber: greatestIn(programConstants(compiled.program)),
    invariants: makeInvariantCheck(linkProgram(compiled.program, functions)),
    assertions: assertions === null ? null : makeAssertionCheck(assertions),
  };
}

/** What a subject without coordination is made of. */
type BareParts = Pick<Prepared, 'compiled' | 'nodes' | 'members' | 'workload'> &
  Partial<Pick<Prepared, 'compilation' | 'functions'>>;

/** The program as written, nothing inserted: what witnesses are about. */
export function bareSubject(
  parts: BareParts,
  bounds: EvaluatorBounds,
  kind?: EvaluatorKind,
): SimulationSubject {
  const { compiled, members, functions: implementations = noFunctions } = parts;
  const bare = {
    ...compiled,
    coordinated: compiled.bare,
    plan: { ...compiled.plan, orderedLog: null },
  };
  const choice = { implementations, ...(kind === undefined ? {} : { kind }) };
  return {
    ...simulationSubject({
      ...parts,
      compiled: bare,
      nodeProgram: makeNodeProgram(bare, members),
      makeEvaluator: makeEvaluatorFactory(bare, bounds, choice),
    }),
    invariants: null,
  };
}

/** Relations that keep their tuples from one timestep to the next. */
function isStoredKind(kind: string): boolean {
  return kind === 'table' || kind === 'lattice';
}
