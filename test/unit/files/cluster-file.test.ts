import { describe, expect, it } from 'vitest';
import { positionAt } from '../../../src/base/span.js';
import { float, list, map } from '../../../src/base/value.js';
import { parseClusterFile } from '../../../src/files/cluster-file.js';

function parse(text: string) {
  const { value, diagnostics } = parseClusterFile({ path: 'cluster.toml', text });
  const errors = diagnostics.map(({ code, message, help, primary }) => {
    const { file, start, end } = primary!.span;
    const { line, column } = positionAt(file, start);
    return { code, message, help, at: `${line}:${column}`, marked: text.slice(start, end) };
  });
  return { value, errors };
}

const smallest = 'program = "a.bloom"\n[nodes.n1]\n';

describe('a cluster file', () => {
  it('may have every key', () => {
    const { value, errors } = parse(`
      program = "app.bloom"
      params = { limit = 3, rate = 1.5, tags = ["a"], deep = { x = 1 }, on = true }
      [nodes.b]
      listen = "127.0.0.1:7002"
      data = "data/b"
      [nodes.b.static]
      role = [["backup"]]
      [nodes.a]
      [static]
      peer = [["a", 0], ["b", 1]]
      [coordination]
      members = ["b", "a"]
      [workload]
      facts = ["facts", "link=more.csv"]
      input = "asks.jsonl"
    `);
    expect(errors).toEqual([]);
    expect(value).toMatchObject({
      program: 'app.bloom',
      nodes: [
        { name: 'a', listen: '127.0.0.1:0', data: null, statics: {} },
        {
          name: 'b',
          listen: '127.0.0.1:7002',
          data: 'data/b',
          statics: { role: [['backup']] },
        },
      ],
      statics: {
        peer: [
          ['a', 0],
          ['b', 1],
        ],
      },
      members: ['a', 'b'],
      workload: { facts: ['facts', 'link=more.csv'], inputs: ['asks.jsonl'] },
    });
    expect([...value!.params]).toEqual([
      ['limit', 3],
      ['rate', float(1.5)],
      ['tags', list(['a'])],
      ['deep', map([['x', 1]])],
      ['on', true],
    ]);
  });

  it('gives each node a data directory of its own', () => {
    const { errors } = parse(
      'program = "a.bloom"\n[nodes.b]\ndata = "d/x/"\n[nodes.a]\ndata = "./d/y/../x"\n[nodes.c]\ndata = "d"\n',
    );
    expect(errors).toMatchObject([
      {
        code: 'TRL1018',
        message: 'the nodes b and a have one data directory, `./d/y/../x`',
        at: '5:1',
      },
    ]);
    const [empty] = parse('program = "a.bloom"\n[nodes.a]\ndata = ""\n').errors;
    expect(empty).toMatchObject({ code: 'TRL1004', at: '3:1' });
    expect(empty!.message).toContain('name a directory');
    const [misspelt] = parse('program = "a.bloom"\n[nodes.a]\ndate = "d"\n').errors;
    expect(misspelt).toMatchObject({ code: 'TRL1004', help: 'did you mean `data`?' });
  });

  it('needs a program and a node, and no more', () => {
    const { value, errors } = parse(smallest);
    expect(errors).toEqual([]);
    expect(value).toMatchObject({
      members: null,
      statics: {},
      workload: { facts: [], inputs: [] },
    });
  });

  it.each([
    ['[nodes.a]\n', '`program`', '1:1'],
    ['program = "x"\n', '`nodes`', '1:1'],
    ['', '`program`', '1:1'],
  ])('says what is missing in %j', (text, key, at) => {
    expect(parse(text).value).toBeNull();
    expect(parse(text).errors[0]).toMatchObject({
      code: 'TRL1004',
      message: `the cluster file lacks ${key}`,
      at,
    });
  });

  it.each([
    [`progam = "x"\n${smallest}`, 'progam', '1:1', 'did you mean `program`?'],
    [`${smallest}lisen = "a:1"\n`, 'nodes.n1.lisen', '3:1', 'did you mean `listen`?'],
    [
      `${smallest}[coordination]\nmenbers = []\n`,
      'coordination.menbers',
      '4:1',
      'did you mean `members`?',
    ],
    [`${smallest}[workload]\ninputs = "x"\n`, 'workload.inputs', '4:1', 'did you mean `input`?'],
    [
      `${smallest}[workload]\n# zebra\nfacts = "zebra" # zebra = 1\nzebra = 1\n`,
      'workload.zebra',
      '6:1',
      'known keys here: facts, input',
    ],
    [
      `${smallest}[storage]\n`,
      'storage',
      '3:2',
      'known keys here: coordination, nodes, params, program, static, workload',
    ],
  ])('refuses an unknown key: %j', (text, key, at, help) => {
    const { value, errors } = parse(text);
    expect(value).toBeNull();
    const marked = key.split('.').at(-1);
    expect(errors).toMatchObject([
      { code: 'TRL1004', message: `unknown key \`${key}\` in the cluster file`, at, marked, help },
    ]);
  });

  it.each([
    ['program = 5\n[nodes.a]\n', '`program` in the cluster file must be a string, not 5'],
    ['program = "x"\nnodes = 3\n', '`nodes` in the cluster file must be a table, not 3'],
    ['program = "x"\nnodes = {}\n', '`nodes` in the cluster file is wrong: name at least one node'],
    [
      `${smallest}listen = "here"\n`,
      '`nodes.n1.listen` in the cluster file is wrong: write it as "HOST:PORT"',
    ],
    [
      `${smallest}[static]\npeer = "x"\n`,
      '`static.peer` in the cluster file must be a list, not "x"',
    ],
    [
      `${smallest}[static]\npeer = ["x"]\n`,
      '`static.peer.0` in the cluster file must be a list, not "x"',
    ],
    [
      `${smallest}[coordination]\nmembers = "n1"\n`,
      '`coordination.members` in the cluster file must be a list, not "n1"',
    ],
    [
      `${smallest}[workload]\nfacts = 7\n`,
      '`workload.facts` in the cluster file must be a string or a list of strings, not 7',
    ],
  ])('refuses a value of the wrong type: %j', (text, message) => {
    const { value, errors } = parse(text);
    expect(value).toBeNull();
    expect(errors).toMatchObject([{ code: 'TRL1004', message }]);
  });

  it.each([
    [`${smallest}listen = "a:1"\n[nodes.b]\nlisten = "here"\n`, '5:1'],
    [`${smallest}listen = "a:1"\n[nodes]\nb.listen = "here"\n`, '5:3'],
    [`${smallest}listen = "a:1"\n[nodes."b"]\n"listen" = "here"\n`, '5:2'],
    [`program = "x"\nnodes = { a = { listen = "a:1" }, b = { listen = "here" } }\n`, '2:41'],
  ])('points at the key of the node that is wrong: %j', (text, at) => {
    expect(parse(text).errors).toMatchObject([{ code: 'TRL1004', at, marked: 'listen' }]);
  });

  it('refuses params that are no values', () => {
    const { value, errors } = parse(`${smallest}[params]\nday = 2024-01-01\n`);
    expect(value).toBeNull();
    expect(errors).toMatchObject([{ code: 'TRL1004', at: '4:1', marked: 'day' }]);
    expect(errors[0]!.message).toContain('a date is no value');
  });

  it.each([
    [
      'members = ["n1", "n2"]',
      '`coordination.members` names `n2`, which is no node of this cluster',
    ],
    [
      'members = ["n1", "n1"]',
      '`coordination.members` must name each member once, and at least one',
    ],
    ['members = []', '`coordination.members` must name each member once, and at least one'],
  ])('refuses members that cannot vote: %s', (line, message) => {
    const { value, errors } = parse(`${smallest}[coordination]\n${line}\n`);
    expect(value).toBeNull();
    expect(errors).toMatchObject([{ code: 'TRL1005', message, at: '4:1', marked: 'members' }]);
  });

  it.each([
    ['program = \n', 1],
    [`${smallest}listen == "x"\n`, 3],
    [`${smallest}a = 1\na = 2\n`, 4],
    ['program = "x\n', 1],
    ['x = 99999999999999999999\n', 1],
  ])('that is no TOML is refused at its line: %j', (text, line) => {
    const { value, errors } = parse(text);
    expect(value).toBeNull();
    expect(errors).toHaveLength(1);
    expect(errors[0]!.code).toBe('TRL1003');
    expect(errors[0]!.at).toMatch(new RegExp(`^${line}:`));
    expect(errors[0]!.message).not.toContain('\n');
  });
});
