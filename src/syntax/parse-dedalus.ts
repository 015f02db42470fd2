/**
 * `.ded` text to its tree, by recursive descent: one method a rule of the grammar, statements
 * separated by `;`. What is wrong in one statement is told once, the statement is left out, and
 * reading goes on behind its `;`. Never throws on what a user wrote.
 *
 *     statement = 'include' STRING | declaration | head [ ':-' literal { ',' literal } ]
 *     head      = NAME '(' [ argument { ',' argument } ] ')' [ '@' ( 'next' | 'async' | NUMBER ) ]
 *     literal   = [ 'notin' | '!' ] NAME '(' [ term { ',' term } ] ')' [ '@' NUMBER ] | term [ '=' term ]
 *     argument  = NAME '<' ( '*' | term { ',' term } ) '>' | term
 *
 * Operators bind as everywhere else: `* / %`, then `+ -`, then one comparison.
 */
import type { SourceFile, Span } from '../base/span.js';
import type { Checked, Diagnostic } from '../diagnostics/diagnostic.js';
import type { HeadArgument } from './ast.js';
import type {
  DedalusAtom,
  DedalusClause,
  DedalusHead,
  DedalusLiteral,
  DedalusModule,
  DedalusStatement,
  DedalusTime,
} from './dedalus-ast.js';
import { DedalusTokens, StatementEnds } from './dedalus-tokens.js';
import { lexDedalus } from './lex-dedalus.js';
import { parseDedalusDeclaration, declares } from './parse-dedalus-declaration.js';
import { parseAggregate, parseTerm } from './parse-dedalus-term.js';

/** The module of a file, without the statements that could not be read; diagnostics in source order. */
export function parseDedalus(file: SourceFile): Checked<DedalusModule> {
  const { tokens, diagnostics } = lexDedalus(file);
  const stream = new DedalusTokens(file, tokens);
  const statements: DedalusStatement[] = [];
  while (!stream.isAtEnd) {
    try {
      if (stream.take(';') === null) statements.push(parseStatement(stream));
    } catch (error) {
      if (!(error instanceof StatementEnds)) throw error;
      stream.skipStatement();
    }
  }
  const all: Diagnostic[] = [...diagnostics, ...stream.diagnostics];
  const place = ({ primary }: Diagnostic): number => primary?.span.start ?? 0;
  return { value: { file, statements }, diagnostics: all.sort((a, b) => place(a) - place(b)) };
}

function parseStatement(stream: DedalusTokens): DedalusStatement {
  const start = stream.next.start;
  refuseForeign(stream);
  if (stream.next.text === 'include' && stream.after.kind === 'string') {
    stream.pass();
    const path = stream.pass();
    const span = stream.spanFrom(start);
    stream.endStatement();
    return { kind: 'include', path: path.value as string, span };
  }
  const statement = declares(stream) ? parseDedalusDeclaration(stream) : parseClause(stream);
  stream.endStatement();
  return statement;
}

/** Words that open a statement of `.bloom` that this dialect does not have. */
const foreignWords: ReadonlySet<string> = new Set([
  'channel',
  'loopback',
  'periodic',
  'lattice',
  'const',
  'param',
  'durable',
  'delete',
  'upsert',
  'module',
  'import',
  'use',
  'extern',
  'seal',
  'assume',
  'coordinate',
  'invariant',
]);

function refuseForeign(stream: DedalusTokens): void {
  const { next, after } = stream;
  const isForeign =
    foreignWords.has(next.text) && (after.kind === 'name' || after.kind === 'string');
  const isLabel = next.kind === 'name' && after.text === ':';
  if (!isForeign && !isLabel) return;
  const what = isLabel ? `the label \`${next.text}:\`` : `\`${next.text} ${after.text} ...\``;
  stream.fail(
    'TRL0160',
    stream.spanOf(next),
    `${what} is a statement of \`.bloom\` files, not of the Dedalus dialect`,
    isLabel
      ? 'leave the label out; rules are called `relation#n`'
      : 'write facts, rules with `@next` and `@async`, and `include`; or name the file `.bloom`',
  );
}

function parseClause(stream: DedalusTokens): DedalusClause {
  const start = stream.next.start;
  const head = parseHead(stream);
  if (stream.take(':-') === null) {
    refuseTimeOfFact(stream, head);
    return { kind: 'clause', head, body: null, span: stream.spanFrom(start) };
  }
  if (typeof head.time === 'number') {
    stream.fail(
      'TRL0162',
      head.span,
      `only a fact has a point in time, \`@${head.time}\`; the head of a rule holds whenever its body does`,
      'leave it out, or write `@next` or `@async`; `p(...)@k` in the body asks about time k',
    );
  }
  const body = [parseLiteral(stream)];
  while (stream.take(',') !== null) body.push(parseLiteral(stream));
  return { kind: 'clause', head, body, span: stream.spanFrom(start) };
}

