/**
 * From "this token fits nowhere" to what the writer most likely meant. Habits of other languages
 * (`not p(x)`, `and`, `<=` for `:-`, `=` for `==`, `:=`) are known by the tokens around the place
 * and by what the parser was reading; everything else says what was found and what would fit.
 */
import type { IRecognitionException, IToken } from 'chevrotain';

import {
  AdditiveOperator,
  AggregateName,
  aggregateNames,
  Arrow,
  At,
  Bar,
  BinaryOperator,
  CollectionWord,
  Colon,
  ColonEquals,
  Const,
  declarationWords,
  Durable,
  Equals,
  Greater,
  Identifier,
  Implies,
  LeftParen,
  Less,
  LessEquals,
  Minus,
  Param,
  Periodic,
  Plus,
  reservedWords,
  NumberLiteral,
  RightParen,
  Tilde,
} from '../../grammar/tokens.js';
import type { SourceFile, Span } from '../base/span.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { didYouMean } from '../diagnostics/did-you-mean.js';
import { quoted, replacement, syntaxError } from './syntax-error.js';
import { isAdjacent, isPresent, spanBehind, spanBetween, spanOf } from './token-span.js';

/** The place of an error: the tokens of its statement and which of them fits nowhere. */
interface Place {
  readonly file: SourceFile;
  readonly tokens: readonly IToken[];
  /** Index of the misfit; the number of tokens when the statement ended too early. */
  readonly index: number;
  /** Rules being read, outermost first. */
  readonly rules: readonly string[];
  /** What would have fitted; empty where the statement should have ended. */
  readonly expected: string;
}
type Explanation = (place: Place) => Diagnostic | null;

export function explainSyntaxError(
  file: SourceFile,
  tokens: readonly IToken[],
  error: IRecognitionException,
): Diagnostic {
  const index = isPresent(error.token) ? tokens.indexOf(error.token) : tokens.length;
  const place = { file, tokens, index, rules: error.context.ruleStack, expected: error.message };
  for (const explanation of explanations) {
    const diagnostic = explanation(place);
    if (diagnostic !== null) return diagnostic;
  }
  return unexpected(place);
}

function spanAt({ file, tokens, index }: Place): Span {
  const token = tokens[index];
  return token === undefined ? spanBehind(file, tokens.at(-1)!) : spanOf(file, token);
}

function isClause({ tokens }: Place): boolean {
  return tokens[0]!.tokenType === Identifier || !declarationWords.has(tokens[0]!.image);
}

function isInBody({ tokens, index }: Place): boolean {
  return tokens.slice(0, index).some((token) => token.tokenType === Implies);
}

function foreignNot({ file, tokens, index }: Place): Diagnostic | null {
  const not = tokens[index - 1];
  if (not?.tokenType !== Identifier || not.image.toLowerCase() !== 'not') return null;
  const span = spanOf(file, not);
  const next = tokens[index];
  if (next === undefined) return null;
  const isRelation = next.tokenType === Identifier && tokens[index + 1]?.tokenType === LeftParen;
  const help = isRelation
    ? `write \`notin ${next.image}(...)\``
    : 'write `notin p(...)` for a relation, `!` before a condition';
  const fixes = [
    replacement(`write \`${isRelation ? 'notin' : '!'}\``, span, isRelation ? 'notin' : '!'),
  ];
  return syntaxError('TRL0117', span, `${quoted(not.image)} does not negate`, { help, fixes });
}

function foreignConnective({ file, tokens, index, rules }: Place): Diagnostic | null {
  const token = tokens[index];
  if (token?.tokenType !== Identifier || !/^(?:and|or)$/i.test(token.image)) return null;
  const isAnd = token.image.toLowerCase() === 'and';
  const isInside = rules.includes('group') || rules.includes('arguments') || rules.includes('term');
  const help = isAnd
    ? 'write `,` between literals, `&&` inside an expression'
    : 'write `|` between alternatives of a body, `||` inside an expression';
  const sign = isInside ? (isAnd ? '&&' : '||') : isAnd ? ',' : '|';
  const span = spanOf(file, token);
  return syntaxError('TRL0118', span, `${quoted(token.image)} is no connective`, {
    help,
    fixes: [replacement(`write \`${sign}\``, span, sign)],
  });
}

