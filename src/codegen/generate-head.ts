/**
 * The words of a rule's head, and what an aggregate takes of a binding.
 *
 * Computing a word may fail without this being a failure: a lattice value is at its bottom, or still
 * grows to where it does not fail. Where that may be, all words are computed one after the other and
 * then tested, as the reference evaluator does it, and what follows is entered if all went well.
 */
import { bareLattice } from '../plan/bare-lattice.js';
import type { PlannedRule, PlanRelationSchema, PlanTerm, PlanType } from '../plan/physical-plan.js';
import type { CodeUnit } from './code-unit.js';
import { fitsSurely } from '../plan/fits-surely.js';
import {
  converted,
  generateBoxed,
  generateTerm,
  mayReveal,
  mayThrow,
  type Scope,
} from './generate-term.js';
import { identifier } from './quote.js';

/** The greatest int that stands for itself. */
const MOST_DIRECT = 2 ** 31 - 1;

export interface HeadContext {
  readonly rule: PlannedRule;
  /** Of the head's relation. */
  readonly columns: PlanRelationSchema['columns'];
  readonly scope: Scope;
  readonly unit: CodeUnit;
}

/** A term and the type of the column that it goes into. */
interface HeadTerm {
  readonly term: PlanTerm;
  readonly type: PlanType;
}

/** Expressions for the words of the head's terms; may open a block. */
export function headWords(context: HeadContext): readonly string[] {
  const terms = headTerms(context);
  if (!mayPass(terms, context)) return terms.map((each) => checkedWord(each, context));
  const tests = terms.map((each) => testOf(each, context));
  const fast = tests.every((test) => test === null) ? fastWords(terms, context) : null;
  const words = terms.map((each) => wordOf(each, context));
  return attemptWords(context.unit, words, tests, fast);
}

/** Offers a binding to the groups of the rule; opens a block. */
export function addBinding(context: HeadContext): void {
  const { rule, scope, unit } = context;
  const { writer } = unit;
  unit.tally('derivations');
  for (const [i, name] of rule.variables.entries())
    writer.line(`groups.binding[${i}] = ${scope.get(name)!};`);
  writer.open('if (groups.isNew()) {');
  const plain = headTerms(context);
  const inputs = rule.rule.head.arguments.flatMap((argument) =>
    argument.kind === 'term' ? [] : argument.arguments,
  );
  const inputWords = inputs.map((part) => generateBoxed(part, scope, unit));
  const mayBeBottom = plain.some(({ term }) => mayReveal(term)) || inputs.some(mayReveal);
  const words = mayBeBottom
    ? attemptWords(
        unit,
        [...plain.map((each) => wordOf(each, context)), ...inputWords],
        plain.map((each) => testOf(each, context)),
      )
    : [...plain.map((each) => checkedWord(each, context)), ...inputWords];
  for (const [i, word] of words.entries())
    writer.line(
      i < plain.length
        ? `groups.plain[${i}] = ${word};`
        : `groups.inputs[${i - plain.length}] = ${word};`,
    );
  writer.line('groups.add();');
}

function headTerms({ rule, columns }: HeadContext): readonly HeadTerm[] {
  return rule.rule.head.arguments.flatMap((argument, i) =>
    argument.kind === 'term' && argument.term.kind !== 'wildcard'
      ? [{ term: argument.term, type: columns[i]!.type }]
      : [],
  );
}

/** Whether a failure in these terms of the head may mean no more than that there is no tuple. */
function mayPass(terms: readonly HeadTerm[], { rule }: HeadContext): boolean {
  if (terms.some(({ term }) => mayReveal(term))) return true;
  return (
    rule.readsGrowing && terms.some(({ term, type }) => mayThrow(term) || !fitsSurely(term, type))
  );
}

/** The word of a head's term, checked where its type does not tell that it fits the column. */
function checkedWord(each: HeadTerm, context: HeadContext): string {
  const [word, test] = [wordOf(each, context), testOf(each, context)];
  return test === null ? word : `${test}(${word})`;
}

/** The word of a term as a column of the type holds it. */
function wordOf({ term, type }: HeadTerm, { scope, unit }: HeadContext): string {
  return converted(generateTerm(term, scope, unit), term.type, type, unit);
}

/** What tests that the word of a term fits a column; null where its type tells that it does. */
function testOf({ term, type }: HeadTerm, { unit }: HeadContext): string | null {
  if (fitsSurely(term, type)) return null;
  return bareLattice(type) === null ? unit.typeTest(type) : unit.bareTest(type);
}

/** Words as they are if a test holds; nothing can fail then. */
interface FastWords {
  readonly words: readonly string[];
  readonly test: (names: readonly string[]) => string;
}

/** For variables and sums of ints that stand for themselves; null for anything else. */
function fastWords(terms: readonly HeadTerm[], context: HeadContext): FastWords | null {
  const tests: ((name: string) => string)[] = [];
  const words: string[] = [];
  for (const each of terms) {
    const sum = bareSum(each.term);
    if (sum !== null) {
      const [word, by] = sum.map((term) => generateTerm(term, context.scope, context.unit));
      words.push(`${word} + ${by}`);
      tests.push((name) => `(${word} | ${by}) >= 0 && ${name} <= ${MOST_DIRECT}`);
    } else if (each.term.kind === 'variable') {
      words.push(wordOf(each, context));
      tests.push(() => '');
    } else return null;
  }
  const test = (names: readonly string[]): string =>
    tests.flatMap((testOfName, i) => testOfName(names[i]!) || []).join(' && ');
  return tests.some((testOfName) => testOfName('') !== '') ? { words, test } : null;
}

/** What is added to what, where that is a number to a value of `lmin` or `lmax`. */
function bareSum(term: PlanTerm): readonly [PlanTerm, PlanTerm] | null {
  if (term.kind !== 'apply') return null;
  const [first, second] = term.arguments;
  if (first?.kind !== 'variable' || second?.kind !== 'variable') return null;
  const bare = bareLattice(first.type);
  return bare !== null && term.function === `${bare}.plus` ? [first, second] : null;
}

/** The names of the words; `tests` are functions that throw where a word does not fit its column. Opens a block. */
function attemptWords(
  unit: CodeUnit,
  words: readonly string[],
  tests: readonly (string | null)[],
  fast: FastWords | null = null,
): readonly string[] {
  const { writer } = unit;
  const fresh = (prefix: string): string => identifier(prefix, unit.nextNumber(), '');
  const names = words.map(() => fresh('w'));
  const done = fresh('done');
  if (fast === null) writer.line(`let ${[...names, `${done} = false`].join(', ')};`);
  else {
    const all = names.map((name, i) => `${name} = ${fast.words[i]}`);
    writer.line(`let ${[...all, `${done} = ${fast.test(names)}`].join(', ')};`);
  }
  writer.open(fast === null ? 'try {' : `if (!${done}) try {`);
  for (const [i, word] of words.entries()) writer.line(`${names[i]} = ${word};`);
  for (const [i, test] of tests.entries()) if (test !== null) writer.line(`${test}(${names[i]});`);
  writer.line(`${done} = true;`);
  writer.closeTo(writer.depth - 1);
  writer.open('catch (error) {');
  writer.line(`${unit.helper('headFailed')}(error);`);
  writer.closeTo(writer.depth - 1);
  writer.open(`if (${done}) {`);
  return names;
}
