/**
 * `ldom<V, L>`: dominating pairs. A pair of a version and a payload gives way to one with a higher
 * version; payloads of one version are merged. Versions are a lattice themselves, often only partly
 * ordered (`lvclock`), so several concurrent versions may stand beside each other until one comes
 * that dominates them all.
 *
 * The value is the antichain of maximal versions with their payloads. (Merging concurrent pairs
 * into one pair at once would not be associative: a version that is dominated by only one of the
 * two would lose or keep its payload depending on the order.)
 */
import { latticeValue, map, tuple, type LatticeValue, type Value } from '../base/value.js';
import { latticeOf, mapOf } from './arguments.js';
import { lbool } from './lbool.js';
import { lmax } from './lmax.js';
import { method, type Algebra, type Lattice } from './lattice.js';

type Pair = readonly [Value, Value];

const name = 'ldom';
const own = 'ldom<M, L>';

function pairsOf(value: Value | undefined): readonly Pair[] {
  return mapOf(latticeOf(name, value).arguments[0]).entries;
}

/** The pairs with maximal versions, payloads of one version merged. */
function dominating(pairs: readonly Pair[], algebra: Algebra): LatticeValue {
  const kept: Pair[] = [];
  for (const [version, payload] of pairs) {
    const below = (a: Value, b: Value): boolean => algebra.lessOrEqual(a, b);
    const same = kept.findIndex(([other]) => below(other, version) && below(version, other));
    if (same !== -1) kept[same] = [version, algebra.merge(kept[same]![1], payload)];
    else if (!kept.some(([other]) => below(version, other))) {
      const standing = kept.filter(([other]) => !below(other, version));
      kept.length = 0;
      kept.push(...standing, [version, payload]);
    }
  }
  return latticeValue(name, [map(kept)]);
}

function mergeAll(values: readonly Value[], algebra: Algebra): Value | undefined {
  const [first, ...others] = values;
  return first === undefined
    ? undefined
    : others.reduce((all, next) => algebra.merge(all, next), first);
}

/** The lattice of dominating pairs, over the lattices of versions and payloads. */
export function ldomLattice(algebra: Algebra): Lattice {
  const merge = (a: LatticeValue, b: LatticeValue): LatticeValue =>
    dominating([...pairsOf(a), ...pairsOf(b)], algebra);
  const bottom = latticeValue(name, [map([])]);
  return {
    name,
    parameters: ['lattice', 'lattice'],
    constructors: [
      { parameters: [], result: own },
      { parameters: [own], result: own },
      { parameters: ['map<M, L>'], result: own },
      { parameters: ['M', 'L'], result: own },
    ],
    summary: 'Payloads with versions, of which the highest stays.',
    bottom,
    construct: (...values) => {
      const [first, second] = values;
      if (first === undefined) return bottom;
      if (second !== undefined) return dominating([[first, second]], algebra);
      if (typeof first === 'object' && first?.kind === 'map')
        return dominating(first.entries, algebra);
      return latticeOf(name, first);
    },
    accepts: ([pairs, ...others]) =>
      others.length === 0 &&
      typeof pairs === 'object' &&
      pairs?.kind === 'map' &&
      pairs.entries.every((pair) => pair.every(algebra.isLatticeValue)) &&
      mapOf(dominating(pairs.entries, algebra).arguments[0]).entries.length ===
        pairs.entries.length,
    merge,
    // Every pair is dominated by some pair of the other, or has its version there with no less payload.
    lessOrEqual: (a, b) =>
      pairsOf(a).every(([version, payload]) =>
        pairsOf(b).some(
          ([other, held]) =>
            algebra.lessOrEqual(version, other) &&
            (!algebra.lessOrEqual(other, version) || algebra.lessOrEqual(payload, held)),
        ),
      ),
    reveal: (value) => {
      const version = mergeAll(
        pairsOf(value).map(([v]) => v),
        algebra,
      );
      const payload = mergeAll(
        pairsOf(value).map(([, p]) => p),
        algebra,
      );
      if (version === undefined || payload === undefined) return undefined;
      const [shownVersion, shownPayload] = [algebra.reveal(version), algebra.reveal(payload)];
      return shownVersion === undefined || shownPayload === undefined
        ? undefined
        : tuple([shownVersion, shownPayload]);
    },
    methods: [
      method(
        'version',
        [
          [own, 'morphism'],
          ['M', 'morphism'],
        ],
        'M',
        'The versions, merged, with the last argument if there is one.',
        (a, bottomValue) => mergeAll([bottomValue!, ...pairsOf(a).map(([v]) => v)], algebra)!,
        { takesBottom: true },
      ),
      method(
        'payload',
        [
          [own, 'non-monotone'],
          ['L', 'monotone'],
        ],
        'L',
        'The payloads of the highest versions, merged, with the last argument if there is one; they may give way to smaller ones.',
        (a, bottomValue) => mergeAll([bottomValue!, ...pairsOf(a).map(([, p]) => p)], algebra)!,
        { takesBottom: true },
      ),
      method(
        'versions',
        [[own, 'non-monotone']],
        'lmax<int>',
        'How many concurrent versions stand beside each other.',
        (a) => lmax(pairsOf(a).length),
      ),
      method('has_value', [[own, 'morphism']], 'lbool', 'Whether there is a pair yet.', (a) =>
        lbool(pairsOf(a).length > 0),
      ),
    ],
  };
}
