/**
 * The forms of the grammar that are generated are those that the parser gives now; the diagrams
 * show every rule and every token of the parser; and the grammar for editors colours a program as
 * its reader would. What an editor makes of the patterns, a small interpreter of our own does here.
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

import { StatementParser } from '../../grammar/parser.js';
import { railroadPage } from '../../grammar/railroad.js';
import { textMateGrammar } from '../../grammar/textmate.js';
import { aggregateNames, declarationWords, reservedWords } from '../../grammar/tokens.js';

function asset(name: string): string {
  return readFileSync(new URL(`../../grammar/${name}`, import.meta.url), 'utf8');
}

const hint = 'the grammar has changed: run `npm run grammar`';

it('the diagrams are those of the parser', () => {
  expect(asset('railroad.html') === railroadPage(), hint).toBe(true);
});

it('the diagrams show each rule, and need nothing from elsewhere', () => {
  const page = asset('railroad.html');
  const names = Object.keys(new StatementParser().getGAstProductions());
  const shown = [...page.matchAll(/<h2 id="(\w+)">/g)].map((match) => match[1]);
  expect(shown).toEqual(names);
  for (const [, target] of page.matchAll(/href="#(\w+)"/g)) expect(names).toContain(target);
  expect(page).not.toMatch(/https?:|<script|<link|@import|url\(/);
  for (const word of [...reservedWords.keys(), 'durable', 'periodic', 'delete', 'async']) {
    expect(page).toContain(`>${word}</text>`);
  }
});

it('the grammar for editors is made of the words of the lexer', () => {
  expect(asset('trellis.tmLanguage.json') === textMateGrammar(), hint).toBe(true);
  for (const word of [...reservedWords.keys(), ...declarationWords.keys(), ...aggregateNames]) {
    expect(textMateGrammar()).toMatch(new RegExp(`[(|:]${word}[)|]`));
  }
});

// ---- a small interpreter of TextMate grammars -----------------------------------------------

interface Pattern {
  readonly name?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly captures?: Readonly<Record<string, { readonly name: string }>>;
  readonly beginCaptures?: Readonly<Record<string, { readonly name: string }>>;
  readonly endCaptures?: Readonly<Record<string, { readonly name: string }>>;
  readonly patterns?: readonly Pattern[];
  readonly include?: string;
}
const grammar = JSON.parse(asset('trellis.tmLanguage.json')) as {
  readonly patterns: readonly Pattern[];
  readonly repository: Readonly<Record<string, Pattern>>;
};

function flat(patterns: readonly Pattern[]): readonly Pattern[] {
  return patterns.flatMap((pattern) => {
    if (pattern.include !== undefined) {
      const target = grammar.repository[pattern.include.slice(1)];
      if (target === undefined) throw new Error(`no ${pattern.include}`);
      return flat([target]);
    }
    return pattern.match === undefined && pattern.begin === undefined
      ? flat(pattern.patterns ?? [])
      : [pattern];
  });
}

/** Each scoped piece of the text as `scope text`, line by line. */
function scopesOf(text: string): string[] {
  const out: string[] = [];
  const stack: Pattern[] = [];
  const tell = (match: RegExpExecArray, scopes: Pattern['captures'], name?: string): void => {
    const named = scopes?.['0']?.name ?? (scopes === undefined ? name : undefined);
    if (named !== undefined && match[0] !== '')
      out.push(`${named.replace('.trellis', '')} ${match[0]}`);
    for (const [key, { name: scope }] of Object.entries(scopes ?? {})) {
      if (key !== '0' && match[Number(key)] !== undefined) {
        out.push(`${scope.replace('.trellis', '')} ${match[Number(key)]!.trim()}`);
      }
    }
  };
  for (const line of text.split('\n')) {
    let at = 0;
    for (;;) {
      const open = stack.at(-1);
      const patterns = flat(open === undefined ? grammar.patterns : (open.patterns ?? []));
      let best: { match: RegExpExecArray; pattern: Pattern | null } | null = null;
      const attempt = (source: string, pattern: Pattern | null): void => {
        const regex = new RegExp(source, 'g');
        regex.lastIndex = at;
        const match = regex.exec(line);
        if (match !== null && (best === null || match.index < best.match.index))
          best = { match, pattern };
      };
      if (open !== undefined) attempt(open.end!, null);
      for (const pattern of patterns) attempt((pattern.match ?? pattern.begin)!, pattern);
      if (best === null) break;
      const { match, pattern } = best as { match: RegExpExecArray; pattern: Pattern | null };
      at = match.index + match[0].length;
      if (pattern === null) tell(match, stack.pop()!.endCaptures);
      else if (pattern.match !== undefined) tell(match, pattern.captures, pattern.name);
      else {
        tell(match, pattern.beginCaptures, pattern.name);
        stack.push(pattern);
      }
      if (match[0] === '' && pattern !== null) throw new Error('a pattern that matches nothing');
    }
  }
  expect(stack).toEqual([]);
  return out.filter(
    (entry) => !entry.startsWith('punctuation') && !entry.startsWith('variable.other'),
  );
}

