import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { positionAt } from '../../../src/base/span.js';
import { parseClusterFile } from '../../../src/files/cluster-file.js';
import { loadWorkload, specInFolder } from '../../../src/files/load-workload.js';
import type { WorkloadSources } from '../../../src/files/load-workload.js';
import { programOf } from '../../support/check-fixture.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const program = programOf(`
  table link(a: string, b: string);
  static role(name: string);
  scratch start(n: int);
  table kept(@at: addr, n: int);
  input put(k: string, v: int);
  output seen(n: int);
  seen(n) :- start(n);
  seen(0) :- boot(_);
`);

function load(sources: Partial<WorkloadSources>) {
  const nodes = ['n1', 'n2'];
  const whole = { program, nodes, cluster: null, facts: [], inputs: [], header: 'auto' } as const;
  const { value, diagnostics } = loadWorkload({ ...whole, ...sources });
  const errors = diagnostics.map(({ code, message, help, primary }) => {
    const place = primary === undefined ? null : positionAt(primary.span.file, primary.span.start);
    return { code, message, help, at: place === null ? null : `${place.line}:${place.column}` };
  });
  const facts = value.facts.map((fact) => ({ ...fact, rows: [...fact.rows] }));
  return { ...value, facts, errors };
}

describe('facts of a scratch', () => {
  it('are refused if rules derive it, because the checker takes it for derived', () => {
    const derived = programOf(
      'static st(x: int); st(1); scratch s(x: int); s(x) :- st(x); output o(x: int); o(x) :- st(x), notin s(x);',
    );
    const folder = temporaryFolder({ 's.csv': 'x\n5\n' });
    const { facts, errors } = load({ program: derived, facts: [folder] });
    expect(facts).toEqual([]);
    expect(errors).toMatchObject([
      { code: 'TRL1011', help: 'give them to a table or a static and let a rule read that' },
    ]);
    expect(errors[0]!.message).toContain('rules derive the scratch `s` afresh');
  });

  it('are refused if it is spread over the cluster, where they would be gone before they arrive', () => {
    const spread = programOf('scratch s(x: int) partition by (x); output o(x: int); o(x) :- s(x);');
    const { facts, errors } = load({
      program: spread,
      facts: [temporaryFolder({ 's.csv': 'x\n5\n' })],
    });
    expect(facts).toEqual([]);
    expect(errors).toMatchObject([{ code: 'TRL1011' }]);
  });
});

const nodesHelp = 'the nodes are n1, n2; name all of them with --nodes or in the cluster file';

describe('folders of facts', () => {
  it('give files to every node, and folders to the node they are called after', () => {
    const folder = temporaryFolder({
      'link.csv': 'a,b\nx,y\n',
      'n2/link.tsv': 'p\tq\n',
      'start.jsonl': '[1]\n[2]\n',
      'README.md': 'not facts',
    });
    const { facts, errors } = load({ facts: [folder] });
    expect(errors).toEqual([]);
    expect(facts).toEqual([
      { node: null, relation: 'link', rows: [['x', 'y']] },
      { node: 'n2', relation: 'link', rows: [['p', 'q']] },
      { node: null, relation: 'start', rows: [[1], [2]] },
    ]);
  });

  it('give rows of located relations to the node that they name, wherever the file lies', () => {
    const folder = temporaryFolder({ 'n1/kept.csv': 'n1,1\nn2,2\n' });
    expect(load({ facts: [folder] }).facts).toEqual([
      {
        node: null,
        relation: 'kept',
        rows: [
          ['n1', 1],
          ['n2', 2],
        ],
      },
    ]);
  });

  it('give rows with @node to it', () => {
    const folder = temporaryFolder({ 'role.csv': '@node,name\nn2,b\nn1,a\nn2,c\n' });
    expect(load({ facts: [`role=${join(folder, 'role.csv')}`] }).facts).toEqual([
      { node: 'n2', relation: 'role', rows: [['b'], ['c']] },
      { node: 'n1', relation: 'role', rows: [['a']] },
    ]);
  });

  it.each([
    [{ 'lnk.csv': '' }, 'TRL1010', 'did you mean `link`?'],
    [{ 'put.csv': '' }, 'TRL1011', 'give it with --input'],
    [{ 'seen.csv': '' }, 'TRL1011', 'facts go into tables, lattices, statics and scratches'],
    [{ 'boot.csv': '' }, 'TRL1011', 'facts go into tables, lattices, statics and scratches'],
    [{ 'n3/link.csv': 'x,y' }, 'TRL1012', 'did you mean `n1`?'],
    [{ 'role.csv': '@node,name\nelsewhere,a\n' }, 'TRL1012', nodesHelp],
    [{ 'kept.csv': 'elsewhere,1\n' }, 'TRL1012', nodesHelp],
    [{ 'start.csv': 'x\n' }, 'TRL1002', 'mend the cell, or declare the column with another type'],
    [
      { 'start.csv': new Uint8Array([0xff, 0xfe]) },
      'TRL1001',
      'name a text file, or save it as UTF-8',
    ],
  ])('with something wrong in them give nothing at all: %j', (files, code, help) => {
    const folder = temporaryFolder({ 'link.csv': 'x,y\n', ...files });
    const { facts, errors } = load({ facts: [folder] });
    expect(facts).toEqual([]);
    expect(errors).toMatchObject([{ code, help }]);
  });

  it('must be there', () => {
    const folder = temporaryFolder({ 'file.txt': '' });
    for (const spec of [join(folder, 'none'), join(folder, 'file.txt'), join(folder, 'file.txt/x')])
      expect(load({ facts: [spec] }).errors).toMatchObject([{ code: 'TRL1008' }]);
    expect(load({ facts: [`link=${join(folder, 'none.csv')}`] }).errors).toMatchObject([
      { code: 'TRL1001', message: expect.stringContaining('there is no such file') },
    ]);
  });

  it('may begin with a byte-order mark', () => {
    const folder = temporaryFolder({ 'link.csv': '\uFEFFa,b\nx,y\n' });
    expect(load({ facts: [folder] }).facts).toMatchObject([{ rows: [['x', 'y']] }]);
  });
});

describe('the nodes', () => {
  it('are sorted, each once, where they are given', () => {
    expect(load({ nodes: ['b', 'a', 'b'] }).nodes).toEqual(['a', 'b']);
  });

  it('are else those that facts name', () => {
    const folder = temporaryFolder({ 'kept.csv': 'y,1\nx,2\n', 'z/link.csv': 'p,q\n' });
    expect(load({ nodes: null, facts: [folder] }).nodes).toEqual(['x', 'y', 'z']);
    const located = programOf('table t(@at: addr); t("b"); t("a");');
    expect(load({ nodes: null, program: located }).nodes).toEqual(['a', 'b']);
  });

  it('are else one', () => {
    expect(load({ nodes: null }).nodes).toEqual(['n1']);
    const folder = temporaryFolder({ 'in.jsonl': '{"node": "n2", "rel": "put", "row": ["a", 1]}' });
    const { errors } = load({ nodes: null, inputs: [join(folder, 'in.jsonl')] });
    expect(errors).toMatchObject([{ code: 'TRL1012', help: 'did you mean `n1`?' }]);
  });
});

describe('inputs', () => {
  const inputs = (text: string) => {
    const folder = temporaryFolder({ 'in.jsonl': text });
    return load({ inputs: [join(folder, 'in.jsonl')] });
  };

  it('are JSON Lines, with node and time if they say so', () => {
    const { inputs: found, errors } = inputs(
      '{"rel": "put", "row": ["a", 1]}\r\n\n{"node": "n2", "rel": "put", "row": ["b", 2], "at": 120}\n',
    );
    expect(errors).toEqual([]);
    expect(found).toEqual([
      { node: null, relation: 'put', row: ['a', 1], atMs: null },
      { node: 'n2', relation: 'put', row: ['b', 2], atMs: 120 },
    ]);
  });

  it('are table files of one relation', () => {
    const folder = temporaryFolder({ 'in.csv': '@node,k,v\nn2,a,1\n' });
    const { inputs: found } = load({ inputs: [`put=${join(folder, 'in.csv')}`] });
    expect(found).toEqual([{ node: 'n2', relation: 'put', row: ['a', 1], atMs: null }]);
  });

  it.each([
    ['nonsense', 'TRL1009', 'this line is not a JSON object'],
    ['[1]', 'TRL1009', 'this line is not a JSON object'],
    ['{"row": []}', 'TRL1009', '`rel` is to name a relation'],
    ['{"rel": "put"}', 'TRL1009', '`row` is to be an array of values'],
    ['{"rel": "put", "row": {"k": "a"}}', 'TRL1009', '`row` is to be an array of values'],
    ['{"rel": "put", "row": [], "node": 1}', 'TRL1009', '`node` is to be the name of a node'],
    [
      '{"rel": "put", "row": ["a", 1], "at": "soon"}',
      'TRL1009',
      '`at` is to be a number of milliseconds, 0 or more',
    ],
    [
      '{"rel": "put", "row": ["a", 1], "at": -1}',
      'TRL1009',
      '`at` is to be a number of milliseconds, 0 or more',
    ],
    ['{"rel": "put", "row": ["a", 1], "time": 3}', 'TRL1009', 'unknown key `time`'],
    ['{"rel": "put", "row": ["a"]}', 'TRL1009', 'a row of 1 columns for `put`, which has 2'],
    [
      '{"rel": "put", "row": ["a", "b"]}',
      'TRL1009',
      'column 2 (`v`) of `put`: expected an int, found "b"',
    ],
    [
      '{"rel": "putt", "row": []}',
      'TRL1010',
      expect.stringContaining('the program has no relation `putt`'),
    ],
    [
      '{"rel": "boot", "row": [true]}',
      'TRL1011',
      expect.stringContaining('`boot` is an input and'),
    ],
    [
      '{"rel": "link", "row": ["a", "b"]}',
      'TRL1011',
      expect.stringContaining('takes no inputs from outside'),
    ],
    [
      '{"node": "x", "rel": "put", "row": ["a", 1]}',
      'TRL1012',
      expect.stringContaining('there is no node `x`'),
    ],
  ])('are refused at their line: %s', (line, code, message) => {
    const { inputs: found, errors } = inputs(`{"rel": "put", "row": ["a", 1]}\n${line}\n`);
    expect(found).toEqual([]);
    expect(errors).toMatchObject([{ code, message, at: '2:1' }]);
  });
});

it('help for an unknown relation speaks of what names it, an input or a file', () => {
  const input = { 'in.jsonl': '{"rel": "zzzzzz", "row": []}\n' };
  const ofInput = load({ inputs: [join(temporaryFolder(input), 'in.jsonl')] });
  expect(ofInput.errors.map(({ help }) => help)).toEqual([
    'give an input that the program declares',
  ]);
  const ofFile = load({ facts: [temporaryFolder({ 'zzzzzz.csv': '' })] });
  expect(ofFile.errors.map(({ help }) => help)).toEqual([
    'facts go to relations of the program: name the table or file after one',
  ]);
});

describe('statics of a cluster file', () => {
  const cluster = (statics: string) => {
    const text = `program = "x"\n[nodes.n1]\n[nodes.n2.static]\nrole = [["b"]]\n[static]\n${statics}\n`;
    return parseClusterFile({ path: 'cluster.toml', text }).value;
  };

  it('hold everywhere, or at their node', () => {
    expect(load({ cluster: cluster('link = [["x", "y"], ["y", "z"]]') }).facts).toEqual([
      {
        node: null,
        relation: 'link',
        rows: [
          ['x', 'y'],
          ['y', 'z'],
        ],
      },
      { node: 'n2', relation: 'role', rows: [['b']] },
    ]);
  });

  it.each([
    [
      'lnk = [["x", "y"]]',
      'TRL1010',
      /^\[static\] of cluster.toml: the program has no relation `lnk`$/,
    ],
    ['link = [["x"]]', 'TRL1007', /the row \["x"\] has 1 columns, not 2$/],
    ['link = [["x", 5]]', 'TRL1007', /column `b`: expected a string, found 5$/],
    ['put = [["x", 5]]', 'TRL1011', /`put` is an input and takes no facts from outside$/],
    ['kept = [["n9", 5]]', 'TRL1012', /there is no node `n9`$/],
  ])('are refused where they do not fit: %s', (statics, code, message) => {
    const { facts, errors } = load({ cluster: cluster(statics) });
    expect(facts).toEqual([]);
    expect(errors).toMatchObject([{ code, message: expect.stringMatching(message) }]);
  });
});

it('paths of a cluster file count from its folder, absolute ones from the root', () => {
  expect(specInFolder('/c', 'facts')).toBe('/c/facts');
  expect(specInFolder('/c', 'link=a$&.csv')).toBe('link=/c/a$&.csv');
  expect(specInFolder('/c', '/data/facts')).toBe('/data/facts');
  expect(specInFolder('/c', 'link=/data/x=y.csv')).toBe('link=/data/x=y.csv');
});
