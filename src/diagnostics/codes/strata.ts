/**
 * Codes of area 05: what rules may derive within a timestep, and when.
 */
import type { CodeEntry } from '../code-entry.js';

export const stratumCodes: readonly CodeEntry[] = [
  {
    code: 'TRL0501',
    title: 'recursion through negation or aggregation',
    explanation:
      'Within a timestep, a relation must not depend on its own negation or on an aggregate of itself: ' +
      'there would be no order in which to compute it, and perhaps no answer at all. Cycles through ' +
      '`@next`, `@async`, `delete` and `upsert` are fine, because they take effect in a later timestep.',
    wrong: `static move(x: string, y: string);
scratch win(x: string);
win(x) :- move(x, y), notin win(y);
`,
    right: `static move(x: string, y: string);
table win(x: string);
win(x)@next :- move(x, y), notin win(y);
`,
  },
  {
    code: 'TRL0502',
    title: 'head that does not go with its relation',
    explanation:
      'What heads a relation may have follows from its kind. Tables take every form; `@async` only if ' +
      'they have an `@` column, `upsert` only if they have a key. Scratches, outputs and views hold in ' +
      'one timestep: they take `:-`, `@next` and facts. Statics take facts and rules over statics. ' +
      'Channels and loopbacks take `@async`. Inputs and periodics take none.',
    wrong: `channel send(@to: addr, text: string);
static peer(node: addr);
send(p, "hi") :- peer(p), boot(_);
`,
    right: `channel send(@to: addr, text: string);
static peer(node: addr);
send(p, "hi")@async :- peer(p), boot(_);
`,
  },
  {
    code: 'TRL0503',
    title: 'upsert without a key',
    explanation:
      '`upsert` replaces the tuple with the same key, so the relation needs one: the columns left of `=>`.',
    wrong: `input put(key: string, value: int);
table kv(key: string, value: int);
upsert kv(k, v) :- put(k, v);
`,
    right: `input put(key: string, value: int);
table kv(key: string => value: int);
upsert kv(k, v) :- put(k, v);
`,
  },
  {
    code: 'TRL0504',
    title: 'static derived from what changes',
    explanation: 'A static relation never changes, so its rules read statics only.',
    wrong: `input ask(id: int);
static known(id: int);
known(id) :- ask(id);
`,
    right: `input ask(id: int);
scratch known(id: int);
known(id) :- ask(id);
`,
  },
];
