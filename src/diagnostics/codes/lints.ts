/** Codes of area 15: warnings about programs that are right and probably not what was meant. */
import type { CodeEntry } from '../code-entry.js';

export const lintCodes: readonly CodeEntry[] = [
  {
    code: 'TRL1201',
    title: 'A variable that is used once',
    explanation:
      'A variable joins what it stands in. One that stands in one place only joins nothing: `_` says so, and a misspelt name shows. A name that begins with `_` is left alone, and so are rules with aggregates, which range over the bindings of all named variables.',
    wrong: 'input e(x: int, y: int);\noutput o(x: int);\no(x) :- e(x, y);\n',
    right: 'input e(x: int, y: int);\noutput o(x: int);\no(x) :- e(x, _);\n',
  },
  {
    code: 'TRL1202',
    title: 'A relation that nothing uses',
    explanation:
      'A relation that is declared and never used is left over, or its use is misspelt. A scratch that is derived but neither read nor shown costs work for nothing; a table keeps what it is told, and `--print` shows it.',
    wrong:
      'input e(x: int);\noutput o(x: int);\nscratch seen(x: int);\nseen(x) :- e(x);\no(x) :- e(x);\n',
    right:
      'input e(x: int);\noutput o(x: int);\nscratch seen(x: int);\nseen(x) :- e(x);\no(x) :- seen(x);\n',
  },
  {
    code: 'TRL1203',
    title: 'An input that no rule reads',
    explanation: 'What comes in through it is taken by a timestep and gone.',
    wrong: 'input e(x: int);\ninput f(x: int);\noutput o(x: int);\no(x) :- e(x);\n',
    right: 'input e(x: int);\ninput f(x: int);\noutput o(x: int);\no(x) :- e(x) | f(x);\n',
  },
  {
    code: 'TRL1204',
    title: 'A channel that no rule reads',
    explanation:
      'Messages travel to their receivers and are lost there, because no rule takes them. All nodes run the same program, so no other one reads them either.',
    wrong:
      'static peer(n: addr);\ninput e(x: int);\noutput o(x: int);\nchannel c(@to: addr, x: int);\nc(n, x)@async :- e(x), peer(n);\no(x) :- e(x);\n',
    right:
      'static peer(n: addr);\ninput e(x: int);\noutput o(x: int);\nchannel c(@to: addr, x: int);\nc(n, x)@async :- e(x), peer(n);\no(x) :- c(_, x);\n',
  },
  {
    code: 'TRL1205',
    title: 'A rule that can never fire',
    explanation:
      'Every alternative of its body reads a relation that stays empty, whatever comes from outside, or contradicts itself. A relation stays empty if no fact, no input and no rule that can fire fills it; relations that are derived from each other only have nothing to begin with. A body contradicts itself if a condition is always false, a variable would have two values or a lower bound above its upper one, a member is asked of what is empty, or one tuple is asked for and denied. A condition that names a `param` is left alone: it is a switch.',
    wrong: 'input e(x: int);\noutput o(x: int);\no(x) :- e(x), x == 1, x == 2;\n',
    right: 'input e(x: int);\noutput o(x: int);\no(x) :- e(x), x == 1 | e(x), x == 2;\n',
  },
  {
    code: 'TRL1206',
    title: 'An input that nothing feeds',
    explanation:
      'The inputs of a module instance are fed by the rules of the program around it; where there are none, the rules of the module that read it never fire. `run`, `simulate` and `report` say the same of an input of the program for which the given inputs have no rows, when they have some for another.',
    wrong:
      'module M {\n    input  put(x: int);\n    output got(x: int);\n    got(x) :- put(x);\n}\nuse M as m;\noutput o(x: int);\no(x) :- m.got(x);\n',
    right:
      'module M {\n    input  put(x: int);\n    output got(x: int);\n    got(x) :- put(x);\n}\nuse M as m;\ninput e(x: int);\nm.put(x) :- e(x);\noutput o(x: int);\no(x) :- m.got(x);\n',
  },
];
