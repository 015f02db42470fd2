/**
 * What the engine does not run yet: such programs run on the reference evaluator. Lattice values
 * merge where others conflict.
 */
import type { Program } from '../semantics/program.js';

/** Why the engine cannot run the program, as a sentence; null if it can. */
export function engineLimit(program: Program): string | null {
  const relations = [...program.relations.values()].map(({ columns }) => columns);
  return mentionsLattice([relations, program.rules])
    ? 'the engine does not run programs with lattices yet'
    : null;
}

/** Parts of the tree that hold no types, and may be large. */
const plainParts: ReadonlySet<string> = new Set(['span', 'origin', 'value', 'doc']);

function mentionsLattice(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(mentionsLattice);
  if (typeof node !== 'object' || node === null) return false;
  if ('kind' in node && node.kind === 'lattice') return true;
  return Object.entries(node).some(([key, part]) => !plainParts.has(key) && mentionsLattice(part));
}
