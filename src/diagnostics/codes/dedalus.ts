/** Codes of the Dedalus dialect, over all areas. The programs are `.ded` files, but for TRL0161; printing in the dialect has none. */
import type { CodeEntry } from '../code-entry.js';

export const dedalusCodes: readonly CodeEntry[] = [
  {
    code: 'TRL0160',
    dialect: 'ded',
    title: 'a statement of `.bloom` in a `.ded` file',
    explanation:
      'The Dedalus dialect has facts with their time, rules with `@next` and `@async`, `include`, and declarations of `table`, `scratch`, `static`, `input`, `output` and `view`. Channels, timers, labels, `delete`, `upsert`, modules and the statements about a program belong to `.bloom` files.',
    wrong:
      'channel log(@to, payload);\nlog(b, p)@async :- send(a, b, p);\nsend("a", "b", "x")@1;\n',
    right: 'log(b, p)@async :- send(a, b, p);\nsend("a", "b", "x")@1;\n',
  },
  {
    code: 'TRL0161',
    title: 'a point in time in a `.bloom` file',
    explanation:
      'In `.ded` files facts carry their time, `begin("C")@1;`, and literals may ask about one. In `.bloom` files a fact holds from boot on, and a rule over `boot(_)` does something once at the start.',
    wrong: 'table begin(who: string);\nbegin("C")@1;\n',
    right: 'table begin(who: string);\nbegin("C");\n',
  },
  {
    code: 'TRL0162',
    dialect: 'ded',
    title: 'a time that does not go with the clause',
    explanation:
      'A fact may say when it holds, `p("a")@3;`. A rule holds whenever its body does, so its head has no point in time; and what `@next` and `@async` mean, only a body can say.',
    wrong: 'p(x)@3 :- q(x);\nq("a")@1;\n',
    right: 'p(x) :- q(x);\nq("a")@3;\n',
  },
  {
    code: 'TRL0163',
    dialect: 'ded',
    title: 'something else than a time behind `@`',
    explanation:
      'Behind `@` stands a point in time, 1 or later; behind the head of a rule `next` or `async`. In a body `p(x)@1` asks whether `p(x)` held at time 1; `@next` and `@async` belong to heads.',
    wrong: 'p(x) :- q(x)@next;\nq("a")@1;\n',
    right: 'p(x)@next :- q(x);\nq("a")@1;\n',
  },
  {
    code: 'TRL0260',
    dialect: 'ded',
    title: 'a built-in relation of the dialect is derived or declared',
    explanation:
      '`clock(from, to, time, arrival)` and `crash(observer, node, time)` are given: at time t `clock` says that a message from one node to the other arrives at `arrival`, and `crash` says which nodes have crashed. Programs only read them.',
    wrong: 'crash("a", "b", 2)@1;\np(x) :- crash(x, _, _);\n',
    right: 'failed("a", "b", 2)@1;\np(x) :- failed(x, _, _);\n',
  },
  {
    code: 'TRL0261',
    dialect: 'ded',
    title: 'a file cannot be included',
    explanation:
      '`include "file";` puts the statements of another file in its place. Paths resolve against the folder of the first file, the one on the command line, also in included files. A file counts once, however often it is included.',
    wrong: 'include "no-such-file.ded";\np("a")@1;\n',
    right: 'p("a")@1;\n',
  },
  {
    code: 'TRL0262',
    title: 'the Dedalus dialect has no words for it',
    explanation:
      '`compile --emit program --dialect ded` writes a `.bloom` program in the Dedalus dialect. That has relations, rules with `@next` and `@async`, negation, aggregates, numbers, strings and arithmetic; it has no lattices, timers, functions, collections as values, and no built-in relations but `clock` and `crash`.',
    wrong: null,
    right: null,
  },
  {
    code: 'TRL0263',
    title: 'a statement about the program is not in the Dedalus dialect',
    explanation:
      'Seals, `assume`, `coordinate` and invariants derive nothing, and the dialect has nothing like them: a program printed in it goes without.',
    wrong: null,
    right: null,
  },
  {
    code: 'TRL0461',
    dialect: 'ded',
    title: 'a rule of the protocol looks at several nodes',
    explanation:
      'A rule fires at the node of its first literal. Assertions, that is `pre`, `post` and what no message depends on, may look at all nodes at once. Another rule that names several places is evaluated over all nodes in `run`, where one process holds them all; a node on its own sees its own tuples, so all places of the rule are then that node, and a head elsewhere is sent to its node.',
    wrong: 'hello(m, n)@async :- client(n), server(k, m);\nclient("a")@1;\nserver("b", "c")@1;\n',
    right: 'hello(m, n)@async :- client(n), server(n, m);\nclient("a")@1;\nserver("a", "c")@1;\n',
  },
];
