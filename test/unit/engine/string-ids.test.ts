/** The ids of strings against a `Map`: whatever the strings, however they fall together, however many go. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StringIds } from '../../../src/engine/string-ids.js';

/** Beside a map that says what is right. */
class Model {
  readonly expected = new Map<string, number>();
  readonly #strings: string[] = [''];
  readonly #ids: StringIds;

  constructor(mostSteps?: number) {
    this.#ids = new StringIds((id) => this.#strings[id]!, mostSteps);
  }

  /** Copies of strings are looked at, as when each comes from elsewhere. */
  add(text: string): void {
    if (this.expected.has(text)) return;
    this.#ids.set(copyOf(text), this.#strings.push(text) - 1);
    this.expected.set(text, this.#strings.length - 1);
  }

  remove(text: string): void {
    this.#ids.delete(copyOf(text));
    this.expected.delete(text);
  }

  shrink(): void {
    this.#ids.shrink();
  }

  check(texts: Iterable<string>): void {
    for (const text of texts)
      if (this.#ids.get(copyOf(text)) !== (this.expected.get(text) ?? 0))
        expect.fail(`the id of ${JSON.stringify(text)}`);
  }
}

const copyOf = (text: string): string => ` ${text}`.slice(1);

/** Of what is short, what is just not, and what is very long, with few different characters. */
const texts = fc
  .tuple(
    fc.constantFrom('', 'a', 'x'.repeat(9), 'x'.repeat(10), 'y'.repeat(30), 'z'.repeat(126)),
    fc.string({ unit: fc.constantFrom('\0', 'a', 'ÿ', 'Ā', '\ud800', '\udc00'), maxLength: 3 }),
  )
  .map(([start, end]) => start + end);
const steps = fc.array(fc.tuple(fc.constantFrom('add', 'add', 'remove', 'shrink'), texts), {
  minLength: 1,
  maxLength: 200,
});

describe('ids of strings', () => {
  it.each([undefined, 1, 2, 5])('are those that were given (at most %s steps)', (mostSteps) => {
    fc.assert(
      fc.property(steps, (all) => {
        const model = new Model(mostSteps);
        for (const [step, text] of all) {
          if (step === 'add') model.add(text);
          else if (step === 'remove') model.remove(text);
          else model.shrink();
          model.check([text]);
        }
        model.check(all.map(([, text]) => text));
      }),
    );
  });

  it.each([undefined, 3])('stay right while many come and go (at most %s steps)', (mostSteps) => {
    const model = new Model(mostSteps);
    const forms = [
      (i: number) => `key:${i}`,
      (i: number) => `${i}`.padStart(36, '-'),
      (i: number) => `${i}${'long'.repeat(40)}`,
    ];
    const all = forms.flatMap((form) => Array.from({ length: 4000 }, (_, i) => form(i)));
    for (const text of all) model.add(text);
    model.check(all);
    for (const [i, text] of all.entries()) if (i % 50 !== 0) model.remove(text);
    model.check(all);
    model.shrink();
    model.check(all);
    for (const text of all) model.add(text);
    model.check(all);
  });

  it('tell short strings apart by every character and by their length', () => {
    const model = new Model();
    const all = ['', '\0', '\0\0'];
    for (let length = 1; length <= 12; length++)
      for (let at = 0; at < length; at++)
        for (const char of ['b', '\0', '\x80', 'ÿ', 'Ā', 'š'])
          all.push('a'.repeat(at) + char + 'a'.repeat(length - at - 1));
    for (const text of all) model.add(text);
    model.check(all);
    expect(model.expected.size).toBe(new Set(all).size);
  });
});
