/**
 * Which relations are cluster-wide, and which columns say where their tuples live.
 *
 * Those with `partition by` are, and whatever is derived from them: what a rule makes of tuples
 * that live here and there lives here and there itself. A relation without `partition by` that has
 * a key lives by that key, so that tuples that conflict or merge meet; of one without a key each
 * node holds what was derived at it, and nothing says where a tuple is. Messages end this: a tuple
 * that a rule sends to a node is at that node.
 */
import type { Program, Relation, Rule } from '../semantics/program.js';
import { bodyRelations } from '../semantics/mark-events.js';

/** Cluster-wide relations by name, with the indexes of the columns that place their tuples; null where none does. */
export type Spread = ReadonlyMap<string, readonly number[] | null>;

export function findSpread({ relations, rules }: Program): Spread {
  const spread = new Map<string, readonly number[] | null>();
  for (const { name, partition } of relations.values())
    if (partition !== null) spread.set(name, partition);
  if (spread.size === 0) return spread;
  for (let before = -1; before !== spread.size;) {
    before = spread.size;
    for (const rule of rules) {
      const head = relations.get(rule.head.relation);
      if (head === undefined || spread.has(head.name) || staysPlaced(rule, head)) continue;
      if (readsSpread(rule, spread)) spread.set(head.name, impliedKey(head));
    }
  }
  return spread;
}

/** Whether a rule reads a cluster-wide relation. */
export function readsSpread(rule: Rule, spread: Spread): boolean {
  return [...bodyRelations(rule)].some((name) => spread.has(name));
}

/** Whether what the rule derives is at a node that the rule names. */
function staysPlaced({ head }: Rule, { kind, location }: Relation): boolean {
  return location !== null || (head.mode === 'async' && kind !== 'loopback');
}

function impliedKey({ kind, hasKey, keyLength }: Relation): readonly number[] | null {
  if (!hasKey || kind === 'lattice' || kind === 'static' || kind === 'loopback') return null;
  return Array.from({ length: keyLength }, (_, i) => i);
}
