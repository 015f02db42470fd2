/**
 * A blame as a walk through the source: from the relation whose timing decides, literal by literal
 * through the rules on the way, over the blamed place, to the observable. `Blame.path` names the
 * stations; here each gets the place in the program where one reads it, for code frames, code flows
 * and pictures. Every station is shown once; where no rule leads from one to the next (a failed
 * timestep spoils what it never derives) the walk goes on at the declaration.
 */
import { defined } from '../base/assert.js';
import type { Span } from '../base/span.js';
import { sourceText, stationsOf } from './made-up-relations.js';
import type { Program, Relation, Rule } from '../semantics/program.js';
import type { Blame } from './confluence-report.js';
import { reasonText } from './reason-text.js';

export interface BlameStep {
  /** Where the walk begins, what it passes, what is to blame, where it ends. */
  readonly role: 'source' | 'passes' | 'blamed' | 'observable';
  readonly span: Span;
  /** The relation that is read here, or declared. */
  readonly relation: string;
  /** The rule that reads it, as an index in `Program.rules`; null at a declaration. */
  readonly ruleId: number | null;
  readonly text: string;
}

/** The steps of a blame; the first and the last are declarations. */
export function traceBlame(program: Program, blame: Blame): readonly BlameStep[] {
  const { before, after } = splitPath(program, blame);
  const source = before[0] ?? blame.relation;
  const end = after.at(-1) ?? source;
  const steps = [declarationStep(program, 'source', source), ...hops(program, before)];
  steps.push({
    role: 'blamed',
    span: blame.span,
    relation: before.at(-1) ?? blame.relation,
    ruleId: blame.ruleId,
    text: reasonText(blame.reason),
  });
  steps.push(...hops(program, after));
  if (end !== source || blame.rule !== null)
    steps.push(declarationStep(program, 'observable', end));
  return steps;
}

/** The relations of the path up to the blamed rule, and from its head on. */
function splitPath(
  program: Program,
  { path, rule, ruleId }: Blame,
): { readonly before: readonly string[]; readonly after: readonly string[] } {
  const head = ruleId === null ? undefined : program.rules[ruleId]?.head.relation;
  // A label may be called like a relation: the rule is the one that its head follows.
  const at = path.findIndex((name, i) => name === rule && path[i + 1] === head);
  const split = at === -1 ? path.indexOf(rule ?? '') : at;
  if (rule === null || split === -1) return { before: path.slice(0, 1), after: path };
  return { before: path.slice(0, split), after: path.slice(split + 1) };
}

function hops(program: Program, relations: readonly string[]): readonly BlameStep[] {
  return relations.slice(1).flatMap((to, i) => {
    const from = relations[i]!;
    const hop = findHop(program, from, to);
    if (hop === null) return [];
    const { rule, span } = hop;
    // What the compiler has a tuple go through for one reason is one station.
    if (stationsOf(program, [from, to]).length === 1) return [];
    const by =
      program.relations.get(rule.name)?.madeFrom === undefined ? ` by rule \`${rule.name}\`` : '';
    const text = `${hopWord(rule)} ${sourceText(program, to)}${by}`;
    return [{ role: 'passes', span, relation: from, ruleId: rule.id, text } as const];
  });
}

function hopWord({ head }: Rule): string {
  const words = {
    now: 'into',
    next: 'in the next timestep into',
    async: 'sent as',
    delete: 'removes from',
    upsert: 'replaces in',
  };
  return words[head.mode];
}

/** The first rule with one head that reads another relation, and where it does. */
interface Hop {
  readonly rule: Rule;
  readonly span: Span;
}

/** By head, then by what is read. Reports ask about each hop of each path. */
const hopsByProgram = new WeakMap<Program, ReadonlyMap<string, ReadonlyMap<string, Hop>>>();

function findHop(program: Program, from: string, to: string): Hop | null {
  const known = hopsByProgram.get(program) ?? indexHops(program);
  hopsByProgram.set(program, known);
  return known.get(to)?.get(from) ?? null;
}

function indexHops({ rules }: Program): ReadonlyMap<string, ReadonlyMap<string, Hop>> {
  const hopsByHead = new Map<string, Map<string, Hop>>();
  for (const rule of rules) {
    const ofHead = hopsByHead.get(rule.head.relation) ?? new Map<string, Hop>();
    hopsByHead.set(rule.head.relation, ofHead);
    for (const literal of rule.bodies.flatMap(({ literals }) => literals))
      if (literal.kind === 'atom' && !ofHead.has(literal.relation))
        ofHead.set(literal.relation, { rule, span: literal.span });
  }
  return hopsByHead;
}

function declarationStep(program: Program, role: 'source' | 'observable', name: string): BlameStep {
  const relation = defined(program.relations.get(name), `relation ${name} of a path`);
  const text = role === 'source' ? beginningText(program, relation) : observableText(relation);
  return { role, span: relation.span, relation: name, ruleId: null, text };
}

function beginningText(program: Program, { name, kind, builtin }: Relation): string {
  const named = sourceText(program, name);
  if (builtin === 'sealed') return `${named} holds once all producers have promised it`;
  switch (kind) {
    case 'channel':
      return `messages of ${named} arrive in any order, at any time`;
    case 'input':
      return `${named} comes in at any time`;
    case 'periodic':
      return `${named} fires when the clock says so`;
    default:
      return `it begins at ${named}`;
  }
}

function observableText({ name, observable, kind }: Relation): string {
  // Any relation can be asked about, whether it is shown or not.
  if (observable === null) return `and so it stands in ${kind} \`${name}\``;
  return observable === 'output'
    ? `released to the outside as output \`${name}\``
    : `shown as view \`${name}\``;
}
