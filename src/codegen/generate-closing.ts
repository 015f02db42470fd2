/**
 * A recursion as one function, instead of round by round. One that closes its relation under
 * transitivity is left to the engine (the plan's find-closure.ts). One with a pivot is written out:
 * for each word of the pivot one walk over its values, behind which the recursive bodies put what
 * they derive (find-pivot.ts tells why).
 */
import { defined } from '../base/assert.js';
import type { Closure, PhysicalPlan, PlannedStratum } from '../plan/physical-plan.js';
import type { CodeUnit } from './code-unit.js';
import { VersionGenerator } from './generate-version.js';
import { InsertCursor } from './insert-cursor.js';
import { identifier, quoteComment } from './quote.js';

/** The key of the function that closes a relation. */
function closingKey(slot: number): string {
  return `close${slot}`;
}

/** Contract: the stratum has a closure or a pivot. */
export function generateClosing(unit: CodeUnit, plan: PhysicalPlan, stratum: PlannedStratum): void {
  const { writer } = unit;
  const slot = defined(stratum.relations[0], 'a relation');
  const { name } = plan.relations[slot]!.schema;
  const recursive = stratum.rules.find(({ bodies }) =>
    bodies.some(({ deltas }) => deltas.length > 0),
  );
  const { rule } = defined(recursive, 'a recursive rule');
  // A stack trace names the first of the rules.
  writer.origin = rule.origin.span;
  const called = identifier('close', unit.nextNumber(), name);
  writer.line(quoteComment(`the recursion of ${name}`));
  writer.open(`function ${called}() {`);
  writer.line(`const target = ${unit.helper('targetOf')}(${rule.id}), into = target.relation;`);
  if (stratum.closure !== null) closeAsWhole(unit, plan, stratum.closure);
  if (stratum.pivot !== null) walkFromPivot(unit, plan, stratum);
  writer.closeTo(0);
  unit.export(closingKey(slot), called);
}

/** Leaves it to the engine, if it is a closure of what it starts with. */
function closeAsWhole(unit: CodeUnit, plan: PhysicalPlan, { copyOf }: Closure): void {
  const call = `${unit.helper('closeTransitively')}(target);`;
  if (copyOf === null) return unit.writer.line(call);
  const copied = defined(plan.slotByName.get(copyOf), `relation ${copyOf}`);
  const relations = unit.helper('relations');
  // It has all of that, so it is that if it has no more.
  unit.writer.line(`if (into.size === ${relations}[${copied}].size) return ${call}`);
}

/** Writes out the walks, within a function that has the target. */
function walkFromPivot(unit: CodeUnit, plan: PhysicalPlan, stratum: PlannedStratum): void {
  const { writer } = unit;
  const fresh = (prefix: string): string => identifier(prefix, unit.nextNumber(), '');
  const parts = stratum.rules.flatMap((rule) =>
    rule.bodies.flatMap(({ deltas }, body) =>
      deltas.map((version) => ({
        version,
        code: new VersionGenerator(unit, plan, rule, body, stratum.unchanging),
      })),
    ),
  );
  const [close, at, key, d, value, stop, walk] = [
    'close',
    'slot',
    'key',
    'd',
    'value',
    'stop',
    'walk',
  ].map(fresh) as [string, string, string, string, string, string, string];
  defined(parts[0], 'a recursive body').code.fetch(
    parts.flatMap(({ version }) => version.steps.slice(1)),
  );
  writer.line(quoteComment('of one word, from a value on; where it ends for want of room'));
  // A function of its own, without a call: it is optimized soon, and by the time that a key has grown
  // a few times it is entered again as such.
  writer.open(`function ${close}(${at}, ${d}) {`);
  writer.line(`let ${stop} = -1;`);
  const cursor = new InsertCursor(writer, fresh, key, at, (each) => [
    `into.waiting = ${each};`,
    `${stop} = ${d};`,
    `break ${walk};`,
  ]);
  writer.line(`const ${key} = into.directory.words[${at}];`);
  writer.open(`${walk}: for (; ${d} < ${cursor.count}; ${d}++) {`);
  writer.line(`const ${value} = ${cursor.words}[${cursor.base} + ${d}];`);
  const { depth } = writer;
  for (const { version, code } of parts) {
    code.fromPivot(version, { cursor, key, value });
    writer.closeTo(depth);
  }
  writer.closeTo(2);
  writer.line(`return ${stop};`);
  writer.closeTo(1);
  writer.line('let spent = into.size;');
  writer.open('for (let slot = 0, end = into.directory.count; slot < end; slot++) {');
  writer.open('for (let d = 0; d >= 0;) {');
  writer.line(`d = ${close}(slot, d);`);
  writer.line('if (d >= 0) into.insertValue(slot, into.waiting);');
  // Here, not where it is counted: what happens once in many thousand tuples would have the
  // function of one word optimized anew.
  writer.line('target.spend(into.size - spent);');
  writer.line('spent = into.size;');
}
