/** What tests of upkeep share: a table of edges that come and go, and two evaluators side by side. */
import type { Row } from '../../../src/base/value.js';
import { compareEvaluators, type ComparedStep } from '../../support/compare-evaluators.js';
import { programOf } from '../../support/reference-node.js';

export const edges = `input put(x: int, y: int); input cut(x: int, y: int); table e(x: int, y: int);
  e(x, y)@next :- put(x, y); delete e(x, y) :- cut(x, y);`;

export type Batches = Readonly<Record<string, readonly Row[]>>;

/** What the evaluators disagree on over timesteps, with quiet ones in between; null for nothing. */
export function difference(text: string, batches: readonly Batches[]): string | null {
  const steps = batches.flatMap((events): ComparedStep[] => [{ events }, { events: {} }]);
  return compareEvaluators(programOf(text), steps);
}
