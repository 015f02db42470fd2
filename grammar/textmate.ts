/**
 * The grammar for editors that colour text by TextMate scopes. `trellis.tmLanguage.json` is what
 * this makes; `npm run grammar` writes it, and a test compares. The words come from the lexer, so
 * editors colour what the parser reads.
 *
 * A body is a region from `:-` to `;`, so that names before brackets are heads outside of it and
 * literals inside. Words that are keywords only by position are told by what follows them.
 */
import {
  aggregateNames,
  CollectionWord,
  declarationWords,
  mechanismWords,
  propertyWords,
  reservedWords,
  sealWords,
} from './tokens.js';

interface Pattern {
  readonly name?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly captures?: Captures;
  readonly beginCaptures?: Captures;
  readonly endCaptures?: Captures;
  readonly patterns?: readonly Pattern[];
  readonly include?: string;
}
type Captures = Readonly<Record<string, { readonly name: string }>>;

/** Any of the words; longer ones first, so that no word hides another. */
function anyOf(words: Iterable<string>): string {
  return [...words].sort((a, b) => b.length - a.length || (a < b ? -1 : 1)).join('|');
}

function scopes(...names: readonly string[]): Captures {
  return Object.fromEntries(names.map((name, at) => [String(at + 1), { name: `${name}.trellis` }]));
}

function include(...names: readonly string[]): readonly Pattern[] {
  return names.map((name) => ({ include: `#${name}` }));
}

const name = '[A-Za-z_]\\w*';
const dotted = '[A-Za-z_][\\w.]*';

const values = ['true', 'false', 'null'];
const operatorWords = [...reservedWords.keys()].filter((word) => !values.includes(word));
const kinds = [...declarationWords].flatMap(([word, type]) =>
  type === CollectionWord ? [word] : [],
);
const columnKinds = [...kinds, 'periodic'];
const otherWords = [...declarationWords.keys()].filter((word) => !columnKinds.includes(word));