it('declarations', () => {
  expect(scopesOf('durable table kv(@to: addr => v: map<string, int>); /// doc')).toEqual([
    'storage.modifier durable',
    'storage.type table',
    'entity.name.type.relation kv',
    'storage.modifier.location @',
    'variable.parameter.column to',
    'support.type addr',
    'keyword.operator.key =>',
    'variable.parameter.column v',
    'support.type map',
    'support.type string',
    'support.type int',
    'comment.line.documentation /// doc',
  ]);
  expect(scopesOf('periodic tick(500ms); output grant; const n = 0x1f;')).toEqual([
    'storage.type periodic',
    'entity.name.type.relation tick',
    'constant.numeric.duration 500ms',
    'storage.type output',
    'entity.name.type.relation grant',
    'keyword.declaration const',
    'keyword.operator =',
    'constant.numeric.hex 0x1f',
  ]);
});

it('rules', () => {
  expect(
    scopesOf(
      'win: grant(s, min<i>, count<*>)@next, delete old(s) :-\n    ask(i, s), // why\n    notin sold(s, _), x = if i > 1.5 then "a\\n" else null;\np(1);',
    ),
  ).toEqual([
    'entity.name.label win',
    'entity.name.function.relation grant',
    'support.function.aggregate min',
    'keyword.operator <',
    'keyword.operator >',
    'support.function.aggregate count',
    'keyword.operator <',
    'keyword.operator *',
    'keyword.operator >',
    'keyword.control.time @',
    'keyword.control.time next',
    'keyword.control.change delete',
    'entity.name.function.relation old',
    'keyword.operator.rule :-',
    'variable.function ask',
    'comment.line.double-slash // why',
    'keyword.control notin',
    'variable.function sold',
    'keyword.operator =',
    'keyword.control if',
    'keyword.operator >',
    'constant.numeric.float 1.5',
    'keyword.control then',
    'string.quoted.double "',
    'constant.character.escape \\n',
    'keyword.control else',
    'constant.language null',
    'entity.name.function.relation p',
    'constant.numeric.integer 1',
  ]);
});

it('words that are keywords elsewhere', () => {
  expect(scopesOf('table(count, order) :- view(next, from), input == 2;')).toEqual([
    'entity.name.function.relation table',
    'keyword.operator.rule :-',
    'variable.function view',
    'keyword.operator ==',
    'constant.numeric.integer 2',
  ]);
});

it('statements about a program, modules and functions', () => {
  expect(
    scopesOf(
      'seal action on (session) from client(c) when done(session);\ncoordinate seat order (seat);\nuse R as rd (every = 50ms);\nextern function h(x: int): int from "./h.ts" monotone;',
    ).filter(
      (entry) => /^(?:keyword|storage)\./.test(entry) && !entry.startsWith('keyword.operator'),
    ),
  ).toEqual([
    'keyword.declaration seal',
    'keyword.other on',
    'keyword.other from',
    'keyword.other when',
    'keyword.declaration coordinate',
    'keyword.other.mechanism order',
    'keyword.declaration use',
    'keyword.other as',
    'keyword.declaration extern',
    'keyword.other function',
    'keyword.other from',
    'storage.modifier.property monotone',
  ]);
});
