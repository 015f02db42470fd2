import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTarget } from '../../../src/files/load-target.js';
import { writeFile, writeFolder } from '../../../src/files/write-files.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const cluster = 'program = "app.bloom"\n[nodes.a]\n';
const messages = (path: string): readonly string[] =>
  loadTarget(path).diagnostics.map(({ code, message }) => `${code} ${message}`);

describe('what FILE names', () => {
  it('is a program, a cluster file, or a folder with a cluster.toml', () => {
    const folder = temporaryFolder({ 'app.bloom': '// app', 'cluster.toml': cluster });
    const bare = loadTarget(join(folder, 'app.bloom')).value!;
    expect([bare.source.text, bare.cluster, bare.folder]).toEqual(['// app', null, folder]);
    for (const path of [folder, join(folder, 'cluster.toml')]) {
      const target = loadTarget(path).value!;
      expect([target.source.text, target.cluster!.nodes[0]!.name, target.folder]).toEqual([
        '// app',
        'a',
        folder,
      ]);
    }
  });

  it('may be an absolute path within a cluster file', () => {
    const folder = temporaryFolder({ 'app.bloom': '// app' });
    const other = temporaryFolder({
      'cluster.toml': `program = ${JSON.stringify(join(folder, 'app.bloom'))}\n[nodes.a]\n`,
    });
    expect(loadTarget(other).value?.source.text).toBe('// app');
  });

  it('loses a byte-order mark', () => {
    const folder = temporaryFolder({ 'app.bloom': '\uFEFF// app' });
    expect(loadTarget(join(folder, 'app.bloom')).value?.source.text).toBe('// app');
  });

  it('is refused in words', () => {
    const folder = temporaryFolder({ 'app.bloom': '', 'bin.bloom': new Uint8Array([0x80, 0xff]) });
    const path = (name: string): string => join(folder, name);
    mkdirSync(path('dir.toml'));
    expect(messages(path('none.bloom'))).toEqual([
      `TRL1001 cannot read ${path('none.bloom')}: there is no such file`,
    ]);
    expect(messages(path('app.bloom/x'))).toEqual([
      `TRL1001 cannot read ${path('app.bloom/x')}: a part of the path is a file, not a folder`,
    ]);
    expect(messages(path('bin.bloom'))).toEqual([
      `TRL1001 ${path('bin.bloom')} is not a text file: it does not hold UTF-8`,
    ]);
    expect(messages(folder)).toEqual([`TRL1006 ${folder} is a folder without a cluster.toml`]);
    expect(messages(path('dir.toml'))).toEqual([
      `TRL1006 ${path('dir.toml')} is a folder without a cluster.toml`,
    ]);
  });

  it('names its program at a place of the cluster file', () => {
    const folder = temporaryFolder({ 'cluster.toml': '[nodes.a]\n', 'x.toml': cluster });
    expect(messages(folder)).toEqual(['TRL1004 the cluster file lacks `program`']);
    const missing = loadTarget(join(folder, 'x.toml')).diagnostics;
    expect(missing).toMatchObject([{ code: 'TRL1001', primary: { span: { start: 0, end: 7 } } }]);
    mkdirSync(join(folder, 'app.bloom'));
    expect(messages(join(folder, 'x.toml'))).toEqual([
      `TRL1001 cannot read ${join(folder, 'app.bloom')}: it is a folder`,
    ]);
  });
});

describe('writing', () => {
  it('makes folders', () => {
    const folder = temporaryFolder();
    expect(writeFolder(join(folder, 'a/b'), [{ name: 'x.csv', text: 'x\n' }])).toEqual([]);
    expect(readFileSync(join(folder, 'a/b/x.csv'), 'utf8')).toBe('x\n');
  });

  it('says why it cannot', () => {
    const folder = temporaryFolder({ file: '' });
    expect(writeFile(join(folder, 'file/x'), '')).toMatchObject([
      {
        code: 'TRL1013',
        message: expect.stringContaining('there is a file of that name, not a folder'),
      },
    ]);
    expect(writeFile(folder, '')).toMatchObject([
      { message: expect.stringContaining('it is a folder') },
    ]);
  });
});
