/**
 * Puts the report together: verdicts from the analysis, witnesses from the simulator, mechanisms from
 * the coordination plan. The verdict never depends on a run: a witness only tells `refuted` from
 * `unknown`.
 */
import { analyzeConfluence } from '../analysis/confluence.js';
import type { Mechanism, ObservableReport } from '../analysis/confluence-report.js';
import { restingOnBarrier } from '../rewrite/plan-barrier.js';
import type { CompiledProgram } from '../compiler/compile-source.js';
import type { SimulationSubject } from '../simulator/outcome.js';
import { ownerLookups } from './owner-lookups.js';
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
  const { program, guarded, confluence, plan } = compiled;
  const channels = plan.orderedLog?.channels ?? [];
  const given =
    channels.length === 0 && guarded === program && plan.barrier === null
      ? confluence
      : analyzeConfluence(guarded, { ordered: channels, epochsGiven: plan.barrier !== null });
  const coordinatedByName = new Map(given.observables.map((each) => [each.relation, each]));
  const waiting = plan.barrier === null ? new Set<string>() : restingOnBarrier(program);
  const unmetByName = new Map(plan.unmet.map((each) => [each.relation, each.reason]));
  const observables = confluence.observables.map((observable): ReportedObservable => {
    const witness =
      search === null ? null : findWitness(program, search.subject, observable, search.budget);
    return {
      ...observable,
      status: observable.proved ? 'proved' : witness === null ? 'unknown' : 'refuted',
      witness,
      metWithCoordination: coordinatedByName.get(observable.relation)?.met ?? observable.met,
      unmetBecause: observable.met ? null : (unmetByName.get(observable.relation) ?? null),
      waitsForAll: waiting.has(observable.relation),
      waitsFor: plan.seals.filter(({ relation }) => relation === observable.relation),
    };
  });
  return {
    program,
    observables,
    rules: confluence.rules,
    relations: confluence.relations,
    relationByName: new Map(confluence.relations.map((relation) => [relation.name, relation])),
    mechanismByRule: neededBy(observables),
    coordination: confluence.coordination,
    plan,
    clusterWide: clusterWideOf(compiled),
    nodeCount,
    search: search === null ? 'none' : 'done',
  };
}

function clusterWideOf({ written, exchanges }: CompiledProgram): MonotonicityReport['clusterWide'] {
  const relations = [...written.relations.values()].flatMap(({ name, partition, columns }) =>
    partition === null ? [] : [{ name, columns: partition.map((i) => columns[i]!.name) }],
  );
  const lookups = ownerLookups(written, exchanges);
  return relations.length === 0 ? null : { relations, exchanges, lookups };
}

function neededBy(observables: readonly ObservableReport[]): ReadonlyMap<number, Mechanism> {
  const mechanismByRule = new Map<number, Mechanism>();
  for (const { met, blame, mechanism } of observables)
    for (const { ruleId } of met ? [] : blame)
      if (ruleId !== null && !mechanismByRule.has(ruleId)) mechanismByRule.set(ruleId, mechanism);
  return mechanismByRule;
}
