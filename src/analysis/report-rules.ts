/**
 * What the report says of each rule: its letter and why (classify-rules.ts), the sign of each literal,
 * what it needs, and whether it makes a difference at all. A letter is the rule's own doing; what it
 * hands on of relations that it reads is theirs, and is told by them.
 */
import { defined } from '../base/assert.js';
import { nameOfSealed } from '../semantics/builtin-relations.js';
import { mechanismText } from './choose-mechanism.js';
import { classifyRules } from './classify-rules.js';
import type { BlameCollector } from './collect-blame.js';
import type { ObservableReport, RuleNote, RuleReport } from './confluence-report.js';
import { signOf } from './dependency-graph.js';
import type { Sign } from './dependency-graph.js';
import type { DeterminismFacts } from './determinism.js';
import type { Known } from './find-defects.js';
import type { Clause } from './program-index.js';

/** One report a rule, in program order. */
export function reportRules(
  known: Known,
  determinism: DeterminismFacts,
  collector: BlameCollector,
  observables: readonly ObservableReport[],
): readonly RuleReport[] {
  const { index } = known;
  const mechanismByRule = wantedMechanisms(observables);
  const clausesByRule = new Map<number, Clause[]>();
  for (const clause of index.written) {
    const listed = clausesByRule.get(clause.rule.id);
    if (listed === undefined) clausesByRule.set(clause.rule.id, [clause]);
    else listed.push(clause);
  }
  const observed = observedRelations(known);
  const classByRule = classifyRules(known, determinism, (defect) => collector.sitesOf(defect));
  const liveById = new Map(index.clauses.map((clause) => [clause.id, clause]));
  return index.program.rules.map((rule): RuleReport => {
    const clauses = clausesByRule.get(rule.id) ?? [];
    const literals = clauses.flatMap((clause) =>
      clause.atoms.map((atom) => {
        const read = liveById.get(clause.id) ?? clause;
        const at = read.atoms.find(({ literal }) => literal === atom.literal);
        const sign = at === undefined ? signOf(index, clause, atom) : signOf(index, read, at);
        return { relation: atom.relation, sign };
      }),
    );
    const live = clauses.flatMap(({ id }) => liveById.get(id) ?? []);
    const notes: RuleNote[] = observed.has(rule.head.relation) ? [] : ['unobserved'];
    if (live.length === 0) notes.push(index.dropped.get(clauses[0]!.id) ?? 'never-fires');
    return {
      name: rule.name,
      id: rule.id,
      span: rule.origin.span,
      monotone: isMonotone(known, rule.head.mode, literals),
      notes,
      literals,
      mechanism: mechanismByRule.get(rule.id) ?? 'none',
      ...defined(classByRule.get(rule.id), 'the class of a rule'),
    };
  });
}

function wantedMechanisms(observables: readonly ObservableReport[]): ReadonlyMap<number, string> {
  const mechanismByRule = new Map<number, string>();
  for (const { blame, mechanism, met } of observables) {
    for (const { ruleId, key } of met ? [] : blame) {
      if (ruleId !== null && !mechanismByRule.has(ruleId))
        mechanismByRule.set(ruleId, mechanismText(mechanism, key));
    }
  }
  return mechanismByRule;
}

/** Whether the head only grows as what is read grows; what is static does not count. */
function isMonotone(
  known: Known,
  mode: string,
  literals: readonly { relation: string; sign: Sign }[],
): boolean {
  if (mode === 'delete' || mode === 'upsert') return false;
  return literals.every(
    ({ relation, sign }) =>
      sign === '+' || known.growth.growthByRelation.get(relation) === 'static',
  );
}

/** The observables and everything upstream of them. */
function observedRelations({ index }: Known): ReadonlySet<string> {
  const observed = new Set<string>();
  const halting = index.relations.filter(({ builtin }) => builtin === 'halt');
  const waiting = [...index.program.observables, ...halting.map(({ name }) => name)];
  while (waiting.length > 0) {
    const name = waiting.pop()!;
    if (observed.has(name)) continue;
    observed.add(name);
    for (const clause of index.clausesByHead.get(name) ?? [])
      for (const atom of clause.atoms) waiting.push(atom.relation);
    // What waits for a seal depends on its condition.
    for (const { relation, when } of index.program.remarks.seals)
      if (relation === nameOfSealed(name)) waiting.push(when.relation);
  }
  return observed;
}
