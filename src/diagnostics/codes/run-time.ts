/**
 * Codes of area 08 up to TRL0849: a timestep that fails. Every wrong program passes `check` and
 * fails in the first timestep of `run`.
 */
import type { CodeEntry } from '../code-entry.js';

const undone = `The timestep is undone: what is stored stays as it was and nothing is released. \`run\` stops; a node takes the same events again one batch at a time and rejects the batch that fails alone.`;

export const runTimeCodes: readonly CodeEntry[] = [
  {
    code: 'TRL0801',
    title: 'division by zero',
    explanation: `An int was divided by zero, by \`/\` or \`%\`. Floats follow IEEE 754 and give an infinity or NaN instead.

Such a failure counts only for bindings that satisfy every literal of the body that does not depend on its result, wherever those literals stand. So a condition that excludes the zero is enough.

${undone}`,
    wrong: `share(10, 0);
each(total / parts) :- share(total, parts);`,
    right: `share(10, 0);
each(total / parts) :- share(total, parts), parts != 0;`,
  },
  {
    code: 'TRL0802',
    title: 'int overflow',
    explanation: `The result of an int operation lies beyond ±(2^53 − 1). Ints never wrap around and are never rounded. Sums by \`sum<..>\` are judged by their total, not by partial sums.

${undone}`,
    wrong: `start(9007199254740991);
beyond(n + 1) :- start(n);`,
    right: `start(9007199254740990);
beyond(n + 1) :- start(n);`,
  },
  {
    code: 'TRL0803',
    title: 'a function is not defined for its arguments',
    explanation: `A function was called with arguments for which it has no result: \`get\` with a position outside the list, \`first\` of an empty list, \`to_int\` of text that is no number. Guard the call with a condition, or use a function that is defined everywhere, such as \`get_or\`.

${undone}`,
    wrong: `word("12x");
number(to_int(w)) :- word(w);`,
    right: `word("12");
number(to_int(w)) :- word(w);`,
  },
  {
    code: 'TRL0804',
    title: 'a value is too large',
    explanation: `One value may hold about 16 million characters or 2 million elements, counting those inside each other, and composite values may nest 64 levels deep. Beyond that a recursion that makes ever larger values would take all memory before any bound on tuples stops it.

${undone}`,
    wrong: `text("ab");
long(repeat(t, 10000000)) :- text(t);`,
    right: `text("ab");
long(repeat(t, 10)) :- text(t);`,
  },
  {
    code: 'TRL0805',
    title: 'a value does not fit its column',
    explanation: `A rule derives a value that is not of its column's type. Types are checked before a program runs; what they cannot tell is whether an int is negative, which a \`nat\` never is.

${undone}`,
    wrong: `scratch left(n: nat);
stock(2); wanted(3);
left(have - want) :- stock(have), wanted(want);`,
    right: `scratch left(n: nat);
stock(2); wanted(3);
left(have - want) :- stock(have), wanted(want), have >= want;`,
  },
  {
    code: 'TRL0806',
    title: 'key conflict',
    explanation: `Two tuples of a relation agree on its key, the columns left of \`=>\`, and differ elsewhere. A key says that there is one tuple at most; which of two should win, only the program can say. The notes name both tuples and where they come from.

A rule \`t(k, new) :- t(k, old), ..\` adds to what a table holds and does not replace it: write \`upsert\`, which replaces the tuple from the next timestep on, or choose one by an aggregate.

${undone}`,
    wrong: `table price(item: string => cents: int);
offer("tea", 300); offer("tea", 250);
price(i, c) :- offer(i, c);`,
    right: `table price(item: string => cents: int);
offer("tea", 300); offer("tea", 250);
price(i, min<c>) :- offer(i, c);`,
  },
  {
    code: 'TRL0807',
    title: 'key conflict at the commit',
    explanation: `The content that a table is to have from the next timestep on holds two tuples that agree on the key and differ elsewhere. New content = (content − deletes − tuples whose key is upserted) ∪ \`@next\` ∪ upserts; so two upserts of one key with different values conflict, an upsert conflicts with an \`@next\` of the same key, and an \`@next\` with a stored tuple that nothing deletes.

${undone}`,
    wrong: `table price(item: string => cents: int);
offer("tea", 300); offer("tea", 250);
upsert price(i, c) :- offer(i, c);`,
    right: `table price(item: string => cents: int);
offer("tea", 300); offer("tea", 250);
upsert price(i, min<c>) :- offer(i, c);`,
  },
  {
    code: 'TRL0808',
    title: 'a timestep goes beyond a bound',
    explanation: `A timestep may insert a bounded number of distinct tuples. Recursion that makes new values (\`n + 1\`) never ends unless a condition ends it; the message names the relation that grew most. Tuples that hold very large values count by their size as well, all together up to some 134 million characters.

If the result really is so large, raise the bound (\`--max-tuples N\`). ${undone}

\`run\` and \`node\` can bound a timestep in time and the process in memory, too (\`--max-seconds N\`, \`--max-memory MIB\`). These depend on the machine, so nothing is concluded about the events: a node that cannot run its timestep within them stops and rejects nothing, and \`simulate\` knows neither. \`run\` and \`node\` end with exit code 4.`,
    wrong: `n(0);
n(x + 1) :- n(x);`,
    right: `n(0);
n(x + 1) :- n(x), x < 100;`,
  },
  {
    code: 'TRL0814',
    title: 'a broken promise',
    explanation: `A \`seal\` statement says that a node which has sealed a value adds no more tuples with it, and \`from\` that nobody but the nodes named there adds any. Readers of \`sealed\` literals rely on both. So the timestep in which a node would break its promise fails; the message names the node, the tuple and the rule that adds it. A tuple that it had added before may come again.

Seal later: let the condition of the seal hold only once everything has been added. Or name all nodes that add tuples behind \`from\`.

${undone}`,
    wrong: `static server(n: addr);
static given(x: int);
table t(x: int);
output complete(x: int);
server("another node");
given(1);
seal t on (x) from server(n) when given(x);
t(x) :- given(x);
complete(x) :- sealed t(x);`,
    right: `static given(x: int);
table t(x: int);
output complete(x: int);
given(1);
seal t on (x) when given(x);
t(x) :- given(x);
complete(x) :- sealed t(x);`,
  },
];
