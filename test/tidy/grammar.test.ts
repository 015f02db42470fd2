/**
 * The grammar for readers and the grammar of the parser are one: every rule of the parser, written
 * out in EBNF, equals the rule of that name in trellis.ebnf, blanks apart, and the lists of words
 * and operators are those of the lexer.
 */
import { readFileSync } from 'node:fs';
import type { IProduction, TokenType } from 'chevrotain';
import { expect, it } from 'vitest';

import { StatementParser } from '../../grammar/parser.js';
import {
  AdditiveOperator,
  aggregateNames,
  BinaryOperator,
  CollectionWord,
  declarationWords,
  reservedWords,
  vocabulary,
} from '../../grammar/tokens.js';

const source = readFileSync(new URL('../../grammar/trellis.ebnf', import.meta.url), 'utf8');

/** Rules of the EBNF by name, blanks normalised. */
const rules = new Map(
  [...source.replace(/\(\*[\s\S]*?\*\)/g, ' ').matchAll(/(\w+)\s*=\s*((?:"[^"]*"|[^";])*);/g)].map(
    (match) => [match[1]!, match[2]!.replace(/\s+/g, ' ').trim()],
  ),
);

function terminal(type: TokenType): string {
  const literal = /^`(.*)`$/.exec(type.LABEL ?? '');
  return literal === null
    ? type.name.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase()
    : `"${literal[1]!}"`;
}

interface Node {
  readonly nonTerminalName?: string;
  readonly terminalType?: TokenType;
  readonly definition?: readonly IProduction[];
}

function sequence(parts: readonly IProduction[]): string {
  return parts.map(written).join(' ');
}

function inside(parts: readonly IProduction[]): string {
  const only = parts.length === 1 ? parts[0]! : null;
  return only?.constructor.name === 'Alternation' ? alternatives(only) : sequence(parts);
}

function alternatives(production: IProduction): string {
  return (production as Node)
    .definition!.map((one) => sequence((one as Node).definition!))
    .join(' | ');
}

function written(production: IProduction): string {
  const node = production as Node;
  switch (production.constructor.name) {
    case 'NonTerminal':
      return node.nonTerminalName!;
    case 'Terminal':
      return terminal(node.terminalType!);
    case 'Option':
      return `[ ${inside(node.definition!)} ]`;
    case 'Repetition':
      return `{ ${inside(node.definition!)} }`;
    case 'Alternation':
      return `( ${alternatives(production)} )`;
    default:
      throw new Error(`a production that EBNF has no form for: ${production.constructor.name}`);
  }
}

it('is sound to the parser generator', () => {
  expect(() => new StatementParser({ validates: true })).not.toThrow();
});

const productions = Object.values(new StatementParser().getGAstProductions());

it.each(productions.map((rule) => [rule.name, inside(rule.definition)]))(
  '%s reads the same in both',
  (name, text) => {
    expect(rules.get(name)).toBe(text);
  },
);

it('the EBNF has no rule that the parser lacks', () => {
  const names = new Set(productions.map(({ name }) => name));
  expect([...rules.keys()].filter((name) => /^[a-z]/.test(name) && !names.has(name))).toEqual([
    'module',
  ]);
});

function words(name: string): string[] {
  return [...rules.get(name)!.matchAll(/"([^"]*)"/g)].map((match) => match[1]!).sort();
}

it('lists the reserved words, the kinds of relations and the aggregates', () => {
  expect(words('RESERVED')).toEqual([...reservedWords.keys()].sort());
  const kinds = [...declarationWords]
    .filter(([, type]) => type === CollectionWord)
    .map(([word]) => word);
  expect(words('COLLECTION_WORD')).toEqual(kinds.sort());
  expect(words('AGGREGATE_NAME')).toEqual([...aggregateNames].sort());
});

it('lists the operators', () => {
  const inCategory = (category: TokenType): string[] =>
    vocabulary
      .filter((type) => type.CATEGORIES?.includes(category))
      .map((type) => terminal(type))
      .filter((text) => text.startsWith('"'))
      .map((text) => text.slice(1, -1))
      .sort();
  expect(words('ADDITIVE_OPERATOR')).toEqual(inCategory(AdditiveOperator));
  expect([...words('BINARY_OPERATOR'), ...words('ADDITIVE_OPERATOR')].sort()).toEqual(
    [...inCategory(BinaryOperator), ...inCategory(AdditiveOperator)].sort(),
  );
});