/** `<>`, as in SQL and Pascal. */
function foreignInequality({ file, tokens, index }: Place): Diagnostic | null {
  const [left, right] = [tokens[index - 1], tokens[index]];
  if (left?.tokenType !== Less || right?.tokenType !== Greater || !isAdjacent(left, right))
    return null;
  const span = spanBetween(file, left, right);
  return syntaxError('TRL0109', span, '`<>` has no meaning in Trellis', {
    help: 'write `!=`',
    fixes: [replacement('write `!=`', span, '!=')],
  });
}

const meaningBySign: Readonly<Record<string, string>> = {
  '<=': '`:-` derives in the same timestep',
  '<+': '`head(...)@next :- body;` derives for the next timestep',
  '<-': '`delete head(...) :- body;` deletes from the next timestep on',
  '<~': '`head(...)@async :- body;` sends',
  ':=': '`:-` stands between head and body',
  '<:': '`:-` stands between head and body',
};

/** `<=`, `<+`, `<-`, `<~`, `:=`, `:`, `->` where a head should be followed by `:-`. */
function bloomOperator(place: Place): Diagnostic | null {
  const { file, tokens, index, rules } = place;
  const token = tokens[index];
  if (token === undefined || isInBody(place) || rules.includes('headArgument') || !isClause(place))
    return null;
  const next = tokens[index + 1];
  const isSplit = token.tokenType === Less && next !== undefined && isAdjacent(token, next);
  const isSign =
    isSplit && (next.tokenType === Plus || next.tokenType === Minus || next.tokenType === Tilde);
  const isBehindHead = tokens[index - 1]?.tokenType === RightParen;
  const isArrow =
    isBehindHead &&
    token.tokenType === Minus &&
    next?.tokenType === Greater &&
    isAdjacent(token, next);
  const isColon = isBehindHead && token.tokenType === Colon;
  const isWhole = token.tokenType === LessEquals || token.tokenType === ColonEquals || isColon;
  if (!isWhole && !isSign && !isArrow) return null;
  const span = isSign || isArrow ? spanBetween(file, token, next) : spanOf(file, token);
  const sign = file.text.slice(span.start, span.end);
  const meaning = Object.hasOwn(meaningBySign, sign)
    ? meaningBySign[sign]!
    : '`:-` stands between head and body';
  return syntaxError('TRL0116', span, `${quoted(sign)} is not how a rule of Trellis is written`, {
    help: meaning,
  });
}

/** `=` and `:=` where nothing can be bound: inside expressions and arguments, and instead of `const`. */
function bindingInside(place: Place): Diagnostic | null {
  const { tokens, index, rules, expected } = place;
  const type = tokens[index]?.tokenType;
  if (type === ColonEquals) {
    const help = isClause(place)
      ? 'write `x = term` to bind, `x == term` to compare'
      : 'write `const name = value;`';
    return syntaxError('TRL0115', spanAt(place), '`:=` has no meaning in Trellis', { help });
  }
  if (type !== Equals || !isClause(place)) return null;
  const isBracketed = expected === '`)`';
  if (!isBracketed && !isInBody(place)) {
    const help = `write \`const name = value;\` to name a constant${goesOn(place)}`;
    return syntaxError('TRL0115', spanAt(place), '`=` cannot stand here', { help });
  }
  const isArgument = isBracketed && rules.at(-1) !== 'group';
  const help = isArgument
    ? 'write `==` to compare; a column is named with a colon: `p(column: term)`'
    : 'write `==` to compare; `x = term` binds only as a literal of its own, and once a literal';
  return syntaxError('TRL0115', spanAt(place), '`=` does not compare', {
    help,
    fixes: [replacement('write `==`', spanAt(place), '==')],
  });
}

