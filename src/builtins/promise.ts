/**
 * `promised`, which the rules call that watch over seals (rewrite/watch-promises.ts): it fails the
 * timestep in which a node does what it has promised not to do. The node has to be told from others,
 * and the tuple has to be shown, so both are arguments.
 */
import type { Value } from '../base/value.js';
import { valueText } from '../base/value-text.js';
import { boolOf, signature, stringOf } from './arguments.js';
import { brokenPromise } from './failure.js';
import type { BuiltinFunction } from './function.js';

/** The name of the function in resolved terms. */
export const promised = 'promised';

function rowText(value: Value): string {
  const isTuple = typeof value === 'object' && value !== null && value.kind === 'tuple';
  return `(${(isTuple ? value.items : [value]).map(valueText).join(', ')})`;
}

export const promiseFunctions: readonly BuiltinFunction[] = [
  {
    name: promised,
    signatures: [signature(['bool', 'addr', 'string', 'any'], 'bool')],
    partial: true,
    method: false,
    summary: 'True if it is; else the timestep fails: the node breaks its promise by this tuple.',
    evaluate: (isKept, node, deed, row) => {
      if (boolOf(promised, isKept)) return true;
      const [by, what] = [stringOf(promised, node), stringOf(promised, deed)];
      throw brokenPromise(`node ${by} breaks its promise: it ${what}${rowText(row)}`);
    },
  },
];
