import { describe, expect, it } from 'vitest';
import { compileSound } from '../../support/compile-text.js';
import { verdictCases } from './verdict-cases.js';
import { aggregateCases } from './verdict-cases-aggregates.js';
import { chanceCases } from './verdict-cases-chance.js';
import { eventCases } from './verdict-cases-events.js';
import { failureCases } from './verdict-cases-failures.js';
import { keyCases } from './verdict-cases-keys.js';
import { messageCases } from './verdict-cases-messages.js';
import { sealCases } from './verdict-cases-seals.js';
import { stateCases } from './verdict-cases-state.js';

const cases = [
  ...verdictCases,
  ...aggregateCases,
  ...chanceCases,
  ...eventCases,
  ...failureCases,
  ...keyCases,
  ...messageCases,
  ...sealCases,
  ...stateCases,
];

describe('verdicts', () => {
  it.each(cases.map((c) => [`${c.verdict}: ${c.why}`, c] as const))('%s', (_, expected) => {
    const { confluence } = compileSound(expected.text);
    const observable = confluence.observables.find(
      (o) => o.relation === (expected.observable ?? 'p'),
    );
    expect(observable?.verdict).toBe(expected.verdict);
    expect(observable?.proved).toBe(expected.verdict === 'confluent');
    if (expected.because !== undefined) expect(observable?.blame[0]?.reason).toBe(expected.because);
    if (expected.mechanism !== undefined)
      expect(observable?.mechanism.kind).toBe(expected.mechanism);
    if (expected.provider !== undefined)
      expect(observable?.mechanism.provider).toBe(expected.provider);
    if (expected.met !== undefined) expect(observable?.met).toBe(expected.met);
    if (expected.verdict === 'confluent') expect(observable?.blame).toEqual([]);
    else expect(observable?.blame.length).toBeGreaterThan(0);
  });
});