const repository: Readonly<Record<string, Pattern>> = {
  comments: {
    patterns: [
      { name: 'comment.line.documentation.trellis', match: '///(?!/).*$' },
      { name: 'comment.line.double-slash.trellis', match: '//.*$' },
      { name: 'comment.block.trellis', begin: '/\\*', end: '\\*/' },
    ],
  },
  strings: {
    patterns: ['"', "'"].map((quote) => ({
      name: `string.quoted.${quote === '"' ? 'double' : 'single'}.trellis`,
      begin: quote,
      end: `${quote}|$`,
      patterns: [
        {
          name: 'constant.character.escape.trellis',
          match: '\\\\(?:u\\{[0-9A-Fa-f]+\\}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|.)',
        },
      ],
    })),
  },
  numbers: {
    patterns: [
      { name: 'constant.numeric.hex.trellis', match: '\\b0[xX][0-9A-Fa-f_]+\\b' },
      { name: 'constant.numeric.duration.trellis', match: '\\b\\d[\\d_]*(?:ms|s|m|h)\\b' },
      {
        name: 'constant.numeric.float.trellis',
        match: '\\b\\d[\\d_]*(?:\\.\\d[\\d_]*)(?:[eE][+-]?\\d+)?|\\b\\d[\\d_]*[eE][+-]\\d+',
      },
      { name: 'constant.numeric.integer.trellis', match: '\\b\\d[\\d_]*\\b' },
    ],
  },
  reserved: {
    patterns: [
      { name: 'constant.language.trellis', match: `\\b(?:${anyOf(values)})\\b` },
      { name: 'keyword.control.trellis', match: `\\b(?:${anyOf(operatorWords)})\\b` },
      { name: 'keyword.control.sealed.trellis', match: `\\bsealed\\b(?=\\s+${name})` },
    ],
  },
  declarations: {
    patterns: [
      {
        begin: `\\b(durable\\s+)?(${anyOf(columnKinds)})\\s+(${dotted})\\s*(\\()`,
        beginCaptures: scopes(
          'storage.modifier',
          'storage.type',
          'entity.name.type.relation',
          'punctuation.section.parens.begin',
        ),
        end: '\\)',
        endCaptures: { '0': { name: 'punctuation.section.parens.end.trellis' } },
        patterns: [...include('columns')],
      },
      {
        match: `\\b(durable\\s+)?(${anyOf(columnKinds)})\\s+(${dotted})`,
        captures: scopes('storage.modifier', 'storage.type', 'entity.name.type.relation'),
      },
      {
        match: `\\b(${anyOf(otherWords)})\\b(?=\\s+["'A-Za-z_])`,
        captures: scopes('keyword.declaration'),
      },
      { name: 'keyword.other.trellis', match: '\\b(?:as|function)\\b(?=\\s+[A-Za-z_])' },
      {
        begin: '\\b(partition)\\s+(by)\\s*(\\()',
        beginCaptures: scopes('keyword.other', 'keyword.other', 'punctuation.section.parens.begin'),
        end: '\\)',
        endCaptures: { '0': { name: 'punctuation.section.parens.end.trellis' } },
        patterns: [
          ...include('comments'),
          { name: 'variable.parameter.column.trellis', match: `\\b${name}\\b` },
        ],
      },
      {
        match: `\\b(${anyOf(sealWords.keys())})\\b(?=\\s*["'(A-Za-z_])(?!\\s*[,;:=])(?<=\\s\\1)`,
        captures: scopes('keyword.other'),
      },
      {
        name: 'storage.modifier.property.trellis',
        match: `(?<=["'\\w]\\s)\\b(?:${anyOf(propertyWords)})\\b(?=\\s*(?:;|${anyOf(propertyWords)}))`,
      },
      {
        match: `(?<=\\bcoordinate)\\s+(${dotted})\\s+(${anyOf(mechanismWords)})\\b`,
        captures: scopes('entity.name.type.relation', 'keyword.other.mechanism'),
      },
    ],
  },
  columns: {
    patterns: [
      ...include('comments', 'strings', 'numbers'),
      { name: 'storage.modifier.location.trellis', match: `@(?=\\s*${name})` },
      {
        match: `(${name})\\s*(:)`,
        captures: scopes('variable.parameter.column', 'punctuation.separator.type'),
      },
      { name: 'keyword.operator.key.trellis', match: '=>' },
      { name: 'support.type.trellis', match: `(?<=[:<,(]\\s?)${name}\\b(?=\\s*[<>,)=(])` },
      { begin: '\\(', end: '\\)', patterns: [...include('columns')] },
    ],
  },
  heads: {
    patterns: [
      {
        match: `^\\s*(${dotted})\\s*(:)(?=\\s*(?:(?:delete|upsert)\\s+)?${dotted}\\s*\\()`,
        captures: scopes('entity.name.label', 'punctuation.separator.label'),
      },
      { match: `\\b(delete|upsert)\\b(?=\\s+${name})`, captures: scopes('keyword.control.change') },
      {
        match: '(@)\\s*(next|async)\\b',
        captures: scopes('keyword.control.time', 'keyword.control.time'),
      },
      {
        name: 'support.function.aggregate.trellis',
        match: `(?<=[(,:]|[(,:]\\s)(?:${anyOf(aggregateNames)})(?=\\s*<)`,
      },
      { name: 'entity.name.function.relation.trellis', match: `\\b${dotted}(?=\\s*\\()` },
    ],
  },
  body: {
    begin: ':-',
    beginCaptures: { '0': { name: 'keyword.operator.rule.trellis' } },
    end: '(?=;)',
    patterns: [
      ...include('comments', 'strings', 'numbers', 'reserved'),
      { name: 'variable.function.trellis', match: `\\b${dotted}(?=\\s*\\()` },
      ...include('operators', 'variables'),
    ],
  },
  operators: {
    patterns: [
      { name: 'storage.modifier.location.trellis', match: '@' },
      { name: 'keyword.operator.trellis', match: '\\|\\||&&|==|!=|<=|>=|=>|\\+\\+|[-+*/%<>=!|]' },
    ],
  },
  variables: { name: 'variable.other.trellis', match: `\\b${name}\\b` },
};

/** The grammar as JSON. */
export function textMateGrammar(): string {
  const grammar = {
    name: 'Trellis',
    scopeName: 'source.trellis',
    fileTypes: ['bloom'],
    patterns: include(
      'comments',
      'strings',
      'numbers',
      'declarations',
      'body',
      'reserved',
      'heads',
      'operators',
      'variables',
    ),
    repository,
  };
  return `${JSON.stringify(grammar, null, 2)}\n`;
}
