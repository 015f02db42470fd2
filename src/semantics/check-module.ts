/**
 * The checker: a parsed module to a resolved and typed program, or to everything that is wrong
 * with it. The passes, in order, each in a file of its own:
 *
 *     declarations, uses, relations   which relations there are, with how many columns
 *     constants                       values of `const` and `param`
 *     clauses                         names, arguments, normal form and order of bodies, safety
 *     heads, locations, strata        what rules may derive, where, and in what order
 *     columns                         types that were not written
 *     rules and facts                 types of all terms
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
import { checkLocations } from './check-locations.js';
import { checkStrata } from './check-strata.js';
import { chooseObservables } from './choose-observables.js';
import { collectDeclarations } from './collect-declarations.js';
import { defineConstants } from './define-constants.js';
import { draftClauses } from './draft-clauses.js';
import { inferColumns } from './infer-columns.js';
import { NameSource } from './made-up-names.js';
import type { Program } from './program.js';
import { readPeriods } from './read-periods.js';
import { relationNames, relationUses } from './relation-uses.js';
import { Reporter } from './reporter.js';
import { resolveRelations } from './resolve-relations.js';
import type { Typing } from './solve-variables.js';
import { warnAggregates, warnHiddenNames } from './warn-suspicious.js';

export interface CheckOptions {
  /** Values of params, from `--set` or the embedding program. */
  readonly params: ReadonlyMap<string, Value>;
  /** Relations to observe instead of those that the program shows; null for these. */
  readonly observe: readonly string[] | null;
}

/** The program of a module; null if there are errors. */
export function checkModule(module: ast.Module, options: CheckOptions): Checked<Program | null> {
  const reporter = new Reporter();
  const names = relationNames(module);
  const isRelation = (name: string): boolean => names.has(name) || isBuiltinRelation(name);
  const declared = collectDeclarations(module, reporter);
  const relations = resolveRelations(declared, relationUses(module, names), reporter);
  const constants = defineConstants(module, options.params, isRelation, reporter);
  const isConstant = (name: string): boolean => constants.byName.has(name);

  const clauses = draftClauses(
    module,
    { relations, relationNames: names, isConstant, source: new NameSource(module) },
    reporter,
  );
  for (const clause of clauses) {
    checkHeads(clause, isConstant, reporter);
    checkLocations(clause, reporter);
    warnAggregates(clause, isConstant, reporter);
    warnHiddenNames(clause, constants.byName, names, reporter);
  }
  checkStrata(clauses, reporter);

  const typing: Typing = { constants: constants.byName, isRelation };
  const periods = readPeriods(module, typing, reporter);
  inferColumns(clauses, relations, typing, reporter);
  const built = buildClauses(clauses, typing, reporter);
  const observables = chooseObservables(relations, built.rules, options.observe, reporter);
  const findings = { module, relations, periods, constants, clauses: built, observables };
  const value = reporter.hasErrors() ? null : assembleProgram(findings);
  return { value, diagnostics: reporter.finish() };
}