/** For what looks like a literal where a statement begins. */
function goesOn({ index }: Place): string {
  return index === 1
    ? '; to go on with the rule before, put `,` between literals or `|` between alternatives: a `;` ends it'
    : '';
}

/** `tabel kv(...)`: two names where a statement begins. */
function unknownDeclaration(place: Place): Diagnostic | null {
  const { file, tokens, index } = place;
  const word = tokens[0]!;
  if (index !== 1 || tokens[1]?.tokenType !== Identifier || word.tokenType !== Identifier)
    return null;
  const suggestion = didYouMean(word.image, [...declarationWords.keys(), 'delete', 'upsert']);
  const span = spanOf(file, word);
  const known =
    'declarations begin with `table`, `scratch`, `static`, `input`, `output`, `view`, `channel`, `loopback`, `lattice`, `periodic`, `const` or `param`';
  return syntaxError('TRL0122', span, `no statement begins with ${quoted(word.image)} and a name`, {
    ...(suggestion === null
      ? {}
      : { fixes: [replacement(`write \`${suggestion}\``, span, suggestion)] }),
    help: suggestion === null ? known : `did you mean \`${suggestion}\`?`,
  });
}

function reservedName({ file, tokens, index, expected }: Place): Diagnostic | null {
  const token = tokens[index];
  if (token === undefined || !reservedWords.has(token.image) || expected !== 'a name') return null;
  const span = spanOf(file, token);
  return syntaxError(
    'TRL0121',
    span,
    `${quoted(token.image)} is a reserved word and cannot be a name`,
    {
      help: 'choose another name; only `notin in true false null if then else` are reserved',
    },
  );
}

/** `p(x)@1`: the time of the Dedalus dialect, behind a head or behind a literal. */
function pointInTime({ file, tokens, index }: Place): Diagnostic | null {
  const at = tokens[index]?.tokenType === At ? index : index - 1;
  const [sign, time] = [tokens[at], tokens[at + 1]];
  if (sign?.tokenType !== At || time === undefined) return null;
  if (tokens[at - 1]?.tokenType !== RightParen || time.tokenType !== NumberLiteral) return null;
  return syntaxError(
    'TRL0161',
    spanBetween(file, sign, time),
    `\`@${time.image}\` is a point in time of the Dedalus dialect, which \`.ded\` files speak`,
    { help: 'leave it out: facts hold from boot on; or name the file `.ded`' },
  );
}

function unknownTime({ file, tokens, index }: Place): Diagnostic | null {
  const token = tokens[index];
  if (
    tokens[index - 1]?.tokenType !== At ||
    tokens[index - 2]?.tokenType !== RightParen ||
    token === undefined
  )
    return null;
  const suggestion = didYouMean(token.image, ['next', 'async']);
  const help =
    suggestion === null
      ? '`@next` is the next timestep, `@async` a later one at the node that the `@` column names'
      : `did you mean \`@${suggestion}\`?`;
  return syntaxError('TRL0123', spanOf(file, token), 'behind `@` stands `next` or `async`', {
    help,
  });
}

/** `p(avrage<x>)` and `p(count < 3)`: an aggregate that is none, and one that was not meant. */
function aggregateMistake({ file, tokens, index, rules }: Place): Diagnostic | null {
  if (rules.includes('aggregate')) {
    let at = index - 1;
    while (at > 0 && tokens[at]!.tokenType !== AggregateName) at--;
    const name = tokens[at]!;
    const span =
      tokens[index] === undefined ? spanBehind(file, tokens.at(-1)!) : spanOf(file, tokens[index]);
    return syntaxError(
      'TRL0126',
      span,
      `the aggregate \`${name.image}<...>\` is not closed by \`>\` here`,
      {
        label: '`>` expected here',
        secondary: [{ span: spanOf(file, name), text: 'the aggregate begins here' }],
        help: `its arguments are sums and products, a comparison stands in parentheses: \`${name.image}<(...)>\`; to compare a variable of that name, write \`(${name.image} < ...)\``,
      },
    );
  }
  if (tokens[index - 1]?.tokenType !== Greater || !rules.includes('headArgument')) return null;
  let at = index - 2;
  while (at > 0 && tokens[at]!.tokenType !== Less) at--;
  const name = tokens[at - 1];
  if (name?.tokenType !== Identifier) return null;
  const suggestion = didYouMean(name.image, aggregateNames);
  const help =
    suggestion === null
      ? `the aggregates are ${[...aggregateNames].sort().join(', ')}`
      : `did you mean \`${suggestion}\`?`;
  return syntaxError('TRL0127', spanOf(file, name), `there is no aggregate ${quoted(name.image)}`, {
    help,
  });
}

