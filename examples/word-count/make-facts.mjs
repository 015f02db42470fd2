// Turns a text into the facts of this example, one line of text a tuple.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const lines = readFileSync(process.argv[2] ?? join(here, 'address.txt'), 'utf8').split('\n');
const rows = lines.flatMap((text, i) => (text === '' ? [] : [JSON.stringify([i + 1, text])]));
writeFileSync(join(here, 'facts', 'line.jsonl'), rows.join('\n') + '\n');
