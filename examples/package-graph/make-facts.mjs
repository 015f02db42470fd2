// Turns the project's package-lock.json into the facts of this example.
//
// A package is named by its folder in node_modules. Who gets which package is Node's own rule: the
// nearest node_modules folder upwards that holds the name. Peer and optional dependencies count
// where they are installed.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const lockfile = process.argv[2] ?? join(here, '..', '..', 'package-lock.json');
const folder = process.argv[3] ?? join(here, 'facts');
const { packages } = JSON.parse(readFileSync(lockfile, 'utf8'));

function find(user, name) {
  for (
    let base = user;
    ;
    base = base.slice(0, Math.max(0, base.lastIndexOf('node_modules/') - 1))
  ) {
    const id = `${base === '' ? '' : `${base}/`}node_modules/${name}`;
    if (id in packages) return id;
    if (base === '') return null;
  }
}

const label = (id) => id.slice('node_modules/'.length);
const installed = [];
const requires = [];
const direct = [];
for (const [id, entry] of Object.entries(packages)) {
  const asked = { ...entry.peerDependencies, ...entry.optionalDependencies, ...entry.dependencies };
  if (id === '') {
    for (const name of Object.keys(asked)) direct.push([label(find(id, name)), false]);
    for (const name of Object.keys(entry.devDependencies ?? {}))
      direct.push([label(find(id, name)), true]);
    continue;
  }
  installed.push([
    label(id),
    id.slice(id.lastIndexOf('node_modules/') + 'node_modules/'.length),
    entry.version,
  ]);
  for (const name of Object.keys(asked)) {
    const used = find(id, name);
    if (used !== null) requires.push([label(id), label(used)]);
  }
}

const csv = (header, rows) => [header, ...rows.map(String).sort()].join('\n') + '\n';
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'package.csv'), csv('id,name,version', installed));
writeFileSync(join(folder, 'requires.csv'), csv('user,used', requires));
writeFileSync(join(folder, 'direct.csv'), csv('id,development', direct));
