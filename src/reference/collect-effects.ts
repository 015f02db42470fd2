/**
 * What the rules with `@next`, `@async`, `delete` and `upsert` ask for once the deductive rules
 * have reached their fixpoint. All of them see the same contents; none sees another's effect.
 */
import { rowKey, type Row, type Value } from '../base/value.js';
import type { Program, Rule } from '../semantics/program.js';
import { evaluateRule, type Derived } from './evaluate-rule.js';
import { prepareRule, type PreparedRule } from './prepare-rule.js';
import { reportBound, reportFault } from './report-failure.js';
import { InsertionEnds, type WorkingState } from './working-state.js';

/** A row and the least rule that asks for it. */
export interface Wanted {
  readonly row: Row;
  readonly rule: Rule;
}
/** What to remove: rows with these values in these columns. */
export interface Removal {
  readonly relation: string;
  readonly columns: readonly number[];
  readonly values: readonly Value[];
}

type WantedByRelation = Map<string, Map<string, Wanted>>;

export interface Effects {
  /** By relation and text of the row. */
  readonly next: WantedByRelation;
  readonly upsert: WantedByRelation;
  readonly removals: Removal[];
  /** By id of the rule and text of the row. */
  readonly sends: Map<number, Map<string, Wanted>>;
}

/** The rules that are not deductive, ready for evaluation, by id. */
export function prepareEffectRules(program: Program): readonly PreparedRule[] {
  const rules = program.rules.filter((rule) => rule.head.mode !== 'now');
  return rules.sort((a, b) => a.id - b.id).map((rule) => prepareRule(program, rule, new Set()));
}

/** Evaluates them all; throws `TimestepFailure`. */
export function collectEffects(rules: readonly PreparedRule[], working: WorkingState): Effects {
  const effects: Effects = { next: new Map(), upsert: new Map(), removals: [], sends: new Map() };
  let ended = false;
  try {
    for (const prepared of rules) {
      const onRow = (row: Derived): void => addEffect(effects, prepared.rule, row, working);
      const { contentOf, turn, pass, faults } = working;
      evaluateRule(prepared, { contentOf, turn, pass, faults, onRow });
    }
  } catch (error) {
    if (!(error instanceof InsertionEnds)) throw error;
    ended = true;
  }
  if (working.hostLimit !== null) throw reportBound(working);
  if (working.faults.least !== null) throw reportFault(working.faults.least);
  if (ended) throw reportBound(working);
  return effects;
}

function addEffect(effects: Effects, rule: Rule, row: Derived, working: WorkingState): void {
  const { mode, relation } = rule.head;
  if (mode === 'delete') {
    const columns = [...row.keys()].filter((column) => row[column] !== undefined);
    effects.removals.push({ relation, columns, values: columns.map((column) => row[column]!) });
    return;
  }
  const wanted = { row: row as Row, rule };
  const isNew =
    mode === 'async'
      ? addTo(effects.sends, rule.id, wanted)
      : addTo(mode === 'next' ? effects.next : effects.upsert, relation, wanted);
  if (isNew) working.count(relation, wanted.row);
}

function addTo<K>(map: Map<K, Map<string, Wanted>>, name: K, wanted: Wanted): boolean {
  let rows = map.get(name);
  if (rows === undefined) map.set(name, (rows = new Map<string, Wanted>()));
  const key = rowKey(wanted.row);
  // Rules come by id: the first to ask is the least.
  if (rows.has(key)) return false;
  rows.set(key, wanted);
  return true;
}
