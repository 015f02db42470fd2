/** The periods of `periodic` relations: constant terms that come to a positive number of milliseconds. */
import { isInt } from '../base/value.js';
import { valueText } from '../base/value-text.js';
import type * as ast from '../syntax/ast.js';
import { evaluateConstantTerm } from './define-constants.js';
import type { Constant } from './program.js';
import { intType } from './relate-types.js';
import type { Reporter } from './reporter.js';
import type { Typing } from './solve-variables.js';

/** Milliseconds by the name of the relation. */
export function readPeriods(
  module: ast.Module,
  typing: Typing,
  reporter: Reporter,
): ReadonlyMap<string, number> {
  const periods = new Map<string, number>();
  for (const statement of module.statements) {
    if (statement.kind !== 'periodic') continue;
    const { period, name } = statement;
    const value = evaluateConstantTerm(period, intType, typing.constants, typing, reporter);
    if (value === null || isPoison(value)) continue;
    if (isInt(value.value) && value.value > 0) {
      if (!periods.has(name.text)) periods.set(name.text, value.value);
      continue;
    }
    reporter.error(
      'TRL0322',
      period.span,
      `the period of \`${name.text}\` must be a duration above 0, not ${valueText(value.value)}`,
      {
        help: `write \`periodic ${name.text}(500ms);\`, for example`,
      },
    );
  }
  return periods;
}

/** What stands for a constant whose value was an error. */
function isPoison({ value, type }: Constant): boolean {
  return type.kind === 'unknown' || (value === null && type.kind === 'int');
}
