/** Every lattice keeps the laws of a semilattice, and every method its declared class. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareValues,
  equalValues,
  isLattice,
  valueKey,
  type Value,
} from '../../../src/base/value.js';
import { decodeRow, encodeRow } from '../../../src/base/value-json.js';
import { valueText } from '../../../src/base/value-text.js';
import { PartialError } from '../../../src/builtins/function.js';
import { builtinFunctions } from '../../../src/builtins/functions.js';
import { monotonicityOf } from '../../../src/builtins/lattice.js';
import { fitsType } from '../../../src/semantics/fits-type.js';
import { bottomOf } from '../../../src/semantics/lattice-types.js';
import type { Type } from '../../../src/semantics/types.js';
import {
  isLatticeValue,
  isLessOrEqual,
  lattices,
  mergeValues,
  revealValue,
} from '../../../src/lattice/lattices.js';
import { fillings, shape, valueOf, type Shape } from './arbitrary-lattice.js';

const runs = { numRuns: 150 };
const typeNames: Readonly<Record<string, readonly string[]>> = {
  lbool: ['lbool'],
  lmax: ['lmax<int>', 'lmax<float>', 'lmax<string>'],
  lmin: ['lmin<int>', 'lmin<float>', 'lmin<string>'],
  lset: ['lset<int>', 'lset<string>'],
  lpset: ['lpset<nat>', 'lpset<ratio>'],
  lbag: ['lbag<string>'],
  lmap: [
    'lmap<string, lset<int>>',
    'lmap<int, lmap<string, lmax<int>>>',
    'lmap<addr, (lbool, lmin<int>)>',
  ],
  ldom: ['ldom<lvclock, lset<string>>', 'ldom<lset<int>, lmax<int>>', 'ldom<lmax<int>, lmin<int>>'],
  lvclock: ['lvclock'],
  pair: ['(lset<int>, lmax<int>)', '(lvclock, (lbool, lmin<string>))'],
};

/** The checker's type of a shape; `ratio` is a float of the tests. */
function typeOf({ name, parts }: Shape): Type {
  if (name === '(') return { kind: 'tuple', items: parts.map(typeOf) };
  if (lattices.has(name)) return { kind: 'lattice', name, arguments: parts.map(typeOf) };
  return { kind: name === 'ratio' ? 'float' : (name as 'int') };
}

it('names a type for every lattice there is', () => {
  expect(Object.keys(typeNames).sort()).toEqual([...lattices.keys(), 'pair'].sort());
});

describe.each(Object.values(typeNames).flat())('%s', (text) => {
  const values = valueOf(shape(text));
  const type = typeOf(shape(text));
  const bottom = bottomOf(type)!;
  const same = (a: Value, b: Value): void => {
    expect(valueText(a)).toBe(valueText(b));
    expect(equalValues(a, b)).toBe(true);
    expect(valueKey(a)).toBe(valueKey(b));
  };

  it('merges associatively, commutatively and idempotently', () => {
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        same(mergeValues(a, mergeValues(b, c)), mergeValues(mergeValues(a, b), c));
        same(mergeValues(a, b), mergeValues(b, a));
        same(mergeValues(a, a), a);
        same(mergeValues(a, mergeValues(a, b)), mergeValues(a, b));
      }),
      runs,
    );
  });
  it('has a bottom', () => {
    fc.assert(
      fc.property(values, (a) => {
        same(mergeValues(bottom, a), a);
        expect(isLessOrEqual(bottom, a)).toBe(true);
      }),
      runs,
    );
  });
  it('orders by merge', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        expect(isLessOrEqual(a, b)).toBe(equalValues(mergeValues(a, b), b));
        expect(isLessOrEqual(a, mergeValues(a, b))).toBe(true);
      }),
      runs,
    );
  });
  it('comes back from the wire, and stays of its type', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const joined = mergeValues(a, b);
        const decoded = decodeRow(JSON.parse(JSON.stringify(encodeRow([joined]))))!;
        same(decoded[0]!, joined);
        expect(isLatticeValue(decoded[0]!)).toBe(true);
        expect(fitsType(decoded[0]!, type)).toBe(true);
        // What came from outside merges like what was made here.
        same(mergeValues(decoded[0]!, a), joined);
        expect(Math.sign(compareValues(a, b)) + Math.sign(compareValues(b, a))).toBe(0);
      }),
      runs,
    );
  });
  it('has no plain value at most at the bottom', () => {
    fc.assert(
      fc.property(values, (a) => {
        if (isLattice(a) && !['lmap', 'ldom'].includes(a.lattice) && revealValue(a) === undefined)
          same(a, bottom);
      }),
      runs,
    );
  });
});

