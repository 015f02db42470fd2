/**
 * What only the Dedalus dialect checks, before anything is lowered: `clock` and `crash` are given
 * and never derived; a relation that is read and never derived is a warning, since programs of
 * this dialect are put together from parts.
 */
import {
  atomsOf,
  dedalusBuiltins,
  type DedalusProgram,
  type DedalusRelation,
} from './dedalus-program.js';
import type { Reporter } from './reporter.js';

/** The given relations with their columns, for messages. */
const shapes: Readonly<Record<string, string>> = {
  clock: '`clock(from, to, time, arrival)`',
  crash: '`crash(observer, node, time)`',
};

export function checkDedalus(program: DedalusProgram, reporter: Reporter): void {
  for (const relation of program.relations.values()) {
    if (dedalusBuiltins.has(relation.name)) checkBuiltin(relation, reporter);
    else if (isNeverDerived(relation)) warnNeverDerived(program, relation, reporter);
  }
}

function checkBuiltin(
  { name, rules, facts, declaration }: DedalusRelation,
  reporter: Reporter,
): void {
  const uses = [...rules, ...facts].map(({ head }) => head.span);
  if (declaration !== null) uses.push(declaration.name.span);
  for (const span of uses) {
    reporter.error(
      'TRL0260',
      span,
      `\`${name}\` is built in: it is read, never derived or declared`,
      {
        help: `choose another name; ${shapes[name] ?? name} is given`,
      },
    );
  }
}

function isNeverDerived({ rules, facts, declaration }: DedalusRelation): boolean {
  return rules.length === 0 && facts.length === 0 && declaration === null;
}

function warnNeverDerived(
  program: DedalusProgram,
  { name }: DedalusRelation,
  reporter: Reporter,
): void {
  const known = [...program.relations.values()]
    .filter((relation) => !isNeverDerived(relation))
    .map((relation) => relation.name);
  const reads = program.rules.flatMap(({ body }) => atomsOf(body));
  for (const { relation } of reads.filter((read) => read.relation.text === name)) {
    const { help = null, fixes } = reporter.suggestion(name, relation.span, known);
    reporter.warning(
      'TRL0201',
      relation.span,
      `there is no relation \`${name}\`: it is read here, but nothing declares or derives it`,
      {
        help: help ?? 'it holds nothing; write a fact or rule for it, or give facts with --facts',
        ...(fixes !== undefined && { fixes }),
      },
    );
  }
}
