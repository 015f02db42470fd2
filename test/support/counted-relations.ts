/**
 * A program's relations, counting how often they are asked for. All inner loops of the analyses do
 * that, so the count measures their work, and no machine's load disturbs it.
 */
import type { Program, Relation } from '../../src/semantics/program.js';

class CountedRelations extends Map<string, Relation> {
  asked = 0;

  override get(name: string): Relation | undefined {
    this.asked++;
    return super.get(name);
  }
}

/** The result of `run` on the program, and how often it asked for a relation. */
export function countWork<T>(
  program: Program,
  run: (program: Program) => T,
): { readonly asked: number; readonly result: T } {
  const relations = new CountedRelations(program.relations);
  const result = run({ ...program, relations });
  return { asked: relations.asked, result };
}
