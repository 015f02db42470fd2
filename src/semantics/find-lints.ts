/**
 * Warnings about programs that are right and probably not what was meant: what is declared and never
 * used, sent and never read, read and never derived, named and used once. They never stop anything;
 * each says only what holds whatever facts and inputs a run is given.
 *
 * Of an instance of a module, its outputs and views may be left unread: what one program leaves
 * unused, another needs. What is inside of it, and whether somebody feeds its inputs, is told.
 */
import { promised } from '../builtins/promise.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type * as ast from '../syntax/ast.js';
import { findDeadRules } from './find-dead-rules.js';
import { findSingleVariables } from './find-single-variables.js';
import { bodyRelations } from './mark-events.js';
import { readModuleFaces, type ModuleFaces } from './module-faces.js';
import { readParamUses } from './param-uses.js';
import type { Program, Relation, Rule } from './program.js';
import { Reporter } from './reporter.js';
import { noLinks, type SourceLinks } from './source-links.js';

/** Every warning of this kind, in source order. */
export function findLints(
  module: ast.Module,
  program: Program,
  links: SourceLinks = noLinks,
): readonly Diagnostic[] {
  const reporter = new Reporter();
  const faces = readModuleFaces(module, links);
  findUnused(program, faces, reporter);
  findDeadRules(program, faces, readParamUses(module, links), reporter);
  findSingleVariables(module, reporter);
  return reporter.finish();
}

function findUnused(program: Program, faces: ModuleFaces, reporter: Reporter): void {
  const uses = relationsUsed(program);
  for (const relation of program.relations.values()) {
    const { name, builtin, declared } = relation;
    if (builtin !== null || !declared) continue;
    const face = faces.faceOf(relation);
    if (face === null) reportUnused(relation, uses, reporter);
    else if (face === 'input' && !uses.derived.has(name)) reportUnfed(relation, faces, reporter);
  }
}

/** An input of an instance that no rule around it derives into. */
function reportUnfed({ name, span }: Relation, faces: ModuleFaces, reporter: Reporter): void {
  const dot = name.lastIndexOf('.');
  const [alias, input] = [name.slice(0, dot), name.slice(dot + 1)];
  const use = faces.useOf(alias);
  reporter.warning(
    'TRL1206',
    use?.alias.span ?? span,
    `nothing feeds the input \`${input}\` of \`${alias}\``,
    {
      ...(use === null ? {} : { secondary: [{ span, text: 'the input' }] }),
      help: `derive into it in a rule: \`${alias}.${input}(...) :- ...;\``,
    },
  );
}

interface Uses {
  readonly read: ReadonlySet<string>;
  readonly derived: ReadonlySet<string>;
  readonly named: ReadonlySet<string>;
}

function relationsUsed({ rules, facts, remarks, observables }: Program): Uses {
  const invariantReads = remarks.invariants.flatMap((invariant) => [...bodyRelations(invariant)]);
  const sealed = remarks.seals.flatMap(({ relation, producers, when }) => [
    relation,
    when.relation,
    ...(producers === null ? [] : [producers.relation]),
  ]);
  return {
    read: new Set([
      ...rules.flatMap((rule) => [...bodyRelations(rule)]),
      ...invariantReads,
      ...sealed,
    ]),
    derived: new Set([...rules.map(({ head }) => head.relation), ...facts.map((f) => f.relation)]),
    named: new Set([
      ...observables,
      ...remarks.coordinations.map(({ relation }) => relation),
      ...rules.filter(watches).map(({ head }) => head.relation),
    ]),
  };
}

/** Whether the rule is there to fail where a promise is broken, and not for what it derives. */
function watches({ bodies }: Rule): boolean {
  return bodies.some(({ literals }) =>
    literals.some(
      (literal) =>
        literal.kind === 'condition' &&
        literal.term.kind === 'apply' &&
        literal.term.function === promised,
    ),
  );
}

function reportUnused({ name, kind, span }: Relation, uses: Uses, reporter: Reporter): void {
  const isRead = uses.read.has(name);
  const isDerived = uses.derived.has(name);
  if (!isRead && !isDerived) {
    if (kind === 'input')
      reporter.warning(
        'TRL1203',
        span,
        `no rule reads the input \`${name}\`: what comes in is lost`,
        {
          help: 'read it in a rule, or remove the declaration',
        },
      );
    else
      reporter.warning('TRL1202', span, `nothing uses \`${name}\``, {
        help: `remove the declaration, or ${kind === 'output' || kind === 'view' ? 'derive it in a rule' : 'use it in a rule'}`,
      });
  } else if (!isRead && (kind === 'channel' || kind === 'loopback')) {
    reporter.warning(
      'TRL1204',
      span,
      `no rule reads the ${kind} \`${name}\`: what is sent over it is lost`,
      {
        help: 'read it in a rule at the receiver, or do not send it',
      },
    );
  } else if (!isRead && kind === 'scratch' && !uses.named.has(name)) {
    reporter.warning(
      'TRL1202',
      span,
      `\`${name}\` is derived, but no rule reads it, and it is not shown`,
      {
        help: 'read it in a rule, declare it as a view, or remove it',
      },
    );
  }
}
