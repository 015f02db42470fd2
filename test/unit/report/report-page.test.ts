/** The page of `report --format html` as text: self-contained, escaped, and readable without its script. */
import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { pageScript, pageScriptDigest } from '../../../src/report/page/page-script.js';
import { renderReportPage } from '../../../src/report/page/render-report-page.js';
import { reportGolden } from '../../support/report-golden.js';
import { hostileReport } from '../../support/hostile-report.js';

const page = renderReportPage(reportGolden('first-come').report);

describe('the page', () => {
  it('fetches nothing', () => {
    const addresses = [...page.matchAll(/\b(?:src|href|action|data)="([^"]*)"/g)].map(
      ([, address]) => address!,
    );
    expect(addresses.filter((address) => !address.startsWith('#'))).toEqual([]);
    expect(page).not.toMatch(/@import|url\(/);
    expect(page).toContain('default-src &#39;none&#39;');
  });

  it('admits its script, and no other, by its digest', () => {
    const digest = createHash('sha256').update(pageScript).digest('base64');
    expect(pageScriptDigest, 'write the new digest beside the script').toBe(digest);
    expect(page).toContain(`script-src &#39;sha256-${digest}&#39;`);
    expect(page).toContain(`<script>${pageScript}</script>`);
    expect(() => new Script(pageScript)).not.toThrow();
  });

  it('says the essentials without its script', () => {
    const text = page
      .replace(/<(style|script)[^]*?<\/\1>/g, '')
      .replace(/<[^>]*>/g, '')
      .replaceAll('&quot;', '"');
    for (const words of [
      'Replicas can disagree for good',
      'aggregates the events that happen to share a timestep',
      'met by what is inserted: one ordered log carries ask',
      'winner at n1',
      'holder(0, "ann")',
      'messages: about 6 for each event',
      'first: taken(0, min&lt;w&gt;)@next',
    ])
      expect(text).toContain(words);
  });

  it('links only to places that it has', () => {
    const ids = new Set([...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id));
    const links = [...page.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id!);
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((id) => !ids.has(id))).toEqual([]);
  });

  it('gives an id once', () => {
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(ids.length).toBe(new Set(ids).size);
  });

  it('tells the script of vertices, edges and places that are there', () => {
    const json = /<script type="application\/json" id="page-data">(.*?)<\/script>/.exec(page)![1]!;
    const { paths } = JSON.parse(json) as {
      paths: Record<string, { vertices: string[]; edges: string[]; segments: string[] }>;
    };
    const all = Object.values(paths);
    expect(all.length).toBeGreaterThanOrEqual(2);
    for (const { vertices, edges, segments } of all) {
      expect([...vertices, ...edges].filter((id) => !page.includes(` id="${id}"`))).toEqual([]);
      expect(segments.filter((segment) => !page.includes(`data-seg="${segment}"`))).toEqual([]);
      expect(vertices.length).toBeGreaterThan(2);
      expect(edges.length).toBeGreaterThan(1);
    }
  });

  it('is the same every time', () => {
    expect(renderReportPage(reportGolden('first-come').report)).toBe(page);
  });

  it('lets no text of a program be markup', () => {
    const hostile = renderReportPage(hostileReport());
    expect(hostile).not.toMatch(/<(img|svg onload|script>alert|\/style><script)/);
    expect(hostile.match(/<script/g)).toHaveLength(2);
    expect(hostile.match(/<\/script>/g)).toHaveLength(2);
    expect(hostile).toContain('&lt;img src=x onerror=hit()&gt;');
    expect(hostile).not.toContain('\u202e');
  });

  it('does without a graph of what nobody could read', () => {
    const rules = Array.from({ length: 400 }, (_, i) => `p${i + 1}(x) :- p${i}(x);`).join('\n');
    const { report } = hostileReport.of(
      `input a(x: int); table p0(x: int); p0(x) :- a(x);\n${rules}\nview v(x: int); v(x) :- p400(x);`,
    );
    const large = renderReportPage(report);
    expect(large).toContain('The program has 403 relations: drawn are the 1 that');
  });
});