/** `p(min<x> + 1)`, `x == min<x>`: an aggregate that is part of a term, or stands in a body. */
function misplacedAggregate(place: Place): Diagnostic | null {
  const { file, tokens, index, rules } = place;
  const [close, token] = [tokens[index - 1], tokens[index]];
  if (close?.tokenType !== Greater) return null;
  const open = tokens.findLastIndex((each, i) => i < index && each.tokenType === Less);
  const name = tokens[open - 1];
  if (name === undefined || !aggregateNames.has(name.image)) return null;
  const isWhole = !rules.includes('term');
  if (isWhole && (token === undefined || !isOperator(token))) return null;
  const text = quoted(`${name.image}<...>`);
  const span = spanBetween(file, name, close);
  const where = isInBody(place) ? 'in a body' : 'inside a term';
  return syntaxError('TRL0128', span, `the aggregate ${text} cannot stand ${where}`, {
    help: 'an aggregate is a whole argument of a head; where its result is used further, give it to a relation of its own, and read that',
  });
}

/** `every<x > 1>`: the first `>` closes the aggregate. */
function comparisonInAggregate({ file, tokens, index }: Place): Diagnostic | null {
  const [close, token] = [tokens[index - 1], tokens[index]];
  if (close?.tokenType !== Greater || token === undefined) return null;
  const open = tokens.findLastIndex((each, i) => i < index && each.tokenType === Less);
  const name = tokens[open - 1];
  // Without a second `>` it may as well be a comma that is missing.
  const begins =
    (token.tokenType === Identifier || token.payload !== undefined) &&
    (tokens[index + 1]?.tokenType === Greater || /^(?:any|every)$/.test(name?.image ?? ''));
  if (name?.tokenType !== AggregateName || !begins) return null;
  return syntaxError(
    'TRL0126',
    spanOf(file, close),
    `this \`>\` closes the aggregate \`${name.image}<...>\`, so it compares nothing`,
    {
      secondary: [{ span: spanOf(file, name), text: 'the aggregate begins here' }],
      help: `a comparison inside an aggregate stands in parentheses: \`${name.image}<(... > ...)>\``,
    },
  );
}

/** A literal that follows another without a comma, or a rule that begins inside another. */
function missingSeparator(place: Place): Diagnostic | null {
  const { file, tokens, index, rules, expected } = place;
  const token = tokens[index];
  const before = tokens[index - 1];
  if (token === undefined || before === undefined) return null;
  const isLiteral = expected === '' && token.tokenType === Identifier && isInBody(place);
  const isArgument =
    expected === '`)`' &&
    !isOperator(token) &&
    token.tokenType !== Equals &&
    !rules.includes('negation');
  const isNext =
    isArgument &&
    before.tokenType !== Less &&
    (token.tokenType === Identifier || token.payload !== undefined);
  if (!isLiteral && !isNext) return null;
  const span = spanBehind(file, before);
  return syntaxError('TRL0125', span, `a \`,\` is missing before ${quoted(token.image)}`, {
    label: '`,` expected here',
    help: isLiteral
      ? 'literals are separated by `,`; a statement ends with `;`'
      : 'arguments and columns are separated by `,`',
    fixes: [replacement('insert `,`', span, ',')],
  });
}

