import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchSignature } from '../../../src/semantics/match-signature.js';
import {
  fits,
  joinTypes,
  literalIntType,
  meetTypes,
  sameType,
  settle,
  textType,
  typeText,
} from '../../../src/semantics/relate-types.js';
import type { Type } from '../../../src/semantics/types.js';

const plain = ['int', 'nat', 'float', 'string', 'bool', 'bytes', 'addr', 'any'] as const;
const int: Type = { kind: 'int' };
const float: Type = { kind: 'float' };
const string: Type = { kind: 'string' };
const addr: Type = { kind: 'addr' };
const list = (item: Type): Type => ({ kind: 'list', item });

const { type } = fc.letrec<{ type: Type }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Type>(...plain.map((kind): Type => ({ kind })), textType, literalIntType),
    tie('type').map((item): Type => ({ kind: 'list', item })),
    tie('type').map((item): Type => ({ kind: 'set', item })),
    fc.tuple(tie('type'), tie('type')).map(([key, value]): Type => ({ kind: 'map', key, value })),
    fc.array(tie('type'), { maxLength: 3 }).map((items): Type => ({ kind: 'tuple', items })),
  ),
}));

describe('types', () => {
  it('fit themselves and any', () => {
    fc.assert(fc.property(type, (a) => fits(a, a) && fits(a, { kind: 'any' })));
  });

  it('fit their join, which does not depend on the order', () => {
    fc.assert(
      fc.property(type, type, (a, b) => {
        const joined = joinTypes(a, b);
        const other = joinTypes(b, a);
        expect(joined === null).toBe(other === null);
        if (joined !== null && other !== null)
          expect([sameType(joined, other), fits(a, joined), fits(b, joined)]).toEqual([
            true,
            true,
            true,
          ]);
      }),
    );
  });

  it('have a join that is idempotent, and associative on types without literals', () => {
    fc.assert(fc.property(type, (a) => sameType(joinTypes(a, a)!, a)));
    fc.assert(
      fc.property(type, type, type, (...types) => {
        const [a, b, c] = types.map(settle) as [Type, Type, Type];
        const [ab, bc] = [joinTypes(a, b), joinTypes(b, c)];
        if (ab === null || bc === null) return;
        const [left, right] = [joinTypes(ab, c), joinTypes(a, bc)];
        if (left !== null && right !== null) expect(typeText(left)).toBe(typeText(right));
      }),
    );
  });

  it('have a meet that does not depend on the order', () => {
    fc.assert(
      fc.property(type, type, (a, b) => {
        const [met, other] = [meetTypes(a, b), meetTypes(b, a)];
        expect(met === null).toBe(other === null);
        if (met !== null && other !== null) expect(sameType(met, other)).toBe(true);
      }),
    );
  });

  it('tell strings from addresses and ints from floats, except as literals', () => {
    expect([
      fits(string, addr),
      fits(textType, addr),
      fits(addr, string),
      fits(int, float),
      fits(literalIntType, float),
      fits(float, int),
    ]).toEqual([false, true, false, false, true, false]);
    expect([
      fits({ kind: 'null' }, int),
      fits({ kind: 'null' }, { kind: 'any' }),
      fits({ kind: 'any' }, int),
    ]).toEqual([false, true, false]);
    expect(joinTypes(int, string)).toBeNull();
    expect(joinTypes(list(int), list({ kind: 'any' }))).toEqual(list({ kind: 'any' }));
  });
});

describe('signatures', () => {
  const result = (parameters: string[], to: string, ...types: Type[]): string | null => {
    const match = matchSignature({ parameters, result: to }, types);
    return match === null ? null : typeText(match.result);
  };

  it('bind type variables to the join of what stands in their places', () => {
    expect(result(['list<T>', 'T'], 'list<T>', list(int), { kind: 'nat' })).toBe('list<int>');
    expect(result(['list<T>', 'T'], 'list<T>', list(int), string)).toBeNull();
    expect(
      result(
        ['map<K, V>', 'K'],
        'list<V>',
        { kind: 'map', key: string, value: list(float) },
        textType,
      ),
    ).toBe('list<list<float>>');
    expect(result(['T', 'T'], 'T', textType, addr)).toBe('addr');
    expect(result(['map<K, list<V>>'], 'V', { kind: 'map', key: string, value: list(float) })).toBe(
      'float',
    );
  });

  it('take an int literal for a float beside a float', () => {
    expect(result(['number', 'number'], 'number', literalIntType, float)).toBe('float');
    expect(result(['number', 'number'], 'number', int, float)).toBeNull();
    expect(result(['number', 'number'], 'number', string, string)).toBeNull();
    expect(
      matchSignature({ parameters: ['number', 'number'], result: 'number' }, [
        literalIntType,
        float,
      ])!.parameters[0],
    ).toEqual(float);
  });

  it('read an address as a string, never a string as an address', () => {
    expect(result(['string'], 'int', addr)).toBe('int');
    expect(result(['addr'], 'int', string)).toBeNull();
  });

  it('want the right number of arguments', () => {
    expect(result(['int'], 'int', int, int)).toBeNull();
    expect(result([], 'float')).toBe('float');
  });
});
