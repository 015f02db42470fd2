/**
 * What else is to be said of an observable beside its verdict: when it is complete, which is not the
 * same as being right so far (ANALYSIS 1.10), and what Blazes calls it (Alvaro, Conway, Hellerstein
 * and Maier, "Blazes: coordination analysis for distributed programs", ICDE 2014, by 1.13).
 */
import type { Relation } from '../semantics/program.js';
import type {
  Blame,
  BlameReason,
  BlazesAlias,
  Completeness,
  Verdict,
} from './confluence-report.js';
import type { Known } from './find-defects.js';
import { clausesOf } from './program-index.js';

/** When everything that the observable will ever show has been shown. */
export function completenessOf(known: Known, relation: Relation, verdict: Verdict): Completeness {
  if (verdict === 'divergent') return 'at-quiescence';
  if (verdict === 'convergent') return 'once-sealed';
  if (known.growth.growthByRelation.get(relation.name) === 'static') return 'at-start';
  if (isSealed(known, relation)) return 'once-sealed';
  return holdsOneTuple(known, relation) ? 'on-first' : 'at-quiescence';
}

/** Whether all rules derive one and the same tuple: a threshold that has been passed stays passed. */
function holdsOneTuple({ index }: Known, relation: Relation): boolean {
  const shown = clausesOf(index, relation.name).map(({ rule }) =>
    rule.head.arguments.map((argument) =>
      argument.kind === 'term' && argument.term.kind === 'constant'
        ? JSON.stringify(argument.term.value)
        : null,
    ),
  );
  if (index.factCounts.has(relation.name) || shown.length === 0) return false;
  return (
    shown.every((columns) => !columns.includes(null)) &&
    new Set(shown.map((columns) => columns.join(' '))).size === 1
  );
}

/** Reasons that lie in what a rule reads, not in the state that it leaves behind. */
const reads: readonly BlameReason[] = [
  'negates-growing-set',
  'aggregates-growing-set',
  'reveals-growing-lattice',
  'reads-changing-state',
  'unsealable',
  'momentary',
];

/** The severity in the words of Blazes. */
export function blazesAlias(
  known: Known,
  relation: Relation,
  verdict: Verdict,
  replicated: boolean,
  blame: readonly Blame[],
): BlazesAlias {
  if (verdict === 'confluent') return isSealed(known, relation) ? 'Seal' : 'Async';
  const onReplicas = replicated || blame.some((each) => each.replicated);
  if (!onReplicas) return 'Run';
  const state = verdict === 'divergent' && !blame.every(({ reason }) => reads.includes(reason));
  return state ? 'Diverge' : 'Inst';
}

/** Whether a seal guards every rule of the observable: it comes in whole partitions. */
function isSealed({ index }: Known, relation: Relation): boolean {
  const clauses = clausesOf(index, relation.name);
  const guarded = clauses.every((clause) =>
    clause.atoms.some(
      (atom) =>
        !atom.negated &&
        ['sealed', 'barrier'].includes(index.program.relations.get(atom.relation)?.builtin ?? ''),
    ),
  );
  return clauses.length > 0 && guarded;
}
