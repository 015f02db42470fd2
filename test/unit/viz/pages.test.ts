/** What pages are made of: markup that escapes, placed graphs, space-time diagrams. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { embeddedJson, tag } from '../../../src/viz/markup.js';
import { placeGraph } from '../../../src/viz/place-graph.js';
import { huesOf, renderSpaceTimeSvg } from '../../../src/viz/space-time-svg.js';
import type { SpaceTime } from '../../../src/viz/space-time-svg.js';

describe('markup', () => {
  it('escapes any text, in content and attributes, and keeps its meaning', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const { markup } = tag('p', { title: text }, text);
        const [, title, content] = /^<p title="([^"<>]*)">([^<>]*)<\/p>$/.exec(markup)!;
        const read = (escaped: string): string =>
          escaped
            .replaceAll('&lt;', '<')
            .replaceAll('&gt;', '>')
            .replaceAll('&quot;', '"')
            .replaceAll('&#39;', "'")
            .replaceAll('&amp;', '&');
        expect([read(title!), read(content!)]).toEqual([text, text].map(withoutControls));
      }),
    );
  });
  const withoutControls = (text: string): string =>
    text.replace(
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g,
      '\ufffd',
    );

  it('leaves out what is null or false', () => {
    expect(tag('g', { a: null, b: false, c: true, d: 0 }).markup).toBe('<g c d="0"></g>');
    expect(tag('circle', { r: 1 }).markup).toBe('<circle r="1"/>');
  });

  it('embeds documents that no script end tears apart', () => {
    const document = { text: '</script><!--\u2028' };
    const { markup } = embeddedJson(document);
    expect(markup).not.toMatch(/<|\u2028/);
    expect(JSON.parse(markup)).toEqual(document);
  });
});

describe('a placed graph', () => {
  const box = (id: string) => ({ id, width: 60, height: 40 });
  const link = (id: string, from: string, to: string) => ({
    id,
    from,
    to,
    label: { width: 20, height: 20 },
  });

  it('has every box apart and every link from box to box, loops and pairs included', () => {
    const boxes = ['a', 'b', 'c'].map(box);
    const links = [
      link('1', 'a', 'b'),
      link('2', 'a', 'b'),
      link('3', 'b', 'a'),
      link('4', 'c', 'c'),
    ];
    const placed = placeGraph(boxes, links);
    expect(placed.boxes.size).toBe(3);
    const places = [...placed.boxes.values()];
    for (const [i, p] of places.entries())
      for (const q of places.slice(i + 1))
        expect(Math.abs(p.x - q.x) >= 60 || Math.abs(p.y - q.y) >= 40).toBe(true);
    for (const { points } of placed.links.values()) expect(points.length).toBeGreaterThan(1);
    expect(placeGraph(boxes, links)).toEqual(placed);
  });

  it('may be empty', () => {
    expect(placeGraph([], [])).toMatchObject({
      width: expect.any(Number),
      height: expect.any(Number),
    });
  });
});

describe('a space-time diagram', () => {
  const diagram: SpaceTime = {
    nodes: ['a', 'b'],
    steps: [
      {
        node: 'a',
        number: 1,
        takes: [{ text: 'go', from: null, again: false }],
        shows: [],
        failures: [],
      },
      {
        node: 'b',
        number: 1,
        takes: [{ text: 'm', from: 0, again: false }],
        shows: ['+o(1)'],
        failures: [],
      },
      {
        node: 'b',
        number: 2,
        takes: [{ text: 'm', from: 0, again: true }],
        shows: [],
        failures: ['no'],
      },
      {
        node: 'a',
        number: 2,
        takes: [{ text: 'self', from: 0, again: false }],
        shows: [],
        failures: [],
      },
    ],
  };

  it('has a line a node, a dot a timestep, an arrow for all that arrives', () => {
    const hues = huesOf([diagram]);
    expect([...hues]).toEqual([
      ['go', 0],
      ['m', 1],
      ['self', 2],
    ]);
    const { markup } = renderSpaceTimeSvg(diagram, hues, 'a run');
    const count = (pattern: RegExp): number => [...markup.matchAll(pattern)].length;
    expect(count(/class="life"/g)).toBe(2);
    expect(count(/class="step/g)).toBe(4);
    expect(count(/class="arrow/g)).toBe(4);
    expect(count(/class="arrow hue1"/g)).toBe(1);
    expect(count(/class="arrow hue1 again"/g)).toBe(1);
    expect(markup).toContain('m (again)');
    expect(markup).toContain('fails: no');
    expect(markup).not.toContain('NaN');
  });
});