function isOperator(token: IToken): boolean {
  const kinds = token.tokenType.CATEGORIES ?? [];
  return kinds.includes(BinaryOperator) || kinds.includes(AdditiveOperator);
}

const explanations: readonly Explanation[] = [
  foreignInequality,
  foreignNot,
  foreignConnective,
  bloomOperator,
  bindingInside,
  unknownDeclaration,
  reservedName,
  pointInTime,
  unknownTime,
  misplacedAggregate,
  comparisonInAggregate,
  aggregateMistake,
  missingSeparator,
];

function unexpected(place: Place): Diagnostic {
  const { tokens, index } = place;
  const token = tokens[index];
  const expected = place.expected === '' ? whatMayFollow(place) : place.expected;
  const help = helpFor(place);
  const details = { label: `expected ${expected}`, ...(help === null ? {} : { help }) };
  if (token === undefined)
    return syntaxError('TRL0110', spanAt(place), 'the statement ends too early', details);
  return syntaxError('TRL0109', spanAt(place), `${quoted(token.image)} cannot stand here`, details);
}

function whatMayFollow(place: Place): string {
  if (!isClause(place)) return '`;`';
  return isInBody(place) ? '`,`, `|` or `;`' : '`,`, `:-` or `;`';
}

/** Whether somebody tries to say how a relation is spread over nodes. */
function spreads(tokens: readonly IToken[]): boolean {
  return tokens.some(({ image }) => /^(partition(ed)?|shard(ed)?|distributed?)$/i.test(image));
}

function helpFor(place: Place): string | null {
  const { tokens, index, rules, expected } = place;
  const token = tokens[index];
  if (token?.tokenType === Arrow && (rules.includes('term') || expected === ''))
    return '"greater or equal" is written `>=`';
  if (token?.image === 'if')
    return 'an `if` that is part of a larger expression stands in parentheses: `1 + (if c then a else b)`';
  if (token?.tokenType === Implies && expected === '')
    return 'a statement has one `:-`; is a `;` missing before this rule?';
  if (token?.tokenType === Tilde)
    return '"not" is `notin p(..)` for a relation, `!` before a condition';
  if (token?.tokenType === Bar && rules.includes('group'))
    return 'alternatives are whole bodies: `a(x), b(x) | a(x), c(x)`; "or" inside an expression is `||`';
  if (rules.at(-1) === 'method') return 'a method is called with parentheses: `x.size()`';
  if (expected === '`else`') return 'every `if` has both branches: `if c then a else b`';
  const isSpread = declarationWords.has(tokens[0]!.image) && tokens[0]!.tokenType !== Periodic;
  if (isSpread && spreads(tokens.slice(2, index + 1)))
    return 'a relation is spread over the cluster by `partition by (column, ...)` behind its columns';
  if (rules.includes('column') || rules.includes('columns'))
    return 'a declaration looks like `table kv(key: string => value: string);`';
  if (tokens[0]!.image === 'extern' && expected === '')
    return 'behind the file stands what the function promises: `monotone`, `antitone`, `morphism`, `injective`, or nothing';
  const first = tokens[0]!.tokenType;
  if (first === Durable && index === 1)
    return '`durable` stands before `table`, `lattice` or `channel`: `durable table kv(key: string => value: string);`';
  if (first === Periodic) return 'a timer looks like `periodic heartbeat(500ms);`';
  if (first === CollectionWord || first === Durable)
    return 'a declaration looks like `table kv(key: string => value: string);`';
  if (first === Const) return 'a constant looks like `const quorum = 2;`';
  if (first === Param) return 'a parameter looks like `param retries: int = 3;`';
  if (rules.at(-1) === 'head' && token !== undefined && isOperator(token))
    return `a condition is no statement${goesOn(place)}`;
  if (rules.at(-1) === 'head')
    return 'a fact looks like `link("a", "b");`, a rule like `path(x, y) :- link(x, y);`';
  return null;
}
