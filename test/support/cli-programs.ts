/** Small programs with their data, for tests of the command line. */
export const cliPrograms: Readonly<Record<string, string>> = {
  'paths.bloom': `table link(from: string, to: string);
view path(from: string, to: string);
link("a", "b"); link("b", "c");
path(x, y) :- link(x, y);
path(x, z) :- link(x, y), path(y, z);
`,
  'store.bloom': `input put(k: string, v: int);
table kept(k: string, v: int);
output got(k: string, v: int);
view size(n: int);
kept(k, v) :- put(k, v);
got(k, v) :- put(k, v);
size(count<k>) :- kept(k, _);
`,
  'puts.jsonl': `{"rel": "put", "row": ["a", 1]}
{"rel": "put", "row": ["b", 2]}
{"rel": "put", "row": ["c", 3]}
`,
  'echo.bloom': `stdout("> " ++ line) :- stdin(line);
stderr("heard") :- stdin(_);
`,
  'first-come.bloom': `input   wish(who: string);
channel ask(@at: addr, who: string);
table   taken(slot: int => who: string);
output  winner(who: string);
ask(n, w)@async :- wish(w), cluster(n);
first: taken(0, min<w>)@next :- ask(_, w), notin taken(0, _);
winner(w) :- taken(_, w);
`,
  'wishes.jsonl': `{"node": "n1", "rel": "wish", "row": ["ann"]}
{"node": "n2", "rel": "wish", "row": ["bob"]}
`,
  'first-come/cluster.toml': `program = "../first-come.bloom"
[nodes.n1]
[nodes.n2]
[nodes.n3]
[workload]
input = "../wishes.jsonl"
`,
  'endless.bloom': `scratch n(x: int);
output o(x: int);
n(0);
n(x + 1) :- n(x);
o(x) :- n(x);
`,
  'clock.bloom': `periodic beat(20ms);
table seen(n: int);
output ping(n: int);
seen(n) :- beat(n, _);
ping(n) :- seen(n);
stderr("tick") :- beat(_, _);
`,
  'halting.bloom': `halt(7) :- boot(_);
`,
  'unequal.bloom': `table t(k: string => v: int);
input put(k: string, v: int);
output o(k: string, v: int);
t(k, v) :- put(k, v);
o(k, v) :- t(k, v);
`,
  'wrong.bloom': `output o(x: int);
o(x) :- nothing(x);
`,
  'params.bloom': `param name: string = "x";
param n: int;
output o(a: string, b: int);
o(name, n) :- boot(_);
`,
  'located.bloom': `table at(@node: addr, n: int);
at("x", 1); at("y", 2);
view all(node: addr, n: int);
all(a, n) :- at(a, n);
`,
};
