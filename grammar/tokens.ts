/**
 * The vocabulary of `.bloom` text: token types, their patterns and the lexer over them.
 *
 * The lexer knows no context. It reads every word as `Identifier`; which words are keywords where
 * they stand is decided afterwards over the token list (only seven words are reserved). It never
 * glues `>` to what follows, so that `set<int>=> v` and `list<list<int>>` close their types.
 * Text that is wrong in itself (unclosed strings, foreign comment signs, letters outside ASCII)
 * has token types of its own, so that lexing goes on and each mistake is told once.
 */
import { createToken, Lexer, type IToken, type TokenType } from 'chevrotain';

const noPattern = Lexer.NA;

/** An operator between two terms; which ones, the tokens in this category say. */
export const BinaryOperator = createToken({
  name: 'BinaryOperator',
  pattern: noPattern,
  label: 'an operator',
});
/** The operators that may stand in an aggregate's arguments, where `>` closes. */
export const AdditiveOperator = createToken({
  name: 'AdditiveOperator',
  pattern: noPattern,
  label: 'an operator',
  categories: BinaryOperator,
});

export const Identifier = createToken({
  name: 'Identifier',
  pattern: /[A-Za-z_]\w*/,
  label: 'a name',
});
/** An aggregate's name with `<` behind it. Anywhere but at the start of a head argument it is a plain name. */
export const AggregateName = createToken({
  name: 'AggregateName',
  pattern: noPattern,
  label: 'an aggregate',
  categories: Identifier,
});
/** The first word of a declaration of a relation; its text says which. */
export const CollectionWord = createToken({
  name: 'CollectionWord',
  pattern: noPattern,
  label: 'a kind of relation (`table`, `scratch`, ...)',
});

// Longest forms first: the pattern takes a whole run of letters and digits, so that what is no
// number (`1_`, `2d`, `.5`, `1.`) is one token with one error.
const numberPattern =
  /0[xX]\w*|\d[\d_]*(?:\.\d[\d_]*)?[eE][+-]\d\w*|\d\w*\.\d\w*|\d[\d_]*\.(?![\w.])|\d\w*|\.\d\w*/;
