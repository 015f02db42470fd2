/**
 * Rules that can never fire. A relation may hold tuples if they come from outside (inputs, facts
 * files, timers, the system) or if a fact or a rule that may fire itself derives it: a least
 * fixpoint, so relations that have only each other to come from stay empty. A rule is dead if every
 * alternative of its body reads a relation that stays empty, or contradicts itself.
 */
import { contradictionIn, type Contradiction } from './contradictions.js';
import type { ModuleFaces } from './module-faces.js';
import type { NamesParam } from './param-uses.js';
import type { Body, Literal, Program, Relation, Rule } from './program.js';
import type { Reporter } from './reporter.js';

/** Reports the first reason for each dead clause. */
export function findDeadRules(
  program: Program,
  faces: ModuleFaces,
  namesParam: NamesParam,
  reporter: Reporter,
): void {
  const contradictions = new Map<Body, Contradiction | null>();
  for (const { bodies } of program.rules)
    for (const body of bodies)
      if (!contradictions.has(body)) contradictions.set(body, mistakeIn(body, namesParam));
  const filled = filledRelations(program, faces, contradictions);
  const derived = new Set(
    program.rules.flatMap(({ head }) => (head.mode === 'delete' ? [] : [head.relation])),
  );
  const seen = new Set<string>();
  for (const rule of program.rules) {
    if (seen.has(rule.name)) continue;
    const reasons = rule.bodies.map((body) => reasonFor(body, filled, contradictions, derived));
    const [first] = reasons;
    if (first === undefined || first === null || reasons.includes(null)) continue;
    seen.add(rule.name);
    reporter.warning(
      'TRL1205',
      first.span,
      `the rule \`${rule.name}\` can never fire: ${first.text}`,
      {
        help: first.help,
      },
    );
  }
}

/** A contradiction that no param makes: what a param makes is a switch. */
function mistakeIn(body: Body, namesParam: NamesParam): Contradiction | null {
  const found = contradictionIn(body);
  return found === null || found.parts.some(namesParam) ? null : found;
}

interface Reason extends Pick<Contradiction, 'span' | 'text'> {
  readonly help: string;
}

function reasonFor(
  body: Body,
  filled: ReadonlySet<string>,
  contradictions: ReadonlyMap<Body, Contradiction | null>,
  derived: ReadonlySet<string>,
): Reason | null {
  const contradiction = contradictions.get(body) ?? null;
  if (contradiction !== null)
    return { ...contradiction, help: 'correct the condition, or remove the rule' };
  const empty = emptyAtom(body, filled);
  if (empty === null) return null;
  const { span, relation } = empty;
  if (derived.has(relation))
    return {
      span,
      text: `\`${relation}\` stays empty, because no rule for it can fire`,
      help: `write a rule or a fact for \`${relation}\` that starts from something else`,
    };
  return {
    span,
    text: `nothing ever derives \`${relation}\``,
    help: `write a rule or a fact for \`${relation}\`; one that is given from outside is an \`input\`, a \`static\` or a \`table\``,
  };
}

function emptyAtom(
  { literals }: Body,
  filled: ReadonlySet<string>,
): (Literal & { readonly kind: 'atom' }) | null {
  for (const literal of literals)
    if (literal.kind === 'atom' && !literal.negated && !filled.has(literal.relation))
      return literal;
  return null;
}

function filledRelations(
  { relations, rules, facts }: Program,
  faces: ModuleFaces,
  contradictions: ReadonlyMap<Body, Contradiction | null>,
): ReadonlySet<string> {
  const filled = new Set(facts.map(({ relation }) => relation));
  for (const relation of relations.values())
    if (isGiven(relation) || faces.faceOf(relation) === 'input') filled.add(relation.name);
  const mayFire = (rule: Rule): boolean =>
    rule.bodies.some(
      (body) => (contradictions.get(body) ?? null) === null && emptyAtom(body, filled) === null,
    );
  for (let grows = true; grows;) {
    grows = false;
    for (const rule of rules) {
      const { mode, relation } = rule.head;
      if (mode === 'delete' || filled.has(relation) || !mayFire(rule)) continue;
      filled.add(relation);
      grows = true;
    }
  }
  return filled;
}

/** What may hold tuples without any rule. A lattice value is always there, at first as bottom. */
function isGiven({ kind, builtin }: Relation): boolean {
  if (builtin !== null) return builtin !== 'halt' && builtin !== 'stdout' && builtin !== 'stderr';
  return ['table', 'static', 'input', 'lattice', 'periodic'].includes(kind);
}
