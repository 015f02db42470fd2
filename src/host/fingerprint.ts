/** Hashes the texts that say what a node runs, for the handshake. */
import { createHash } from 'node:crypto';
import type { Fingerprint } from '../transport/frames.js';

/** SHA-256 of each part, in hexadecimal. */
export function fingerprintOf(texts: Readonly<Record<keyof Fingerprint, string>>): Fingerprint {
  const hash = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
  return {
    language: hash(texts.language),
    program: hash(texts.program),
    params: hash(texts.params),
    coordination: hash(texts.coordination),
  };
}
