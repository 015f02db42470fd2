/**
 * Makes a case that shows something smaller as long as it still shows it: clause by clause, timestep
 * by timestep, relation by relation and tuple by tuple.
 */
import type { ComparedStep } from './compare-evaluators.js';
import type { MixedCase } from './random-mixed-programs.js';

/** Leaves out whatever is not needed for the case to be `shown`. */
export function shrinkCase(found: MixedCase, isShown: (one: MixedCase) => boolean): MixedCase {
  let smallest = found;
  const leaveOut = (smallerOf: (one: MixedCase) => Iterable<MixedCase>): void => {
    for (let goesOn = true; goesOn;) {
      goesOn = false;
      for (const tried of smallerOf(smallest)) {
        if (!isShown(tried)) continue;
        [smallest, goesOn] = [tried, true];
        break;
      }
    }
  };
  for (let before = ''; before !== JSON.stringify(sizesOf(smallest));) {
    before = JSON.stringify(sizesOf(smallest));
    for (const smallerOf of [withFewerSteps, withFewerClauses, withFewerEvents, withFewerRelations])
      leaveOut(smallerOf);
  }
  return smallest;
}

function sizesOf({ declarations, clauses, steps }: MixedCase): readonly number[] {
  const tuples = steps.flatMap(({ events }) => Object.values(events)).flat();
  const marks = steps.flatMap(({ boot, twice }) => [boot, twice].filter((mark) => mark === true));
  return [declarations.length, clauses.length, steps.length, tuples.length, marks.length];
}

/** Halves first: most timesteps have no part in a difference. */
function* withFewerSteps(one: MixedCase): Generator<MixedCase> {
  const { steps } = one;
  const half = Math.floor(steps.length / 2);
  if (half > 0) yield { ...one, steps: steps.slice(0, half) };
  if (half > 0) yield { ...one, steps: steps.slice(half) };
  for (let i = steps.length - 1; i >= 0; i--) yield { ...one, steps: steps.toSpliced(i, 1) };
}

function* withFewerClauses(one: MixedCase): Generator<MixedCase> {
  for (const i of one.clauses.keys()) yield { ...one, clauses: one.clauses.toSpliced(i, 1) };
}

/** A relation goes with its events. */
function* withFewerRelations(one: MixedCase): Generator<MixedCase> {
  for (const [i, declaration] of one.declarations.entries()) {
    const name = /^\w+ (\w+)/.exec(declaration)?.[1] ?? '';
    const steps = one.steps.map((step) => {
      const { [name]: _, ...events } = step.events;
      return { ...step, events };
    });
    yield { ...one, declarations: one.declarations.toSpliced(i, 1), steps };
  }
}

function* withFewerEvents(one: MixedCase): Generator<MixedCase> {
  for (const [i, step] of one.steps.entries()) {
    const instead = (changed: ComparedStep): MixedCase => ({
      ...one,
      steps: one.steps.with(i, changed),
    });
    if (step.twice === true) yield instead({ ...step, twice: false });
    if (step.boot === true) yield instead({ ...step, boot: false });
    for (const [name, rows] of Object.entries(step.events))
      for (const [j] of rows.entries())
        yield instead({ ...step, events: { ...step.events, [name]: rows.toSpliced(j, 1) } });
  }
}
