/**
 * Runs a program under the reference evaluator and under the engine side by side and tells the
 * first difference: of a commit, of a failure's diagnostic, of what any relation holds. The engine
 * runs with its checks on: arrays that were replaced are poisoned, values no longer used are freed
 * after every timestep.
 */
import type { Row } from '../../src/base/value.js';
import { rowText } from '../../src/base/value-text.js';
import type { Commit, Evaluator, Failure, RelationRows } from '../../src/evaluator/evaluator.js';
import {
  bindFunctions,
  noFunctions,
  type ScriptFunction,
} from '../../src/compiler/bind-functions.js';
import { makeEngineProgram } from '../../src/compiler/node-program.js';
import { createEngineEvaluator } from '../../src/engine/engine-evaluator.js';
import { createReferenceEvaluator } from '../../src/reference/reference-evaluator.js';
import { linkFunctions } from '../../src/reference/link-functions.js';
import type { Program } from '../../src/semantics/program.js';

/** What one timestep takes; `boot` makes it the first after a restart. */
export interface ComparedStep {
  readonly events: Readonly<Record<string, readonly Row[]>>;
  readonly boot?: boolean;
  /** Snapshot, this timestep, restore, and this timestep again. */
  readonly twice?: boolean;
}

/** The first difference, in words; null if there is none. */
export function compareEvaluators(
  program: Program,
  steps: readonly ComparedStep[],
  maxTuples = 20_000,
  functions: ReadonlyMap<string, ScriptFunction> = noFunctions,
): string | null {
  const identity = { name: 'n1', cluster: ['n1', 'n2'], facts: [] };
  const outer = bindFunctions(program, functions);
  const linked = linkFunctions(program, outer);
  const reference = createReferenceEvaluator(linked, identity, { maxTuples });
  const engine = createEngineEvaluator(
    makeEngineProgram(linked, outer),
    identity,
    { maxTuples },
    { checks: true },
  );
  let nextTuples: readonly RelationRows[] = [];
  let booted = false;
  for (const [i, { events, boot, twice }] of steps.entries()) {
    const input = {
      events: Object.entries(events).map(([relation, rows]) => ({ relation, rows })),
      nextTuples,
      nowMs: i * 1000,
      boot: booted && boot !== true ? null : { first: !booted },
    };
    const run = (evaluator: Evaluator): Commit | Failure => {
      if (twice !== true) return evaluator.timestep(input);
      const before = evaluator.snapshot();
      evaluator.timestep(input);
      evaluator.restore(before);
      return evaluator.timestep(input);
    };
    const [expected, actual] = [run(reference), run(engine)];
    const difference =
      differenceOf(expected, actual) ?? contentDifference(program, reference, engine);
    if (difference !== null) return `timestep ${i + 1}: ${difference}`;
    if (expected.kind === 'commit') [nextTuples, booted] = [expected.nextTuples, true];
  }
  return null;
}

function differenceOf(expected: Commit | Failure, actual: Commit | Failure): string | null {
  const [wanted, got] = [JSON.stringify(summary(expected)), JSON.stringify(summary(actual))];
  return wanted === got ? null : `the reference says\n${wanted}\nand the engine\n${got}`;
}

function summary(result: Commit | Failure): unknown {
  if (result.kind === 'commit') return result;
  const { code, message, notes, secondary, primary } = result.diagnostic;
  return {
    ...result,
    diagnostic: {
      code,
      message,
      notes,
      primary: primary?.span.start,
      secondary: secondary?.map(({ text }) => text),
    },
  };
}

function contentDifference(
  program: Program,
  reference: Evaluator,
  engine: Evaluator,
): string | null {
  for (const name of program.relations.keys()) {
    const [expected, actual] = [reference, engine].map((evaluator) =>
      evaluator
        .query(name)
        .map((row) => rowText(name, row))
        .join(' '),
    );
    if (expected !== actual) return `${name} is to hold\n${expected}\nand holds\n${actual}`;
  }
  return null;
}