function refuseTimeOfFact(stream: DedalusTokens, { time, span }: DedalusHead): void {
  if (time !== 'next' && time !== 'async') return;
  stream.fail(
    'TRL0162',
    span,
    `a fact has a point in time, and \`@${time}\` is none`,
    'write `@1` for a fact that holds when the run starts, or add a body',
  );
}

function parseHead(stream: DedalusTokens): DedalusHead {
  const start = stream.next.start;
  const relation = stream.takeName('the name of a relation');
  stream.expect('(', 'a relation has its columns in parentheses: `p(x, y)`');
  const items: HeadArgument[] = [];
  if (stream.next.text !== ')') {
    items.push(parseArgument(stream));
    while (stream.take(',') !== null) items.push(parseArgument(stream));
  }
  stream.expect(')', 'close the arguments with `)`');
  const time = parseTime(stream, ['next', 'async']);
  return { relation, arguments: items, time, span: stream.spanFrom(start) };
}

function parseArgument(stream: DedalusTokens): HeadArgument {
  if (stream.next.kind === 'name' && stream.after.text === '<') return parseAggregate(stream);
  const term = parseTerm(stream);
  return { kind: 'term', name: null, term, span: term.span };
}

/** What stands behind `@`; `now` without one. */
function parseTime(stream: DedalusTokens, words: readonly string[]): DedalusTime {
  const at = stream.take('@');
  if (at === null) return 'now';
  const { next } = stream;
  const span: Span = { ...stream.spanOf(next), start: at.start };
  if (next.kind === 'number' && typeof next.value === 'number') {
    stream.pass();
    if (next.value > 0) return next.value;
    stream.fail('TRL0163', span, 'time starts at 1', 'write `@1`, or a later time');
  }
  if (next.kind === 'name' && words.includes(next.text)) {
    stream.pass();
    return next.text as 'next' | 'async';
  }
  const isHead = words.length > 0;
  return stream.fail(
    'TRL0163',
    span,
    isHead
      ? 'behind `@` stands `next`, `async` or a point in time'
      : 'behind `@` in a body stands a point in time',
    isHead
      ? '`@next` is the next timestep, `@async` a later one at the node in the first column, `@1` the first of all'
      : '`p(x)@1` asks whether `p(x)` held at time 1; `@next` and `@async` belong to heads',
  );
}

function parseLiteral(stream: DedalusTokens): DedalusLiteral {
  const start = stream.next.start;
  const isNegation =
    (stream.next.text === 'notin' || stream.next.text === '!') && stream.next.kind !== 'string';
  if (isNegation) stream.pass();
  else refuseNot(stream);
  const isAtom = stream.next.kind === 'name' && stream.after.text === '(';
  if (isNegation || isAtom) return parseAtom(stream, isNegation, start);
  const term = parseTerm(stream);
  if (stream.take('=') !== null) {
    const right = parseTerm(stream);
    return { kind: 'binding', pattern: term, term: right, span: stream.spanFrom(start) };
  }
  return { kind: 'condition', term, span: stream.spanFrom(start) };
}

/** `not p(x)`, as other dialects of Datalog negate. */
function refuseNot(stream: DedalusTokens): void {
  const { next, after } = stream;
  if (next.kind !== 'name' || !/^not$/i.test(next.text) || after.kind !== 'name') return;
  stream.fail(
    'TRL0117',
    stream.spanOf(next),
    `\`${next.text}\` does not negate`,
    `write \`notin ${after.text}(...)\``,
  );
}

function parseAtom(stream: DedalusTokens, negated: boolean, start: number): DedalusAtom {
  const relation = stream.takeName('the name of a relation');
  stream.expect('(', 'a literal has its arguments in parentheses: `notin p(x)`');
  const items = stream.next.text === ')' ? [] : [parseTerm(stream)];
  while (stream.take(',') !== null) items.push(parseTerm(stream));
  stream.expect(')', 'close the arguments with `)`');
  const time = parseTime(stream, []);
  const at = typeof time === 'number' ? time : null;
  return { kind: 'atom', negated, relation, arguments: items, at, span: stream.spanFrom(start) };
}
