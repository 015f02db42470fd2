/**
 * A recursion with a pivot as one function: for each word of the pivot one walk over its values,
 * behind which the recursive bodies put what they derive (the plan's find-pivot.ts tells why).
 */
import { assert, defined } from '../base/assert.js';
import type { PhysicalPlan, PlannedStratum } from '../plan/physical-plan.js';
import type { CodeUnit } from './code-unit.js';
import { VersionGenerator } from './generate-version.js';
import { InsertCursor } from './insert-cursor.js';
import { identifier, quoteComment } from './quote.js';

/** The key of the function that closes a relation by its pivot. */
function pivotKey(slot: number): string {
  return `pivot${slot}`;
}

export function generatePivot(unit: CodeUnit, plan: PhysicalPlan, stratum: PlannedStratum): void {
  const slot = defined(stratum.relations[0], 'a relation');
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
  const [first] = parts;
  const rule = stratum.rules.find(({ bodies }) => bodies.some(({ deltas }) => deltas.length > 0));
  assert(first !== undefined && rule !== undefined, 'a pivot is of a recursion');
  // A stack trace names the first of the rules.
  writer.origin = rule.rule.origin.span;
  const { name } = plan.relations[slot]!.schema;
  const [called, close] = ['pivot', 'close'].map((prefix) =>
    identifier(prefix, unit.nextNumber(), name),
  ) as [string, string];
  const [at, key, d, value, stop, walk] = ['slot', 'key', 'd', 'value', 'stop', 'walk'].map(
    fresh,
  ) as [string, string, string, string, string, string];
  writer.line(quoteComment(`the recursion of ${name}, word by word of its pivot`));
  writer.open(`function ${called}() {`);
  writer.line(
    `const target = ${unit.helper('targetOf')}(${rule.rule.id}), into = target.relation;`,
  );
  first.code.fetch(parts.flatMap(({ version }) => version.steps.slice(1)));
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
  writer.closeTo(0);
  unit.export(pivotKey(slot), called);
}
