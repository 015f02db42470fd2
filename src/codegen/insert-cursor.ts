/**
 * Insertion of many values under one key of a binary relation, written out: all that the key has
 * is in locals from `open` on, and what was inserted is noted when the block closes. It pays where
 * a loop lies between the two, as in the recursion of a transitive closure, whose runs are short.
 *
 *     open:   slot, shape, set, low, base, room, count = what the key has (see pair-slots.ts)
 *     insert: by shape: in the bitset? in the table? in the vector itself? then next value;
 *             room for it? put it there; else `insertSlowly`, and read everything again,
 *             or, where the cursor is told to, leave the block
 *     close:  note the count, spend what is new
 *
 * Contract: nothing else inserts into the relation while the cursor is open, and nothing between
 * may throw but `insert` itself, which notes everything before it does, and what follows `note`.
 */
import type { CodeWriter } from './code-writer.js';
import { pairLayout } from './open-pairs.js';

const { base, shift } = pairLayout;
/** Further offsets in a slot; the base of the set is the first. */
const shape = 1;
const low = 2;
const capacity = 3;
const count = 5;
/** As in the engine: most values that are looked for in the vector, and its odd multiplier. */
const mostScanned = 8;
const golden = '-1640531535';

export interface CursorNames {
  /** The slot of the key. */
  readonly slot: string;
  /** The vectors' array. */
  readonly words: string;
  /** Where the key's vector begins. */
  readonly base: string;
  /** Values of the key so far. */
  readonly count: string;
}

export class InsertCursor implements CursorNames {
  readonly slot: string;
  readonly words: string;
  readonly base: string;
  readonly count: string;
  readonly #writer: CodeWriter;
  readonly #fresh: (prefix: string) => string;
  readonly #key: string;
  readonly #names: Readonly<
    Record<'at' | 'sets' | 'shape' | 'set' | 'low' | 'room' | 'start', string>
  >;

  readonly #leave: ((value: string) => readonly string[]) | null;

