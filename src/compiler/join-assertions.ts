/**
 * The assertions of a `.ded` program and the program of its nodes as one program, for the analysis,
 * and apart again, for the nodes.
 *
 * The analysis takes a rule for one that a node evaluates in one of its timesteps. An assertion is
 * evaluated over what all nodes hold when they have come to rest, so a verdict about it stands only
 * if what it reads ends the same in all schedules: if it reads nothing that passes with an event.
 * Where it does, nothing is proved and the verdict is divergent.
 */
import { noMechanism } from '../analysis/choose-mechanism.js';
import type { ConfluenceReport, ObservableReport } from '../analysis/confluence-report.js';
import type { Program } from '../semantics/program.js';
import type { DedalusAssertions } from './compile-dedalus.js';

export function withAssertions(nodes: Program, { program, reads }: DedalusAssertions): Program {
  const own = [...program.relations].filter(([name]) => !reads.includes(name));
  return {
    ...nodes,
    relations: new Map([...nodes.relations, ...own]),
    rules: [...nodes.rules, ...program.rules].map((rule, id) => ({ ...rule, id })),
    facts: [...nodes.facts, ...program.facts],
    observables: [...new Set([...nodes.observables, ...program.observables])].sort(),
  };
}

export function withoutAssertions(whole: Program, { program, reads }: DedalusAssertions): Program {
  const isOwn = (name: string): boolean => program.relations.has(name) && !reads.includes(name);
  return {
    ...whole,
    relations: new Map([...whole.relations].filter(([name]) => !isOwn(name))),
    rules: whole.rules
      .filter(({ head }) => !isOwn(head.relation))
      .map((rule, id) => ({ ...rule, id })),
    facts: whole.facts.filter(({ relation }) => !isOwn(relation)),
    observables: whole.observables.filter((name) => !isOwn(name)),
  };
}

/** Takes back what the analysis says of assertions that read what does not last. */
export function limitAssertions(
  report: ConfluenceReport,
  whole: Program,
  { program, reads }: DedalusAssertions,
): ConfluenceReport {
  const passing = new Set(
    report.relations.filter(({ growth }) => growth === 'event').map(({ name }) => name),
  );
  const momentary = reads.find((name) => passing.has(name));
  if (momentary === undefined) return report;
  const isAssertion = (name: string): boolean =>
    program.relations.has(name) && !reads.includes(name);
  const title = `keep \`${momentary}\`: derive it \`@next\` from itself`;
  const limit = (observable: ObservableReport): ObservableReport => {
    if (!isAssertion(observable.relation)) return observable;
    return {
      ...observable,
      verdict: 'divergent',
      proved: false,
      met: false,
      final: 'at-quiescence',
      mechanism: { ...noMechanism, kind: 'persist', on: momentary },
      suggestions: [{ cost: 1, title, edit: null, edits: [], promises: null }],
      givenLog: false,
    };
  };
  return { ...report, observables: report.observables.map(limit) };
}
