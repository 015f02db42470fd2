/**
 * Which occurrence of a variable binds it where lattice columns are about. Joining on a value that
 * grows is a comparison, and comparisons stand beside the atoms: so a variable that also stands in
 * a plain column is bound there, and of several lattice columns only the first binds it.
 */
import type * as ast from '../syntax/ast.js';
import type { Names } from './desugar-body.js';
import { expandArguments } from './expand-arguments.js';
import { isLatticeType } from './lattice-shape.js';
import { Reporter } from './reporter.js';
import { asAtom } from './relation-uses.js';

export class LatticeJoins {
  readonly #plain = new Set<string>();
  readonly #bound = new Set<string>();

  constructor(literals: readonly ast.Literal[], names: Names) {
    const mute = new Reporter('mute');
    for (const literal of literals) {
      const atom = asAtom(literal, names.relationNames);
      const relation = atom === null ? undefined : names.relations.get(atom.relation.text);
      if (atom === null || atom.negated || relation === undefined) continue;
      const row = expandArguments(relation, atom.arguments, atom.span, mute) ?? [];
      for (const [i, argument] of row.entries()) {
        const column = relation.columns[i];
        if (argument !== null && column !== undefined && !isLatticeType(column.type))
          for (const name of patternNames(argument.term)) this.#plain.add(name);
      }
    }
  }

  /** Whether the next occurrence in a lattice column binds the variable. */
  binds(name: string): boolean {
    if (this.#plain.has(name) || this.#bound.has(name)) return false;
    this.#bound.add(name);
    return true;
  }
}

/** Names that a term of a positive atom binds: its own, or those of a pattern. */
function patternNames(term: ast.Term): readonly string[] {
  if (term.kind === 'name') return [term.text];
  return term.kind === 'tuple' || term.kind === 'list' ? term.items.flatMap(patternNames) : [];
}