/** The result, or null where the method refuses these arguments. */
function attempt(name: string, arguments_: readonly Value[]): Value | null {
  try {
    return builtinFunctions.get(name)!.evaluate(...arguments_);
  } catch (error) {
    if (error instanceof PartialError) return null;
    throw error;
  }
}

function lessOrEqual(a: Value, b: Value): boolean {
  return typeof a === 'boolean' ? !a || b === true : isLessOrEqual(a, b);
}
function merged(a: Value, b: Value): Value {
  return typeof a === 'boolean' ? a || b === true : mergeValues(a, b);
}

const methods = [...builtinFunctions.keys()].filter((name) => /^(l[a-z]+|pair)\./.test(name));

it('finds the methods', () => {
  expect(methods.length).toBeGreaterThan(50);
});

describe.each(methods)('%s', (name) => {
  const declared = monotonicityOf(name)!;
  const [signature] = builtinFunctions.get(name)!.signatures;
  it.each(fillings.map((filling, i) => [i, filling] as const))(
    'keeps its class (%i)',
    (_, filling) => {
      // An lpset holds no negative numbers.
      const isPositive = name.startsWith('lpset.');
      const own = isPositive ? { ...filling, T: shape('nat'), number: shape('ratio') } : filling;
      const shapes = signature!.parameters.map((parameter) => shape(parameter, own));
      const others = fc.tuple(...shapes.map(valueOf));
      for (const [i, kind] of declared.entries()) {
        if (kind === 'plain' || kind === 'non-monotone') continue;
        fc.assert(
          fc.property(others, valueOf(shapes[i]!), (arguments_, more) => {
            const at = (value: Value): Value | null => attempt(name, arguments_.with(i, value));
            const [a, b] = [arguments_[i]!, more];
            const above = mergeValues(a, b);
            const [low, other, high] = [at(a), at(b), at(above)];
            if (low === null || other === null || high === null) return;
            if (kind === 'antitone') expect(lessOrEqual(high, low)).toBe(true);
            else expect(lessOrEqual(low, high)).toBe(true);
            if (kind === 'morphism') expect(valueText(high)).toBe(valueText(merged(low, other)));
          }),
          runs,
        );
      }
    },
  );
});

describe('methods that declare less than they could', () => {
  // A declaration that is too weak is not unsound, but keeps good programs from being called so.
  it.each(['lset.size', 'lmap.size', 'lbag.size', 'lvclock.sum', 'lset.contains_all'])(
    '%s is no morphism',
    (name) => {
      const [signature] = builtinFunctions.get(name)!.signatures;
      const shapes = signature!.parameters.map((parameter) => shape(parameter, fillings[0]));
      const broken = fc.sample(fc.tuple(fc.tuple(...shapes.map(valueOf)), valueOf(shapes[0]!)), {
        numRuns: 400,
        seed: 7,
      });
      const differs = broken.some(([arguments_, more]) => {
        const at = (value: Value): Value => attempt(name, arguments_.with(0, value))!;
        const high = at(mergeValues(arguments_[0]!, more));
        return !equalValues(high, merged(at(arguments_[0]!), at(more)));
      });
      expect(differs).toBe(true);
    },
  );
});
