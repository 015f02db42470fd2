/**
 * Hashes, computed here so that every node and every platform gets the same, synchronously:
 * SHA-256 (FIPS 180-4) over bytes, and FNV-1a (Fowler, Noll and Vo) in 64 bits, of which the lower
 * 53 make an int. A string is hashed as its UTF-8 bytes; `hash_of` hashes any value by the text that
 * tells it from every other value, so that `1` and `1.0` differ. Which node of a cluster owns what is
 * spread over it follows from that hash, stirred: its low bits alone would put even keys together.
 */
import { bytes, valueKey, type Value } from '../base/value.js';
import { listOf, noSuchKind, signature, stringOf } from './arguments.js';
import type { BuiltinFunction } from './function.js';
import { bytesOfHex, utf8Bytes } from './utf8.js';

/** Bits of the first primes' roots: fractional parts as 32-bit words, computed exactly by BigInt. */
function rootBits(prime: number, root: 2 | 3): number {
  const scaled = BigInt(prime) << BigInt(32 * root);
  let low = 0n;
  let high = 1n << 40n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** BigInt(root) <= scaled) low = middle;
    else high = middle;
  }
  return Number(low & 0xffffffffn);
}

function firstPrimes(count: number): readonly number[] {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < count; candidate++)
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  return primes;
}

const primes = firstPrimes(64);
const roundConstants = primes.map((prime) => rootBits(prime, 3));
const initialState = primes.slice(0, 8).map((prime) => rootBits(prime, 2));

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

/** The message with a one bit, zeros and its length in bits, in blocks of 64 bytes. */
function padded(message: Uint8Array): DataView {
  const length = Math.ceil((message.length + 9) / 64) * 64;
  const block = new Uint8Array(length);
  block.set(message);
  block[message.length] = 0x80;
  const view = new DataView(block.buffer);
  view.setBigUint64(length - 8, BigInt(message.length) * 8n);
  return view;
}

function schedule(view: DataView, offset: number): Int32Array {
  const words = new Int32Array(64);
  for (let i = 0; i < 16; i++) words[i] = view.getInt32(offset + i * 4);
  for (let i = 16; i < 64; i++) {
    const [a, b] = [words[i - 15]!, words[i - 2]!];
    const s0 = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3);
    const s1 = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10);
    words[i] = (words[i - 16]! + s0 + words[i - 7]! + s1) | 0;
  }
  return words;
}

function compress(state: Int32Array, words: Int32Array): void {
  let [a, b, c, d, e, f, g, h] = [...state] as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const first = (h + s1 + ((e & f) ^ (~e & g)) + roundConstants[i]! + words[i]!) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i] = (state[i]! + word) | 0;
}

/** SHA-256 of bytes, as 64 hexadecimal digits. */
export function sha256Hex(message: Uint8Array): string {
  const state = Int32Array.from(initialState);
  const view = padded(message);
  for (let offset = 0; offset < view.byteLength; offset += 64)
    compress(state, schedule(view, offset));
  return [...state].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

const fnvPrimeLow = 0x1b3;

/**
 * FNV-1a in 64 bits, the lower 53 of them. The hash is kept as two halves of 32 bits: times the
 * prime 2^40 + 0x1b3, modulo 2^64.
 */
export function fnv53(message: Uint8Array): number {
  let [high, low] = [0xcbf29ce4, 0x84222325];
  for (const byte of message) {
    low = (low ^ byte) >>> 0;
    const product = low * fnvPrimeLow;
    const carry = Math.floor(product / 2 ** 32);
    high = (high * fnvPrimeLow + carry + low * 256) % 2 ** 32;
    low = product % 2 ** 32;
  }
  return (high & 0x1fffff) * 2 ** 32 + low;
}

/** The 32-bit finalizer of MurmurHash3 (Appleby): every bit of the word sways every bit of the result. */
function stir(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Which of so many nodes owns what has this key: the same in every process, and evenly spread. */
export function ownerIndex(key: Value, count: number): number {
  const hash = fnv53(utf8Bytes(valueKey(key)));
  return stir((hash >>> 0) ^ stir(Math.floor(hash / 2 ** 32))) % count;
}

function ownerOf(key: Value, nodes: Value): Value {
  const { items } = listOf('owner_of', nodes);
  return items.length === 0 ? '' : stringOf('owner_of', items[ownerIndex(key, items.length)]!);
}

function messageOf(name: string, value: Value): Uint8Array {
  if (typeof value === 'string') return utf8Bytes(value);
  if (typeof value === 'object' && value !== null && value.kind === 'bytes')
    return bytesOfHex(value.hex);
  throw noSuchKind(name, 'a string or bytes', value);
}

/** The hashes. */
export const hashFunctions: readonly BuiltinFunction[] = [
  {
    name: 'sha256',
    signatures: [signature(['string'], 'bytes'), signature(['bytes'], 'bytes')],
    partial: false,
    method: true,
    summary: 'SHA-256 of bytes, or of a string in UTF-8.',
    evaluate: (value) => bytes(sha256Hex(messageOf('sha256', value))),
  },
  {
    name: 'hash_of',
    signatures: [signature(['any'], 'int')],
    partial: false,
    method: true,
    summary:
      'A number between 0 and 2^53 − 1 from any value (FNV-1a): the same everywhere, for spreading and not for secrets.',
    evaluate: (value) => fnv53(utf8Bytes(valueKey(value))),
  },
  {
    name: 'owner_of',
    signatures: [signature(['any', 'list<string>'], 'addr')],
    partial: false,
    method: false,
    summary:
      'Which of the nodes owns the tuples of a relation with `partition by` whose columns are the key (several as a tuple), given all names in ascending order; of no nodes the empty name.',
    evaluate: ownerOf,
  },
];