export const NumberLiteral = createToken({
  name: 'Number',
  pattern: numberPattern,
  label: 'a number',
});
export const StringLiteral = createToken({
  name: 'String',
  pattern: /"[^"\\\n\r]*(?:\\[^\n\r][^"\\\n\r]*)*"|'[^'\\\n\r]*(?:\\[^\n\r][^'\\\n\r]*)*'/,
  label: 'a string',
});

function word(text: string): TokenType {
  const name = text.charAt(0).toUpperCase() + text.slice(1);
  return createToken({ name, pattern: noPattern, label: `\`${text}\`` });
}
export const NotIn = word('notin');
export const In = word('in');
export const True = word('true');
export const False = word('false');
export const Null = word('null');
export const If = word('if');
export const Then = word('then');
export const Else = word('else');
export const Durable = word('durable');
export const Periodic = word('periodic');
export const Lattice = word('lattice');
export const Const = word('const');
export const Param = word('param');
export const Delete = word('delete');
export const Upsert = word('upsert');
export const Next = word('next');
export const Async = word('async');
export const Partition = word('partition');
export const By = word('by');
export const Seal = word('seal');
export const Sealed = word('sealed');
export const On = word('on');
export const From = word('from');
export const When = word('when');
export const Assume = word('assume');
export const Coordinate = word('coordinate');
export const Invariant = word('invariant');
export const Module = word('module');
export const Import = word('import');
export const Include = word('include');
export const Use = word('use');
export const As = word('as');
export const Extern = word('extern');
export const FunctionWord = createToken({
  name: 'FunctionWord',
  pattern: noPattern,
  label: '`function`',
});
/** What an extern function promises; its text says which. */
export const PropertyWord = createToken({
  name: 'PropertyWord',
  pattern: noPattern,
  label: 'a property (`monotone`, `antitone`, `morphism` or `injective`)',
});
/** How a relation is to be coordinated; its text says which way. */
export const MechanismWord = createToken({
  name: 'MechanismWord',
  pattern: noPattern,
  label: 'a way to coordinate (`auto`, `none`, `seal`, `cut` or `order`)',
});

function sign(name: string, text: string, categories: TokenType[] = []): TokenType {
  return createToken({ name, pattern: text, label: `\`${text}\``, categories });
}
export const Implies = sign('Implies', ':-');
/** No sign of the language: `:=` of others, kept whole for one clear error. */
export const ColonEquals = sign('ColonEquals', ':=');
export const Colon = sign('Colon', ':');
export const Semicolon = sign('Semicolon', ';');
export const Comma = sign('Comma', ',');
export const At = sign('At', '@');
export const LeftParen = sign('LeftParen', '(');
export const RightParen = sign('RightParen', ')');
export const LeftSquare = sign('LeftSquare', '[');
export const RightSquare = sign('RightSquare', ']');
export const LeftBrace = sign('LeftBrace', '{');
export const RightBrace = sign('RightBrace', '}');
const OrOr = sign('OrOr', '||', [BinaryOperator]);
export const Bar = sign('Bar', '|');
const AndAnd = sign('AndAnd', '&&', [BinaryOperator]);
const EqualsEquals = sign('EqualsEquals', '==', [BinaryOperator]);
export const Arrow = sign('Arrow', '=>');
export const Equals = sign('Equals', '=');
const NotEquals = sign('NotEquals', '!=', [BinaryOperator]);
export const Not = sign('Not', '!');
export const LessEquals = sign('LessEquals', '<=', [BinaryOperator]);
export const Less = sign('Less', '<', [BinaryOperator]);
export const Greater = sign('Greater', '>', [BinaryOperator]);
/** Glued after lexing, where no type closes. */
export const GreaterEquals = createToken({
  name: 'GreaterEquals',
  pattern: noPattern,
  label: '`>=`',
  categories: BinaryOperator,
});
const PlusPlus = sign('PlusPlus', '++', [BinaryOperator]);
export const Plus = sign('Plus', '+', [AdditiveOperator]);
export const Minus = sign('Minus', '-', [AdditiveOperator]);
export const Star = sign('Star', '*', [AdditiveOperator]);
const Slash = sign('Slash', '/', [AdditiveOperator]);
export const Percent = sign('Percent', '%', [AdditiveOperator]);
export const Dot = sign('Dot', '.');
/** No sign of the language: a part of `<~`, kept for one clear error. */
export const Tilde = sign('Tilde', '~');

// ---- text that is skipped, collected or wrong -----------------------------------------------

const WhiteSpace = createToken({
  name: 'WhiteSpace',
  pattern: /\s+/,
  group: Lexer.SKIPPED,
  line_breaks: true,
});
const DocComment = createToken({
  name: 'DocComment',
  pattern: /\/\/\/(?!\/)[^\n\r]*/,
  group: 'docs',
});
const LineComment = createToken({
  name: 'LineComment',
  pattern: /\/\/[^\n\r]*/,
  group: 'comments',
});

type Groups = Record<string, IToken[]>;

/** One unclosed comment proves that no later `/*` is closed either: no second search to the end. */
function matchBlockComment(
  text: string,
  offset: number,
  _tokens: IToken[],
  groups: Groups,
): [string] | null {
  if (text[offset + 1] !== '*' || (groups['unclosedComments']?.length ?? 0) > 0) return null;
  const close = text.indexOf('*/', offset + 2);
  return close === -1 ? null : [text.slice(offset, close + 2)];
}
const BlockComment = createToken({
  name: 'BlockComment',
  pattern: matchBlockComment,
  start_chars_hint: ['/'],
  line_breaks: true,
  group: 'comments',
});
const UnclosedComment = createToken({
  name: 'UnclosedComment',
  pattern: /\/\*[^\n\r]*/,
  group: 'unclosedComments',
});

/**
 * `%` opens a comment of Datalog only where a statement may begin; elsewhere it divides. The
 * lexer tries its patterns on each other once, without groups, to find unreachable ones.
 */
function matchPercentComment(
  text: string,
  offset: number,
  tokens: IToken[],
  groups: Groups,
): [string] | null {
  if (text[offset] !== '%' || groups['foreignComments'] === undefined) return null;
  const before = tokens.at(-1)?.tokenType;
  if (before !== undefined && before !== Semicolon && before !== Dot) return null;
  const rest = /[^\n\r]*/y;
  rest.lastIndex = offset;
  return [rest.exec(text)?.[0] ?? '%'];
}
const PercentComment = createToken({
  name: 'PercentComment',
  pattern: matchPercentComment,
  start_chars_hint: ['%'],
  line_breaks: false,
  group: 'foreignComments',
});
const HashComment = createToken({
  name: 'HashComment',
  pattern: /#[^\n\r]*/,
  group: 'foreignComments',
});
export const UnclosedString = createToken({ name: 'UnclosedString', pattern: /["'][^\n\r]*/ });
/** A name with letters outside ASCII. */
export const ForeignName = createToken({
  name: 'ForeignName',
  pattern: /(?:[A-Za-z_]\w*)?(?!\s)[\u0080-\uffff](?:\w|(?!\s)[\u0080-\uffff])*/,
});
export const Unknown = createToken({ name: 'Unknown', pattern: /[&^$?\\`\u0000-\u001f\u007f]/ });

/** Every token type, in the order in which the lexer tries them. */
export const vocabulary: TokenType[] = [
  WhiteSpace,
  DocComment,
  LineComment,
  BlockComment,
  UnclosedComment,
  HashComment,
  PercentComment,
  ForeignName,
  Identifier,
  NumberLiteral,
  StringLiteral,
  UnclosedString,
  Implies,
  ColonEquals,
  Colon,
  Semicolon,
  Comma,
  At,
  LeftParen,
  RightParen,
  LeftSquare,
  RightSquare,
  LeftBrace,
  RightBrace,
  OrOr,
  Bar,
  AndAnd,
  EqualsEquals,
  Arrow,
  Equals,
  NotEquals,
  Not,
  LessEquals,
  Less,
  Greater,
  GreaterEquals,
  PlusPlus,
  Plus,
  Minus,
  Star,
  Slash,
  Percent,
  Dot,
  Tilde,
  Unknown,
  BinaryOperator,
  AdditiveOperator,
  AggregateName,
  CollectionWord,
  NotIn,
  In,
  True,
  False,
  Null,
  If,
  Then,
  Else,
  Durable,
  Periodic,
  Lattice,
  Const,
  Param,
  Delete,
  Upsert,
  Next,
  Async,
  Partition,
  By,
  Seal,
  Sealed,
  On,
  From,
  When,
  Assume,
  Coordinate,
  Invariant,
  MechanismWord,
  Module,
  Import,
  Include,
  Use,
  As,
  Extern,
  FunctionWord,
  PropertyWord,
];

/** Groups of the result: `docs`, `comments` (all others), `unclosedComments`, `foreignComments`. Positions are offsets alone. */
export const lexer = new Lexer(vocabulary, {
  positionTracking: 'onlyOffset',
  ensureOptimizations: true,
});

/** The words that are never names. */
export const reservedWords: ReadonlyMap<string, TokenType> = new Map([
  ['notin', NotIn],
  ['in', In],
  ['true', True],
  ['false', False],
  ['null', Null],
  ['if', If],
  ['then', Then],
  ['else', Else],
]);

/** The words that open a declaration where a name follows. */
export const declarationWords: ReadonlyMap<string, TokenType> = new Map([
  ...['table', 'scratch', 'static', 'input', 'output', 'view', 'channel', 'loopback'].map(
    (text) => [text, CollectionWord] as const,
  ),
  ['durable', Durable],
  ['periodic', Periodic],
  ['lattice', Lattice],
  ['const', Const],
  ['param', Param],
  ['seal', Seal],
  ['assume', Assume],
  ['coordinate', Coordinate],
  ['invariant', Invariant],
  ['module', Module],
  ['import', Import],
  ['include', Include],
  ['use', Use],
  ['extern', Extern],
]);

/** The words inside a seal statement that are keywords outside its brackets. */
export const sealWords: ReadonlyMap<string, TokenType> = new Map([
  ['on', On],
  ['from', From],
  ['when', When],
]);

/** The properties that an extern function may promise. */
export const propertyWords: ReadonlySet<string> = new Set([
  'monotone',
  'antitone',
  'morphism',
  'injective',
]);

/** The ways to coordinate a relation. */
export const mechanismWords: ReadonlySet<string> = new Set([
  'auto',
  'none',
  'seal',
  'cut',
  'order',
]);

/** Every aggregate of the language. */
export const aggregateNames: ReadonlySet<string> = new Set([
  'count',
  'count_distinct',
  'sum',
  'min',
  'max',
  'list',
  'set',
  'argmin',
  'argmax',
  'avg',
  'choose',
  'any',
  'every',
  'map',
  'top',
]);

/** Gives a token another type, as a pass over the token list does when the place decides. */
export function retag(token: IToken, type: TokenType): void {
  token.tokenType = type;
  token.tokenTypeIdx = type.tokenTypeIdx!;
}
