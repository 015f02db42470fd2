/**
 * What a send must have sent beside a message that it is known to have sent.
 *
 * `copy(n, me, i)@async :- mine(i), cluster(n), self(me);` sends to every `n` in one timestep, because
 * `cluster` is the same in all timesteps: whoever has got `copy(b, me, i)` knows that `copy(n, me, i)`
 * is on its way to every other `n`. In general: a clause that is the only one to derive its head, at
 * one node, fired for one binding; then it fired in that timestep for every binding that differs from
 * it only in variables that static literals alone give their values.
 */
import type { Symbols } from './causes.js';
import { nodeVariable } from './causes.js';
import type { Literal } from '../semantics/program.js';
import { callsOpaque } from './opaque-functions.js';
import { clausesOf, isStatic, literalVariables, termVariables } from './program-index.js';
import type { Atom, Clause, ProgramIndex } from './program-index.js';

/**
 * Whether the clause, which has sent the one row, has also sent what it would send under the symbols;
 * `judged`: a negated literal that does not hold for these any more.
 */
export function isSentAlike(
  index: ProgramIndex,
  clause: Clause,
  symbols: Symbols,
  sent: readonly string[],
  judged: Atom | null,
): boolean {
  const { head, aggregated } = clause.rule;
  if (aggregated || clausesOf(index, clause.head).length > 1) return false;
  if (callsOpaque(index.program, clause.rule, clause.body)) return false;
  const agreed = new Set<string>();
  const shown: string[] = [];
  for (const [column, argument] of head.arguments.entries()) {
    if (argument.kind !== 'term') return false;
    const { term } = argument;
    shown.push(...termVariables(term));
    if (term.kind === 'variable' && symbols.get(term.name) === sent[column]) agreed.add(term.name);
  }
  const node = nodeVariable(index, clause);
  if (node === null || !agreed.has(node)) return false;
  const open = openVariables(clause, agreed, shown);
  return clause.body.literals.every(
    (literal, i) => !readsAny(literal, open) || (i !== judged?.literal && isSteady(index, literal)),
  );
}

/** The variables that may have other values: what the head shows of them, and what hangs together with it. */
function openVariables(
  { body }: Clause,
  agreed: ReadonlySet<string>,
  shown: readonly string[],
): ReadonlySet<string> {
  const open = new Set(shown.filter((name) => !agreed.has(name)));
  for (let size = -1; size !== open.size;) {
    size = open.size;
    for (const literal of body.literals)
      if (readsAny(literal, open))
        for (const name of literalVariables(literal)) if (!agreed.has(name)) open.add(name);
  }
  return open;
}

/** Whether a literal that holds of some values at a node holds of them in all timesteps. */
function isSteady(index: ProgramIndex, literal: Literal): boolean {
  return literal.kind !== 'atom' || isStatic(index, literal.relation);
}

function readsAny(literal: Literal, names: ReadonlySet<string>): boolean {
  return literalVariables(literal).some((name) => names.has(name));
}
