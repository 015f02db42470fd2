/** Codes of area 02, from 20 on: modules, the files of a program, functions from TypeScript. */
import type { CodeEntry } from '../code-entry.js';

const counter = `module Counter {
  input add(n: int);
  output total(n: int);
  table seen(n: int);
  seen(n) :- add(n);
  total(sum<n>) :- seen(n);
}
`;

export const moduleCodes: readonly CodeEntry[] = [
  {
    code: 'TRL0220',
    title: 'unknown module',
    explanation:
      'A `use` names a module that neither this file nor one that it imports declares. An import brings ' +
      'the modules that the file itself declares, not those that it imports in turn.',
    wrong: `${counter}input add(n: int);
output sum_of(n: int);
use Conuter as c;
c.add(n) :- add(n);
sum_of(n) :- c.total(n);
`,
    right: `${counter}input add(n: int);
output sum_of(n: int);
use Counter as c;
c.add(n) :- add(n);
sum_of(n) :- c.total(n);
`,
  },
  {
    code: 'TRL0221',
    title: 'two instances of one name',
    explanation:
      'Each `use` makes an instance of its own, with a name of its own. The same module may be used any ' +
      'number of times; the instances share nothing.',
    wrong: `${counter}input add(n: int);
output sum_of(n: int);
use Counter as c;
use Counter as c;
c.add(n) :- add(n);
sum_of(n) :- c.total(n);
`,
    right: `${counter}input add(n: int);
output sum_of(n: int);
use Counter as c;
use Counter as d;
c.add(n), d.add(n) :- add(n);
sum_of(n) :- c.total(n), d.total(n);
`,
  },
  {
    code: 'TRL0222',
    title: 'variable named like an instance',
    explanation:
      '`x.m(...)` reads a relation if `x` is an instance, and calls a method if `x` is a variable. So that ' +
      'every reader can tell, no variable bears the name of an instance.',
    wrong: `${counter}input add(n: int);
output sum_of(n: int);
use Counter as c;
c.add(c) :- add(c);
sum_of(n) :- c.total(n);
`,
    right: `${counter}input add(n: int);
output sum_of(n: int);
use Counter as c;
c.add(n) :- add(n);
sum_of(n) :- c.total(n);
`,
  },
  {
    code: 'TRL0223',
    title: 'not on the face of a module',
    explanation:
      'The inputs, outputs and views of a module are all that the program around it sees. What else is in ' +
      'it may change without notice.',
    wrong: `${counter}input add(n: int);
output sum_of(n: int);
use Counter as c;
c.add(n) :- add(n);
sum_of(n) :- c.seen(n);
`,
    right: `${counter}input add(n: int);
output sum_of(n: int);
use Counter as c;
c.add(n) :- add(n);
sum_of(n) :- c.total(n);
`,
  },
  {
    code: 'TRL0224',
    title: 'face of a module used the wrong way',
    explanation:
      'The program around a module writes its inputs, with `:-`, and reads its outputs and views.',
    wrong: `${counter}input add(n: int);
output sum_of(n: int);
use Counter as c;
c.add(n) :- add(n);
c.total(0) :- add(_);
sum_of(n) :- c.total(n);
`,
    right: `${counter}input add(n: int);
output sum_of(n: int);
use Counter as c;
c.add(n) :- add(n);
sum_of(n) :- c.total(n);
`,
  },
  {
    code: 'TRL0225',
    title: 'unknown param of a module',
    explanation:
      'A `use` sets params of its module, each once: `use M as m (p = 1);`. A `const` cannot be set.',
    wrong: `module Echo {
  param times: int = 1;
  input say(x: int);
  output said(x: int);
  said(x * times) :- say(x);
}
input go(x: int);
output out(x: int);
use Echo as echo (tmies = 2);
echo.say(x) :- go(x);
out(x) :- echo.said(x);
`,
    right: `module Echo {
  param times: int = 1;
  input say(x: int);
  output said(x: int);
  said(x * times) :- say(x);
}
input go(x: int);
output out(x: int);
use Echo as echo (times = 2);
echo.say(x) :- go(x);
out(x) :- echo.said(x);
`,
  },
  {
    code: 'TRL0226',
    title: 'param of a module without a value',
    explanation: 'A param without default gets its value where the module is used.',
    wrong: `module Echo {
  param times: int;
  input say(x: int);
  output said(x: int);
  said(x * times) :- say(x);
}
input go(x: int);
output out(x: int);
use Echo as echo;
echo.say(x) :- go(x);
out(x) :- echo.said(x);
`,
    right: `module Echo {
  param times: int;
  input say(x: int);
  output said(x: int);
  said(x * times) :- say(x);
}
input go(x: int);
output out(x: int);
use Echo as echo (times = 2);
echo.say(x) :- go(x);
out(x) :- echo.said(x);
`,
  },
  {
    code: 'TRL0227',
    title: 'file of a program that cannot be read',
    explanation:
      'An `import`, an `include` or an `extern function` names a file that is not there or cannot be read. ' +
      'Paths that begin with `./` or `../` are relative to the file that names them; `std/...` is the ' +
      'standard library.',
    wrong: null,
    right: null,
  },
  {
    code: 'TRL0228',
    title: 'files that lead back to themselves',
    explanation:
      'A file imports or includes itself, or one that leads back to it. What both need belongs into a ' +
      'third file.',
    wrong: null,
    right: null,
  },
  {
    code: 'TRL0229',
    title: 'statement outside any module in an imported file',
    explanation:
      'An import brings modules, so a file that is imported has modules only, with the constants and ' +
      'functions that they share. `include` puts in a whole file.',
    wrong: null,
    right: null,
  },
  {
    code: 'TRL0230',
    title: 'two modules of one name',
    explanation:
      'Two modules of one name meet in a file: both declared there, or brought by imports. The same module ' +
      'brought twice is one.',
    wrong: `module M { input a(x: int); output b(x: int); b(x) :- a(x); }
module M { input c(x: int); output d(x: int); d(x) :- c(x); }
`,
    right: `module M { input a(x: int); output b(x: int); b(x) :- a(x); }
module N { input c(x: int); output d(x: int); d(x) :- c(x); }
`,
  },
  {
    code: 'TRL0231',
    title: 'module that uses itself',
    explanation:
      'An instance of a module contains an instance of every module that it uses. A module that uses itself, ' +
      'by way of others or not, would have no end.',
    wrong: `module M {
  input a(x: int);
  output b(x: int);
  use M as inner;
  inner.a(x) :- a(x);
  b(x) :- inner.b(x);
}
input go(x: int);
output out(x: int);
use M as m;
m.a(x) :- go(x);
out(x) :- m.b(x);
`,
    right: `module M {
  input a(x: int);
  output b(x: int);
  b(x) :- a(x);
}
input go(x: int);
output out(x: int);
use M as m;
m.a(x) :- go(x);
out(x) :- m.b(x);
`,
  },
  {
    code: 'TRL0232',
    title: 'module or import inside a module',
    explanation:
      'Modules and imports stand at the top of a file, where all modules of the file see them.',
    wrong: `module Outer {
  input a(x: int);
  output b(x: int);
  module Inner { input c(x: int); output d(x: int); d(x) :- c(x); }
  b(x) :- a(x);
}
`,
    right: `module Inner { input c(x: int); output d(x: int); d(x) :- c(x); }
module Outer {
  input a(x: int);
  output b(x: int);
  use Inner as inner;
  inner.c(x) :- a(x);
  b(x) :- inner.d(x);
}
`,
  },
  {
    code: 'TRL0233',
    title: 'unknown instance',
    explanation: 'What stands before the dot of a relation is the name that a `use` gave.',
    wrong: `${counter}input add(n: int);
output sum_of(n: int);
use Counter as counter;
coutner.add(n) :- add(n);
sum_of(n) :- counter.total(n);
`,
    right: `${counter}input add(n: int);
output sum_of(n: int);
use Counter as counter;
counter.add(n) :- add(n);
sum_of(n) :- counter.total(n);
`,
  },
  {
    code: 'TRL0234',
    title: 'module that writes its own input',
    explanation:
      'The inputs of a module come from outside of it. A rule of the module that wants to add to them derives ' +
      'into a relation of its own.',
    wrong: `module M {
  input a(x: int);
  output b(x: int);
  a(x + 1) :- a(x), x < 3;
  b(x) :- a(x);
}
`,
    right: `module M {
  input a(x: int);
  output b(x: int);
  scratch all(x: int);
  all(x) :- a(x);
  all(x + 1) :- all(x), x < 3;
  b(x) :- all(x);
}
`,
  },
];
