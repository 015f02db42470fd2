/** Hashes the texts that say what a node runs, for the handshake. */
import { createHash } from 'node:crypto';
import type { Fingerprint } from '../transport/frames.js';

/** SHA-256 of each part, in hexadecimal. */
export function fingerprintOf(texts: Readonly<Record<keyof Fingerprint, string>>): Fingerprint {
  return {
    language: hashText(texts.language),
    program: hashText(texts.program),
    params: hashText(texts.params),
    coordination: hashText(texts.coordination),
  };
}

/** SHA-256 in hexadecimal. */
export function hashText(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
