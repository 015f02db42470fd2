/** Lines typed at a terminal, as far as a terminal can be imitated, and lines of a pipe. */
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { openPrompt } from '../../../src/host/prompt.js';

function terminal() {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  const shown: string[] = [];
  output.setEncoding('utf8').on('data', (text: string) => shown.push(text));
  const prompt = openPrompt(input, output, (line) => [
    ['tick', 'table'].filter((word) => word.startsWith(line)),
    line,
  ]);
  return { input, prompt, shown: () => shown.join('') };
}

describe('a terminal', () => {
  it('gives lines as they are typed, and those that were pasted one by one', async () => {
    const { input, prompt, shown } = terminal();
    const first = prompt.next('> ');
    input.write('a;\rb;\rc');
    expect(await first).toBe('a;');
    expect(await prompt.next('> ')).toBe('b;');
    const third = prompt.next('. ');
    input.write('d\r');
    expect(await third).toBe('cd');
    expect(shown()).toContain('. ');
    prompt.close();
  });

  it('completes, and remembers', async () => {
    const { input, prompt } = terminal();
    const first = prompt.next('> ');
    for (const key of ['t', 'i', '\t', '\r']) {
      input.write(key);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(await first).toBe('tick');
    const again = prompt.next('> ');
    input.write('\u001b[A\r');
    expect(await again).toBe('tick');
    prompt.close();
  });

  it('gives a line up at Ctrl-C, and ends at Ctrl-D', async () => {
    const { input, prompt } = terminal();
    const given = prompt.next('> ');
    input.write('half\u0003');
    expect(await given).toBeNull();
    const next = prompt.next('> ');
    input.write('whole\r');
    expect(await next).toBe('whole');
    const last = prompt.next('> ');
    input.write('\u0004');
    expect(await last).toBeUndefined();
    expect(await prompt.next('> ')).toBeUndefined();
  });
});

describe('a pipe', () => {
  it('gives its lines, and no prompts', async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    const prompt = openPrompt(input, output, () => [[], '']);
    input.end('a\nb');
    expect([await prompt.next('> '), await prompt.next('> ')]).toEqual(['a', 'b']);
    expect(await prompt.next('> ')).toBeUndefined();
    prompt.close();
    expect(output.read()).toBeNull();
  });
});
