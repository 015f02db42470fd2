/**
 * Literals that search nothing: conditions, values computed and taken apart, members of collections.
 * What may fail is guarded: the runtime is told where it did (code-pools.ts).
 */
import type { PlanLiteral, PlanPattern, PlanTerm, PlanType, Step } from '../plan/physical-plan.js';
import type { BodyContext } from './body-context.js';
import { converted, generateBoxed, generateCondition, mayThrow } from './generate-term.js';
import { identifier } from './quote.js';
import { isSure, type FailingStep } from './step-facts.js';

/** A word that no value has; see the engine's words. */
const NO_WORD = '-1';
/** A type whose words are boxed. */
const boxedType: PlanType = { kind: 'any' };

/** Opens blocks that are entered if a literal that is no atom holds, for each way in which it does. */
export function openTest(
  context: BodyContext,
  step: Step,
  literal: Exclude<PlanLiteral, { kind: 'atom' }>,
): void {
  const { writer } = context.unit;
  if (literal.kind === 'condition') {
    const test = generateCondition(literal.term, context.scope, context.unit);
    writer.open(
      isSure(literal.term) ? `if (${test}) {` : `if (${guarded(context, step, test, 'false')}) {`,
    );
    return;
  }
  if (literal.kind === 'member') return openMember(context, step, literal);
  const value = guardedWord(context, step, literal.term);
  const pattern = literal.kind === 'assign' ? literal.variable : literal.pattern;
  openPattern(context, pattern, value, literal.term.type);
}

function openMember(
  context: BodyContext,
  step: Step,
  literal: Extract<PlanLiteral, { kind: 'member' }>,
): void {
  const { writer } = context.unit;
  const collection = generateBoxed(literal.collection, context.scope, context.unit);
  const members = `${context.unit.helper('membersOf')}(${collection})`;
  const all = guarded(context, step, members, 'null');
  const item = identifier('item', context.unit.nextNumber(), '');
  if (!literal.negated) {
    writer.open(`if (${all} !== null) {`);
    // Bodies with members have no cursor.
    context.turns.loop(null, `${all}.length`);
    writer.open(`for (const ${item} of ${all}) {`);
    return openPattern(context, literal.pattern, item);
  }
  const found = identifier('found', context.unit.nextNumber(), '');
  writer.line(`let ${found} = ${all} === null;`);
  const depth = writer.depth;
  writer.open(`if (!${found}) {`);
  writer.open(`for (const ${item} of ${all}) {`);
  openPattern(context, literal.pattern, item);
  writer.line(`${found} = true;`);
  writer.line('break;');
  writer.closeTo(depth);
  writer.open(`if (!${found}) {`);
}

/** The name of a word, or of `NO_WORD` where the evaluation failed; opens the test for that. */
export function guardedWord(context: BodyContext, step: FailingStep, term: PlanTerm): string {
  const { writer } = context.unit;
  if (!mayThrow(term)) {
    const plain = identifier('w', context.unit.nextNumber(), '');
    writer.line(`const ${plain} = ${context.term(term)};`);
    return plain;
  }
  const word = guarded(context, step, context.term(term), NO_WORD);
  writer.open(`if (${word} !== ${NO_WORD}) {`);
  return word;
}

/** The name of a variable that holds the expression, or `otherwise` if evaluating it failed. */
function guarded(
  context: BodyContext,
  step: FailingStep,
  expression: string,
  otherwise: string,
): string {
  const { writer } = context.unit;
  const name = identifier('t', context.unit.nextNumber(), '');
  const { rule } = context.rule;
  const site = context.unit.site({
    rule: rule.id,
    body: context.body,
    others: step.others,
    bound: step.bound,
  });
  const words = step.bound.map((variable) => context.scope.get(variable)!);
  writer.line(`let ${name} = ${otherwise};`);
  writer.open('try {');
  writer.line(`${name} = ${expression};`);
  writer.closeTo(writer.depth - 1);
  writer.open('catch (error) {');
  if (context.isLenient) writer.line(`${context.unit.helper('passOver')}(error);`);
  else writer.line(`${context.unit.helper('failed')}(${site}, error, [${words.join(', ')}]);`);
  writer.closeTo(writer.depth - 1);
  return name;
}

/** Opens blocks that are entered if the pattern matches the word of a type, boxed unless given. */
function openPattern(
  context: BodyContext,
  pattern: PlanPattern,
  given: string,
  type: PlanType = boxedType,
): void {
  const { writer } = context.unit;
  if (pattern.kind === 'wildcard') return;
  const word =
    pattern.kind === 'pattern' ? given : converted(given, type, pattern.type, context.unit);
  if (pattern.kind === 'constant') {
    writer.open(`if (${word} === ${context.term(pattern)}) {`);
    return;
  }
  if (pattern.kind === 'variable') {
    const known = context.scope.get(pattern.name);
    if (known === undefined) writer.line(`const ${context.declare(pattern.name)} = ${word};`);
    else writer.open(`if (${word} === ${known}) {`);
    return;
  }
  const items = identifier('items', context.unit.nextNumber(), '');
  const helper = context.unit.helper(pattern.shape === 'tuple' ? 'tupleItems' : 'listItems');
  writer.line(`const ${items} = ${helper}(${word});`);
  writer.open(`if (${items} !== null && ${items}.length === ${pattern.items.length}) {`);
  for (const [i, part] of pattern.items.entries()) openPattern(context, part, `${items}[${i}]`);
}
