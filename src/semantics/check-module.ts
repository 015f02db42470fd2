/**
 * The checker: a parsed module to a resolved and typed program, or to everything that is wrong
 * with it. The passes, in order, each in a file of its own:
 *
 *     modules                         gone: instances have names behind their alias (`rd.send`)
 *     declarations, uses, relations   which relations there are, with how many columns
 *     constants                       values of `const` and `param`
 *     clauses                         names, arguments, normal form and order of bodies, safety
 *     heads, locations, strata        what rules may derive, where, and in what order
 *     columns                         types that were not written
 *     rules and facts                 types of all terms
 *     seals, invariants, ...          what the program says about itself
 *     events, observables             what the rest of the system wants to know
 *
 * Every pass runs whatever the others found, so one run reports all errors.
 */
import type { Value } from '../base/value.js';
import type { Checked } from '../diagnostics/diagnostic.js';
import type * as ast from '../syntax/ast.js';
import { assembleProgram } from './assemble-program.js';
import { buildClauses } from './build-program.js';
import { isBuiltinRelation } from './builtin-relations.js';
import { checkHeads } from './check-heads.js';
import { checkLatticeStrata } from './check-lattice-strata.js';
import { checkLocations } from './check-locations.js';
import { checkRemarks } from './check-remarks.js';
import { checkStrata } from './check-strata.js';
import { chooseObservables } from './choose-observables.js';
import { collectDeclarations } from './collect-declarations.js';
import { defineConstants } from './define-constants.js';
import { collectFunctions } from './extern-functions.js';
import { draftClauses } from './draft-clauses.js';
import { expandModules, unusedModules } from './expand-modules.js';
import { inferColumns } from './infer-columns.js';
import { NameSource } from './made-up-names.js';
import type { Program } from './program.js';
import { readPeriods } from './read-periods.js';
import { relationNames, relationUses } from './relation-uses.js';
import { Reporter } from './reporter.js';
import { resolveRelations } from './resolve-relations.js';
import { noLinks, type SourceLinks } from './source-links.js';
import type { Typing } from './solve-variables.js';
import { withSealedRelations } from './sealed-relations.js';
import { warnAggregates, warnHiddenNames } from './warn-suspicious.js';

export interface CheckOptions {
  /** Values of params, from `--set` or the embedding program. */
  readonly params: ReadonlyMap<string, Value>;
  /** Relations to observe instead of those that the program shows; null for these. */
  readonly observe: readonly string[] | null;
  /** The other files of the program; none if left out. */
  readonly links?: SourceLinks;
}

/** The program of a module; null if there are errors. */
export function checkModule(source: ast.Module, options: CheckOptions): Checked<Program | null> {
  const reporter = new Reporter();
  const links = options.links ?? noLinks;
  const module = expandModules(source, links, reporter);
  for (const alone of unusedModules(source, links, reporter)) {
    const found = checkFlat(alone, { params: new Map(), observe: null, links }, new Reporter());
    reporter.adopt(found.diagnostics.filter((diagnostic) => diagnostic.severity === 'error'));
  }
  return checkFlat(module, options, reporter);
}

/** The same for a module without modules, imports, includes and uses. */
function checkFlat(
  module: ast.Module,
  options: CheckOptions,
  reporter: Reporter,
): Checked<Program | null> {
  const links = options.links ?? noLinks;
  const { lattices } = links;
  const names = relationNames(module, lattices);
  const functions = collectFunctions(module, names, links, reporter);
  const isRelation = (name: string): boolean => names.has(name) || isBuiltinRelation(name);
  const declared = collectDeclarations(module, lattices, reporter);
  const resolved = resolveRelations(declared, relationUses(module, names), reporter);
  const relations = withSealedRelations(resolved, module, reporter);
  const constants = defineConstants(module, options.params, { isRelation, lattices }, reporter);
  const isConstant = (name: string): boolean => constants.byName.has(name);

  const scope = { relations, relationNames: names, isConstant, source: new NameSource(module) };
  const clauses = draftClauses(module, scope, reporter);
  for (const clause of clauses) {
    checkHeads(clause, isConstant, reporter);
    checkLocations(clause, reporter);
    warnAggregates(clause, isConstant, reporter);
    warnHiddenNames(clause, constants.byName, names, reporter);
  }
  checkStrata(clauses, reporter);

  const typing: Typing = { constants: constants.byName, functions, lattices, isRelation };
  const periods = readPeriods(module, typing, reporter);
  inferColumns(clauses, relations, typing, reporter);
  const built = buildClauses(clauses, typing, reporter);
  checkLatticeStrata(built.rules, relations, reporter);
  const observables = chooseObservables(relations, built.rules, options.observe, reporter);
  const remarks = checkRemarks(module, { names: scope, typing, clauses, reporter });
  const findings = {
    module,
    relations,
    periods,
    constants,
    clauses: built,
    observables,
    remarks,
    functions,
  };
  const value = reporter.hasErrors() ? null : assembleProgram(findings);
  return { value, diagnostics: reporter.finish() };
}
