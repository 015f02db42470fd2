/** Puts the results of the checker's passes together into a program. */
import type * as ast from '../syntax/ast.js';
import type { BuiltClauses } from './build-program.js';
import { observability } from './choose-observables.js';
import type { Constants } from './define-constants.js';
import { bodyRelations, markEvents } from './mark-events.js';
import type { ExternFunction, Program, Relation } from './program.js';
import type { RelationDraft } from './relation-draft.js';
import type { Remarks } from './remarks.js';
import type { Relations } from './resolve-relations.js';

/** What the passes found. */
export interface Findings {
  readonly module: ast.Module;
  readonly relations: Relations;
  readonly periods: ReadonlyMap<string, number>;
  readonly constants: Constants;
  readonly clauses: BuiltClauses;
  readonly observables: readonly string[];
  readonly remarks: Remarks;
  readonly functions: ReadonlyMap<string, ExternFunction>;
}

/** The program of a module without errors. */
export function assembleProgram({
  module,
  relations,
  periods,
  constants,
  clauses,
  observables,
  remarks,
  functions,
}: Findings): Program {
  const events = markEvents(relations, clauses.rules, clauses.facts);
  const observed = new Set(observables);
  const finish = (draft: RelationDraft): Relation => ({
    name: draft.name,
    kind: draft.kind,
    columns: draft.columns.map(({ name, type, span }) => ({ name, type, span })),
    keyLength: draft.keyLength,
    hasKey: draft.hasKey,
    location: draft.location,
    partition: draft.partition,
    builtin: draft.builtin,
    durable: draft.durable,
    declared: draft.declared,
    periodMs: periods.get(draft.name) ?? null,
    eventDriven: events.has(draft.name),
    observable: observability(draft, observed),
    doc: draft.doc,
    span: draft.span,
  });
  const rules = clauses.rules.map((rule) => ({
    ...rule,
    eventDriven: [...bodyRelations(rule)].some((name) => events.has(name)),
  }));
  return {
    name: module.file.path.replace(/^.*[\\/]/, ''),
    relations: new Map([...relations].map(([name, draft]) => [name, finish(draft)])),
    rules,
    facts: clauses.facts,
    functions: [...functions.values()],
    params: constants.params,
    observables,
    remarks,
  };
}