  /**
   * Opens a block; `slot` is the key's if it is known. `leave` gives what to do with a value for which
   * there is no room, where that ends in a jump out of the block; tuples are then spent by whoever made
   * the cursor.
   */
  constructor(
    writer: CodeWriter,
    fresh: (prefix: string) => string,
    key: string,
    slot: string | null,
    leave: ((value: string) => readonly string[]) | null = null,
  ) {
    [this.#writer, this.#fresh, this.#key, this.#leave] = [writer, fresh, key, leave];
    this.slot = fresh('into');
    this.words = fresh('vectors');
    this.base = fresh('base');
    this.count = fresh('count');
    this.#names = {
      at: fresh('at'),
      sets: fresh('sets'),
      shape: fresh('shape'),
      set: fresh('set'),
      low: fresh('low'),
      room: fresh('room'),
      start: fresh('start'),
    };
    const { start } = this.#names;
    const found = slot ?? `into.slotOrNext(${key})`;
    if (leave !== null) {
      writer.open('{', '}', [`into.noteCount(${this.slot}, ${this.count});`]);
      writer.line(`const ${this.slot} = ${found};`);
      this.#read('let ');
      return;
    }
    writer.open('{', '}', [`if (${this.count} > ${start}) {`, ...this.#note(), '}']);
    writer.line(`let ${this.slot} = ${found};`);
    this.#read('let ');
    writer.line(`let ${start} = ${this.count};`);
  }

  /** Notes what has been inserted, so that what follows may throw. */
  note(): void {
    const { start } = this.#names;
    const lines = [...this.#note(), `  ${start} = ${this.count};`];
    for (const line of [`if (${this.count} > ${start}) {`, ...lines, '}']) this.#writer.line(line);
  }

  #note(): readonly string[] {
    return [
      `  into.noteCount(${this.slot}, ${this.count});`,
      `  target.spend(${this.count} - ${this.#names.start});`,
    ];
  }

  /** Inserts one value; `value` is a name or a number. */
  insert(value: string): void {
    const writer = this.#writer;
    const { sets, shape: kind, set, low: least, room } = this.#names;
    const [label, place, held] = ['insert', 'place', 'held'].map(this.#fresh) as [
      string,
      string,
      string,
    ];
    const depth = writer.depth;
    writer.open(`${label}: {`);
    writer.open(`if (${kind} > 31) {`);
    writer.line(`const ${place} = (${value} - ${least}) | 0;`);
    writer.open(`if ((${place} & (-32 << ${kind})) === 0) {`);
    writer.line(
      `const cell = ${set} + (${place} >>> 5), ${held} = ${sets}[cell], marked = ${held} | (1 << ${place});`,
    );
    writer.line(`if (${held} === marked) break ${label};`);
    writer.open(`if (${this.count} < ${room}) {`);
    writer.line(`${sets}[cell] = marked;`);
    this.#append(value, label);
    writer.closeTo(depth + 1);
    writer.open(`else if (${kind} !== 0) {`);
    writer.line(`const stored = (${value} + 1) | 0, mask = ~(-1 << ${kind});`);
    writer.line(
      `let ${place} = Math.imul(stored, ${golden}) >>> -${kind}, ${held} = ${sets}[${set} + ${place}];`,
    );
    writer.open(`while (${held} !== 0 && ${held} !== stored) {`);
    writer.line(`${place} = (${place} + 1) & mask;`);
    writer.line(`${held} = ${sets}[${set} + ${place}];`);
    writer.closeTo(writer.depth - 1);
    writer.line(`if (${held} === stored) break ${label};`);
    writer.open(`if (${this.count} < ${room}) {`);
    writer.line(`${sets}[${set} + ${place}] = stored;`);
    this.#append(value, label);
    writer.closeTo(depth + 1);
    writer.open('else {');
    writer.line(`let ${place} = ${this.base};`);
    writer.line(`const end = ${place} + ${this.count};`);
    writer.line(`while (${place} < end && ${this.words}[${place}] !== ${value}) ${place}++;`);
    writer.line(`if (${place} < end) break ${label};`);
    writer.open(`if (${this.count} < ${room}) {`);
    this.#append(value, label);
    writer.closeTo(depth + 1);
    if (this.#leave === null) this.#insertSlowly(value);
    else for (const line of this.#leave(value)) writer.line(line);
    writer.closeTo(depth);
  }

  #insertSlowly(value: string): void {
    const { start } = this.#names;
    this.#writer.line(
      `${this.slot} = into.insertSlowly(${this.slot}, ${this.#key}, ${this.count}, ${value});`,
    );
    this.#read('');
    this.#writer.line(`target.spend(${this.count} - ${start});`);
    this.#writer.line(`${start} = ${this.count};`);
  }

  #append(value: string, label: string): void {
    this.#writer.line(`${this.words}[${this.base} + ${this.count}++] = ${value};`);
    this.#writer.line(`break ${label};`);
  }

  /** Reads what the key has. */
  #read(declare: '' | 'let '): void {
    const { at, sets, shape: kind, set, low: least, room } = this.#names;
    const assign = (...parts: string[]): void =>
      this.#writer.line(`${declare}${parts.join(declare === '' ? '; ' : ', ')};`);
    const slots = 'into.slots';
    assign(
      `${at} = ${this.slot} << ${shift}`,
      `${this.words} = into.vectors.words`,
      `${sets} = into.sets.words`,
    );
    assign(
      `${set} = ${slots}[${at}]`,
      `${kind} = ${slots}[${at} + ${shape}]`,
      `${least} = ${slots}[${at} + ${low}]`,
      `${this.base} = ${slots}[${at} + ${base}]`,
      `${this.count} = ${slots}[${at} + ${count}]`,
    );
    const most = `${kind} > 31 ? 2147483647 : ${kind} === 0 ? ${mostScanned} : (3 << ${kind}) >> 2`;
    assign(`${room} = Math.min(${slots}[${at} + ${capacity}], ${most})`);
  }
}

/** Where the walk over a pivot's values stands: names of two words. */
export interface PivotPlace {
  readonly cursor: InsertCursor;
  readonly key: string;
  readonly value: string;
}
