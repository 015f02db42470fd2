/** The wire format: what goes in comes out, and nothing else gets in. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes, float, list, map, set, tuple } from '../../../src/base/value.js';
import type { Value } from '../../../src/base/value.js';
import type { Frame } from '../../../src/node/frames.js';
import {
  decodeMessage,
  encodeFrame,
  encodeHandshake,
  mostBrackets,
  mostMessageLength,
  wireVersion,
} from '../../../src/transport/frames.js';
import type { WireMessage } from '../../../src/transport/frames.js';

const program = { language: 'l', program: 'p', params: 'q', coordination: 'c' };
const hello = {
  kind: 'hello',
  v: wireVersion,
  program,
  node: 'a',
  to: 'b',
  incarnation: 'i',
  lastSeq: 3,
  lastOf: 'j',
} as const;

const { value: values } = fc.letrec<{ value: Value; leaf: Value }>((tie) => ({
  leaf: fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger().map((x) => (x === 0 ? 0 : x)),
    fc.string({ unit: 'binary' }),
    fc.double().map(float),
    fc.uint8Array({ maxLength: 5 }).map((array) => bytes(Buffer.from(array).toString('hex'))),
  ),
  value: fc.oneof(
    { maxDepth: 4 },
    tie('leaf'),
    fc.array(tie('value'), { maxLength: 3 }).map(tuple),
    fc.array(tie('value'), { maxLength: 3 }).map(list),
    fc.array(tie('value'), { maxLength: 3 }).map(set),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 3 }).map(map),
  ),
}));
const count = fc.integer({ min: 1, max: 1_000_000 });
const names = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'order'));
const batches = fc
  .uniqueArray(names, { maxLength: 3 })
  .chain((relations) =>
    fc.tuple(
      ...relations.map((relation) =>
        fc
          .array(fc.array(values, { maxLength: 3 }), { maxLength: 3 })
          .map((rows) => ({ relation, rows })),
      ),
    ),
  );
const origins = fc.string({ minLength: 1 });
const frames: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({ kind: fc.constant('data' as const), seq: count, timestep: count, batch: batches }),
  fc.record({ kind: fc.constantFrom('ack' as const, 'skip' as const), seq: count }),
  fc.record({
    kind: fc.constant('durable' as const),
    origin: origins,
    first: count,
    seq: count,
    timestep: count,
    batch: batches,
  }),
  fc.record({
    kind: fc.constant('applied' as const),
    origin: origins,
    seqs: fc.array(count),
    count,
  }),
  fc.record({
    kind: fc.constant('memory' as const),
    count,
    newest: fc.option(fc.record({ origin: origins, seq: count })),
  }),
  fc.constant({ kind: 'bye' as const }),
  fc.constant({
    kind: 'log' as const,
    message: { kind: 'catch-up' as const, from: 3, incarnation: 'i' },
  }),
);

function encodeAny(message: Exclude<WireMessage, { kind: 'foreign' }>): string {
  switch (message.kind) {
    case 'hello':
    case 'welcome':
    case 'refuse':
      return encodeHandshake(message);
    default:
      return encodeFrame(message);
  }
}

describe('the codec', () => {
  it('gives back every frame that it is given', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        expect(decodeMessage(encodeFrame(frame))).toEqual(frame);
      }),
      { numRuns: 300 },
    );
  });

  it('gives back floats that JSON cannot hold, and tells ints from floats', () => {
    const row = [float(Number.NaN), float(Infinity), float(-Infinity), float(-0), float(1), 1, 0];
    const frame: Frame = {
      kind: 'data',
      seq: 1,
      timestep: 1,
      batch: [{ relation: 'r', rows: [row] }],
    };
    expect(decodeMessage(encodeFrame(frame))).toEqual(frame);
  });

  it('gives back messages of the handshake', () => {
    const messages = [
      hello,
      { ...hello, kind: 'welcome', lastOf: null },
      { kind: 'refuse', reason: 'fingerprint', detail: 'params' },
    ] as const;
    for (const message of messages)
      expect(decodeMessage(encodeHandshake(message))).toEqual(message);
  });

  it('knows a hello of another version, whatever else it holds', () => {
    expect(decodeMessage('{"kind":"hello","v":2,"who":"knows"}')).toEqual({
      kind: 'foreign',
      v: 2,
    });
  });
});

describe('garbage', () => {
  it.each([
    ['nothing', ''],
    ['no JSON', '{"kind":'],
    ['no object', '["data"]'],
    ['null', 'null'],
    ['no kind', '{}'],
    ['an unknown kind', '{"kind":"shout"}'],
    ['an inherited kind', '{"__proto__":{"kind":"bye"}}'],
    ['seq 0', '{"kind":"data","seq":0,"timestep":1,"rows":[]}'],
    ['a fractional seq', '{"kind":"ack","seq":1.5}'],
    ['a huge seq', '{"kind":"ack","seq":1e300}'],
    ['a negative seq', '{"kind":"skip","seq":-1}'],
    ['rows without a relation', '{"kind":"data","seq":1,"timestep":1,"rows":[[["x"]]]}'],
    ['a relation twice', '{"kind":"data","seq":1,"timestep":1,"rows":[["r",[]],["r",[]]]}'],
    [
      'an integer beyond 2^53',
      '{"kind":"data","seq":1,"timestep":1,"rows":[["r",[[9007199254740993]]]]}',
    ],
    ['a bare fraction', '{"kind":"data","seq":1,"timestep":1,"rows":[["r",[[1.5]]]]}'],
    ['an unknown tag', '{"kind":"data","seq":1,"timestep":1,"rows":[["r",[[{"z":1}]]]]}'],
    ['half a byte', '{"kind":"data","seq":1,"timestep":1,"rows":[["r",[[{"b":"f"}]]]]}'],
    ['an empty piece', '{"kind":"piece","text":"","isLast":true}'],
    ['a piece without an end', '{"kind":"piece","text":"x"}'],
    ['a durable frame of nobody', '{"kind":"durable","first":1,"seq":1,"timestep":1,"rows":[]}'],
    ['what was applied without a count', '{"kind":"applied","origin":"i","seqs":[1]}'],
    ['a memory without its newest', '{"kind":"memory","count":1}'],
    ['a memory of nobody', '{"kind":"memory","count":1,"newest":{"seq":1}}'],
    ['a log frame without a message', '{"kind":"log"}'],
    [
      'a hello without a program',
      '{"kind":"hello","v":1,"node":"a","to":"b","incarnation":"i","lastSeq":0,"lastOf":null}',
    ],
    ['an endless name', encodeHandshake({ ...hello, node: 'x'.repeat(300) })],
    ['an unknown refusal', '{"kind":"refuse","reason":"mood","detail":""}'],
  ])('with %s is no message', (_, text) => {
    expect(decodeMessage(text)).toBeNull();
  });

  it('that nests too deep is refused before it is parsed', () => {
    const nested = (depth: number): string =>
      `{"kind":"data","seq":1,"timestep":1,"rows":[["r",[[${'{"l":['.repeat(depth)}${']}'.repeat(depth)}]]]]}`;
    expect(decodeMessage(nested(100))).not.toBeNull();
    expect(decodeMessage(nested(201))).toBeNull();
    expect(decodeMessage(nested(1_000_000))).toBeNull();
    expect(decodeMessage('['.repeat(mostBrackets + 1))).toBeNull();
  });

  it('does not count brackets in strings', () => {
    const frame: Frame = {
      kind: 'data',
      seq: 1,
      timestep: 1,
      batch: [{ relation: 'r', rows: [['"[{\\'.repeat(1000)]] }],
    };
    expect(decodeMessage(encodeFrame(frame))).toEqual(frame);
  });

  it('that is too long is refused', () => {
    expect(decodeMessage(`{"kind":"bye"}${' '.repeat(mostMessageLength)}`)).toBeNull();
  });

  it('never makes the decoder throw, and what it lets through it would write again', () => {
    const mutated = fc
      .tuple(frames, fc.nat(), fc.nat({ max: 8 }), fc.string({ maxLength: 4 }))
      .map(([frame, at, cut, insert]) => {
        const text = encodeFrame(frame);
        const start = at % (text.length + 1);
        return text.slice(0, start) + insert + text.slice(start + cut);
      });
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), mutated), (text) => {
        const message = decodeMessage(text);
        if (message === null || message.kind === 'foreign' || message.kind === 'piece') return;
        const again = encodeAny(message);
        expect(decodeMessage(again)).toEqual(message);
      }),
      { numRuns: 1000 },
    );
  });
});
