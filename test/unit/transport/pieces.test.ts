/** Texts in pieces come out as they went in, and nothing is too long without being noticed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMessage } from '../../../src/transport/frames.js';
import { Assembly, messagesOf } from '../../../src/transport/pieces.js';
import type { Piece } from '../../../src/transport/pieces.js';

function pieceOf(text: string): Piece {
  const message = decodeMessage(text);
  if (message?.kind !== 'piece') throw new Error(`no piece: ${text}`);
  return message;
}

describe('a text', () => {
  it('that is short is a message itself', () => {
    expect([...messagesOf('{"kind":"bye"}', 14)]).toEqual(['{"kind":"bye"}']);
    expect([...messagesOf('', 1)]).toEqual(['']);
  });

  it('that is long is put together again, one after the other, wherever it is cut', () => {
    const texts = fc.array(fc.string({ unit: 'binary', minLength: 8 }), { minLength: 1 });
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 7 }), (all, pieceLength) => {
        const assembly = new Assembly(1000);
        for (const text of all) {
          const results = [...messagesOf(text, pieceLength)].map((message) =>
            assembly.add(pieceOf(message)),
          );
          expect(results.pop()).toEqual({ whole: text });
          expect(new Set(results)).toEqual(new Set(['more']));
        }
      }),
    );
  });

  it('that is longer than anybody sends is not waited for', () => {
    const assembly = new Assembly(10);
    const add = (text: string, isLast = false) => assembly.add({ kind: 'piece', text, isLast });
    expect([add('12345'), add('67890'), add('1')]).toEqual(['more', 'more', 'absurd']);
    expect(new Assembly(2).add({ kind: 'piece', text: '123', isLast: true })).toBe('absurd');
  });
});
