/**
 * Planning takes as long as the rules are many: work is counted, not timed, by how often it looks at
 * a rule's head, which whatever goes through all rules for each of them does.
 */
import { expect, it } from 'vitest';
import { planProgram } from '../../../src/plan/plan-program.js';
import { compileSound } from '../../support/compile-text.js';
import { shapes } from '../../support/large-programs.js';

function workOf(text: string): number {
  const { program } = compileSound(text);
  let looks = 0;
  const rules = program.rules.map((rule) =>
    Object.defineProperty({ ...rule }, 'head', {
      get: () => {
        looks++;
        return rule.head;
      },
    }),
  );
  planProgram({ ...program, rules });
  return looks;
}

it.each(Object.entries(shapes))('%s: twice the rules, about twice the work', (_, make) => {
  const small = workOf(make(200));
  expect(small).toBeGreaterThan(100);
  expect(workOf(make(400)) / small).toBeLessThan(2.6);
});
