/**
 * Puts the report together: verdicts from the analysis, witnesses from the simulator, mechanisms from
 * the coordination plan. The verdict never depends on a run: a witness only tells `refuted` from
 * `unknown`.
 */
import { analyzeConfluence } from '../analysis/confluence.js';
import type { ObservableReport } from '../analysis/confluence-report.js';
import type { CompiledProgram } from '../compiler/compile-source.js';
import type { SimulationSubject } from '../simulator/outcome.js';
import { findWitness } from './find-witness.js';
import type { WitnessBudget } from './find-witness.js';
import type { MonotonicityReport, ReportedObservable } from './monotonicity-report.js';

export interface WitnessSearch {
  /** The program without any coordination, on the workload at hand. */
  readonly subject: SimulationSubject;
  readonly budget: WitnessBudget;
}

/** `search`: null leaves witnesses out; `nodeCount` is then worth giving. */
export function assembleReport(
  compiled: CompiledProgram,
  search: WitnessSearch | null,
  nodeCount: number | null = search?.subject.nodes.length ?? null,
): MonotonicityReport {
  const { program, confluence, plan } = compiled;
  const channels = plan.orderedLog?.channels ?? [];
  const given =
    channels.length === 0 ? confluence : analyzeConfluence(program, { ordered: channels });
  const observables = confluence.observables.map((observable): ReportedObservable => {
    const witness =
      search === null ? null : findWitness(program, search.subject, observable, search.budget);
    const coordinated = given.observables.find(({ relation }) => relation === observable.relation);
    return {
      ...observable,
      status: observable.proved ? 'proved' : witness === null ? 'unknown' : 'refuted',
      witness,
      metWithCoordination: coordinated?.met ?? observable.met,
      unmetBecause: unmetReason(observable, compiled),
    };
  });
  return {
    program,
    observables,
    rules: confluence.rules,
    relations: confluence.relations,
    coordination: confluence.coordination,
    plan,
    nodeCount,
    search: search === null ? 'none' : 'done',
  };
}

function unmetReason(observable: ObservableReport, { plan }: CompiledProgram): string | null {
  const unmet = plan.unmet.find(({ relation }) => relation === observable.relation);
  return observable.met ? null : (unmet?.reason ?? null);
}
