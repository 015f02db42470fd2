// `npm run grammar`: writes the forms of the grammar that are generated from the parser's. A test
// compares them with what the parser says now.
import { writeFileSync } from 'node:fs';
import { railroadPage } from '../dist/grammar/railroad.js';
import { textMateGrammar } from '../dist/grammar/textmate.js';

const target = (name) => new URL(`../grammar/${name}`, import.meta.url);
writeFileSync(target('railroad.html'), railroadPage());
writeFileSync(target('trellis.tmLanguage.json'), textMateGrammar());
