/**
 * What a table behind a channel says of its messages, of whatever rule they come.
 *
 * If every rule that sends on a channel finds, in a table of the sender that only grows, a tuple with the
 * same columns as the message, then the table's key is one of the messages of each sender: an outbox
 * with a payload for each id, say, from which messages are sent at once and sent again. The tuple may
 * stand in the body, or follow from it in the same timestep (entailment.ts).
 */
import { Causes, nodeVariable } from './causes.js';
import { Entailment } from './entailment.js';
import { relationOf } from './program-index.js';
import type { Atom, Clause, ProgramIndex } from './program-index.js';

/**
 * The columns of messages that the given ones determine by such a table, themselves included; null
 * if there is none. `keepsKey`: whether a table has at most one tuple of a key in all timesteps of a node.
 */
export function columnsByStore(
  index: ProgramIndex,
  clauses: readonly Clause[],
  given: readonly number[],
  keepsKey: (table: string) => boolean,
): ReadonlySet<number> | null {
  if (!given.some((column) => clauses.every((clause) => showsSender(index, clause, column))))
    return null;
  for (const clause of clauses) {
    for (const atom of clause.atoms) {
      if (atom.negated || !keepsKey(atom.relation)) continue;
      const places = placesIn(clause, atom);
      const key = places.slice(0, relationOf(index, atom.relation).keyLength);
      if (!key.every((column) => column !== null && given.includes(column))) continue;
      const shown = places.filter((column) => column !== null);
      if (shown.every((column) => given.includes(column))) continue;
      if (clauses.every((each) => implies(index, each, atom.relation, places)))
        return new Set([...given, ...shown]);
    }
  }
  return null;
}

/** Whether a column of the head is the node that sends. */
function showsSender(index: ProgramIndex, clause: Clause, column: number): boolean {
  const sender = nodeVariable(index, clause);
  return sender !== null && variableAt(clause, column) === sender;
}

function variableAt({ rule }: Clause, column: number): string | null {
  const argument = rule.head.arguments[column];
  if (argument?.kind !== 'term' || argument.term.kind !== 'variable') return null;
  return argument.term.name;
}

/** For each column of the atom the head column that shows it. */
function placesIn(clause: Clause, atom: Atom): readonly (number | null)[] {
  const shown = clause.rule.head.arguments.map((_, column) => variableAt(clause, column));
  return atom.arguments.map((argument) => {
    const column = argument.kind === 'variable' ? shown.indexOf(argument.name) : -1;
    return column < 0 ? null : column;
  });
}

/** Whether the table holds, when the clause fires, a tuple with what these head columns show. */
function implies(
  index: ProgramIndex,
  clause: Clause,
  table: string,
  places: readonly (number | null)[],
): boolean {
  const causes = new Causes(index);
  const symbols = causes.symbolsOf(clause);
  const at = causes.momentOf(clause, symbols);
  const asked = places.map((column) => {
    if (column === null) return null;
    const argument = clause.rule.head.arguments[column];
    // Of an aggregate nothing is known that the table could hold.
    return argument?.kind === 'term' ? causes.symbolOf(argument.term, symbols) : causes.fresh();
  });
  const entailment = new Entailment(index, causes, () => false);
  // What a clause denies may be all that holds a message back: of such a message it must follow, too.
  const denied = new Set(clause.atoms.filter(({ negated }) => negated));
  const cause = causes.bodyOf(clause, symbols, at, denied);
  return entailment.holds(cause, { relation: table, arguments: asked, at });
}
