/**
 * Lattices from TypeScript on their way into a program: made known to the process, and tried on a
 * hundred rounds of values, once each. A program gets only such as keep their laws.
 */
import type { Checked, Diagnostic } from '../diagnostics/diagnostic.js';
import { checkLattice, type BrokenLaw } from './check-lattice.js';
import { registerLattice, type LatticeDefinition } from './define-lattice.js';

const tried = new WeakMap<LatticeDefinition, readonly BrokenLaw[]>();

/** The names that the program may use; an error for each lattice that it may not. */
export function lendLattices(
  definitions: readonly LatticeDefinition[],
): Checked<ReadonlySet<string>> {
  const names = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  for (const definition of definitions) {
    const { name } = definition.lattice;
    names.add(name);
    if (!registerLattice(definition)) {
      diagnostics.push({
        code: 'TRL0343',
        severity: 'error',
        message: `this process knows another lattice called \`${name}\``,
        help: 'define a lattice once and lend that definition to every program, or rename one of the two',
      });
      continue;
    }
    for (const { law, example } of brokenLaws(definition))
      diagnostics.push({
        code: 'TRL0342',
        severity: 'error',
        message: `the lattice \`${name}\` breaks a law: ${law}`,
        notes: [example],
        help: 'mend its definition; `checkLattice` tries it on as many values as you like',
      });
  }
  return { value: names, diagnostics };
}

function brokenLaws(definition: LatticeDefinition): readonly BrokenLaw[] {
  let broken = tried.get(definition);
  if (broken === undefined)
    tried.set(definition, (broken = checkLattice(definition, { runs: 100 }).broken));
  return broken;
}
