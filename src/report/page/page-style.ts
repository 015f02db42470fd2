/** The style of the page, light and dark, wide and narrow, on screen and on paper. */

export const pageStyle = `
:root {
  color-scheme: light dark;
  --bg: #fbfbf9; --panel: #ffffff; --ink: #1d2126; --dim: #5b6570; --line: #d9dce0; --code: #f4f4f1;
  --d0: #e3e6ea; --d1: #c9ecd3; --d2: #fbe3a8; --d3: #f8c9c4;
  --m: #16733a; --c: #8a5a00; --d: #b3261e; --lit: #1d4ed8; --lit-bg: #dbe6ff;
  --h0: #1d4ed8; --h1: #b45309; --h2: #7e22ce; --h3: #0f766e; --h4: #be185d; --h5: #4d7c0f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --bg: #15181c; --panel: #1c2025; --ink: #e7e9ec; --dim: #a0a9b4; --line: #353b43; --code: #22272d;
    --d0: #343b44; --d1: #1d4a2e; --d2: #57420f; --d3: #6b2521;
    --m: #6fd694; --c: #f2c14e; --d: #ff8a80; --lit: #8ab4ff; --lit-bg: #1f3357;
    --h0: #8ab4ff; --h1: #f0a860; --h2: #c99bff; --h3: #5ed1c2; --h4: #ff8fbd; --h5: #a9d36a;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main, header, footer { max-width: 1680px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 24px; }
h1 { font-size: 22px; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 36px 0 10px; }
h3 { font-size: 16px; margin: 18px 0 8px; }
h4 { font-size: 14px; margin: 14px 0 6px; }
p { margin: 6px 0; }
a { color: var(--lit); }
code, pre, .code, svg text { font-family: ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; }
code { font-size: 0.92em; }
.lead { color: var(--dim); font-size: 16px; }
.panel { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; }
.scroll { overflow: auto; }
:focus-visible { outline: 3px solid var(--lit); outline-offset: 2px; border-radius: 4px; }
table.list { border-collapse: collapse; width: 100%; }
table.list th, table.list td { text-align: left; vertical-align: top; padding: 7px 12px; border-bottom: 1px solid var(--line); }
table.list tr:last-child td { border-bottom: 0; }
table.list th { color: var(--dim); font-weight: 600; font-size: 13px; }
.chip { display: inline-block; padding: 1px 9px; border-radius: 99px; font-size: 13px; font-weight: 600; white-space: nowrap; }
.chip.confluent, .chip.D1, .chip.M { background: var(--d1); color: var(--m); }
.chip.convergent, .chip.D2, .chip.C { background: var(--d2); color: var(--c); }
.chip.divergent, .chip.D3, .chip.D { background: var(--d3); color: var(--d); }
.chip.D0 { background: var(--d0); color: var(--ink); }
.split { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1.1fr); gap: 16px; align-items: start; }
.split > * { min-width: 0; }
.pane { max-height: 82vh; position: sticky; top: 12px; }
.pane-head { display: flex; gap: 8px; align-items: center; padding: 8px 12px; border-bottom: 1px solid var(--line); flex-wrap: wrap; }
.pane-head h2, .pane-head h3 { margin: 0; font-size: 14px; flex: 1; overflow-wrap: anywhere; }
button, .button { font: inherit; font-size: 13px; background: var(--panel); color: var(--ink); border: 1px solid var(--line); border-radius: 7px; padding: 3px 10px; cursor: pointer; text-decoration: none; display: inline-block; }
button:hover, .button:hover { border-color: var(--lit); }
.js { display: none; }
.has-js .js { display: inline-block; }
.graph-pane { display: flex; flex-direction: column; }
.canvas { overflow: auto; flex: 1 1 auto; min-height: 200px; padding: 8px; text-align: center; }
.canvas svg { height: auto; }
.inspector { border-top: 1px solid var(--line); padding: 8px 12px; min-height: 46px; font-size: 14px; }
ul.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 14px; margin: 0; padding: 8px 12px 0; font-size: 13px; }
p.legend { margin: 0; padding: 2px 12px 8px; font-size: 12px; color: var(--dim); }
.key { display: inline-block; width: 13px; height: 13px; border-radius: 3px; border: 1px solid var(--dim); margin-right: 5px; vertical-align: -2px; }
.key.D0 { background: var(--d0); } .key.D1 { background: var(--d1); } .key.D2 { background: var(--d2); } .key.D3 { background: var(--d3); }
.key.pile { background: var(--panel); box-shadow: 3px -3px 0 -1px var(--panel), 3px -3px 0 0 var(--dim); }
svg text { fill: var(--ink); }
.vertex { cursor: pointer; }
.vertex .box { stroke: var(--dim); stroke-width: 1.2; }
.D0 .box { fill: var(--d0); } .D1 .box { fill: var(--d1); } .D2 .box { fill: var(--d2); } .D3 .box { fill: var(--d3); }
.vertex.output .box, .vertex.view .box { stroke-width: 2.4; stroke: var(--ink); }
.vertex.static .box { stroke-dasharray: 4 3; }
.vertex .name { font-size: 13px; font-weight: 600; }
.vertex .caption { font-size: 10.5px; fill: var(--dim); }
.D1 .caption, .D2 .caption, .D3 .caption { fill: var(--ink); opacity: 0.75; }
.vertex .met { fill: var(--m); font-size: 13px; font-weight: 700; } .vertex .unmet { fill: var(--d); font-size: 14px; font-weight: 700; }
.edge { cursor: pointer; }
.edge .line { fill: none; stroke: var(--dim); stroke-width: 1.5; }
.edge .wide { fill: none; stroke: transparent; stroke-width: 12; }
.edge.next .line { stroke-dasharray: 7 4; } .edge.async .line { stroke-dasharray: 2 4; stroke-linecap: round; stroke-width: 2; }
.edge .head { fill: var(--dim); }
.edge.convergent .line { stroke: var(--c); } .edge.convergent .head { fill: var(--c); }
.edge.divergent .line { stroke: var(--d); } .edge.divergent .head { fill: var(--d); }
.edge .disc { fill: var(--panel); stroke: var(--dim); } .edge .sign { font-size: 14px; font-weight: 700; }
.edge.convergent .sign { fill: var(--c); } .edge.divergent .sign { fill: var(--d); }
.lighting .vertex, .lighting .edge { opacity: 0.28; }
.lighting .lit { opacity: 1; }
.vertex.lit .box { stroke: var(--lit); stroke-width: 3; }
.edge.lit .line { stroke: var(--lit); stroke-width: 3.2; } .edge.lit .head { fill: var(--lit); } .edge.lit .disc { stroke: var(--lit); stroke-width: 2.4; }
.vertex:focus { outline: none; } .vertex:focus-visible .box { stroke: var(--lit); stroke-width: 4; }
table.code { border-collapse: collapse; font-size: 13px; line-height: 1.55; min-width: 100%; }
table.code td { padding: 0 6px; vertical-align: top; white-space: pre; }
table.code .letter { font-weight: 700; text-align: center; width: 26px; padding-left: 12px; }
table.code .number { color: var(--dim); text-align: right; user-select: none; }
table.code .text { padding-right: 16px; }
.letter.M { color: var(--m); } .letter.C { color: var(--c); } .letter.D { color: var(--d); }
.why { color: var(--dim); font-family: system-ui, sans-serif; font-size: 12.5px; padding-left: 1.4em; }
tr.note td { font-size: 12.5px; }
tr.note .C { color: var(--c); } tr.note .D { color: var(--d); } tr.note .M { color: var(--m); }
.mark { text-decoration: underline wavy; text-decoration-skip-ink: none; text-underline-offset: 3px; text-decoration-thickness: 1.5px; }
.mark.convergent { text-decoration-color: var(--c); } .mark.divergent { text-decoration-color: var(--d); }
tr.lit td, table.code tr:target td { background: var(--lit-bg); }
.seg.lit { background: var(--lit); color: var(--panel); border-radius: 3px; box-shadow: 0 0 0 2px var(--lit); }
.has-js tr[data-rules] { cursor: pointer; }
section.observable { padding: 4px 18px 16px; margin-top: 14px; border-left-width: 5px; }
section.observable.confluent { border-left-color: var(--m); } section.observable.convergent { border-left-color: var(--c); } section.observable.divergent { border-left-color: var(--d); }
.blame { margin: 10px 0; padding: 8px 12px; background: var(--code); border-radius: 8px; }
.blame ol { margin: 6px 0; padding-left: 24px; } .blame li { margin: 3px 0; }
.blame li.blamed { color: var(--d); font-weight: 600; }
.pair { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px; }
.run { min-width: 0; padding: 8px 12px; }
.run h4 { margin-top: 0; }
section.observable h2 { margin-top: 14px; }
.life line { stroke: var(--dim); stroke-width: 1.5; } .life .node { font-size: 13px; font-weight: 700; }
.space-time { display: block; } .space-time.fits { max-width: 100%; height: auto; }
.space-time text { font-size: 11.5px; paint-order: stroke; stroke: var(--panel); stroke-width: 3px; }
.step circle { fill: var(--panel); stroke: var(--ink); stroke-width: 1.6; } .step .number { font-size: 10px; stroke: none; }
.step.failed circle { fill: var(--d3); stroke: var(--d); }
.space-time .show { font-weight: 700; } .space-time .failure { fill: var(--d); font-weight: 700; }
.arrow path { fill: none; stroke-width: 1.8; } .arrow.again path { stroke-dasharray: 5 4; }
.hue0 path { stroke: var(--h0); } .hue0 polygon, text.hue0 { fill: var(--h0); }
.hue1 path { stroke: var(--h1); } .hue1 polygon, text.hue1 { fill: var(--h1); }
.hue2 path { stroke: var(--h2); } .hue2 polygon, text.hue2 { fill: var(--h2); }
.hue3 path { stroke: var(--h3); } .hue3 polygon, text.hue3 { fill: var(--h3); }
.hue4 path { stroke: var(--h4); } .hue4 polygon, text.hue4 { fill: var(--h4); }
.hue5 path { stroke: var(--h5); } .hue5 polygon, text.hue5 { fill: var(--h5); }
.outcome { margin: 8px 0 0; padding: 8px 12px; background: var(--code); border-radius: 8px; }
.outcome ul { margin: 4px 0; padding-left: 20px; } .outcome li { font-family: ui-monospace, 'DejaVu Sans Mono', monospace; font-size: 13px; overflow-wrap: anywhere; }
.outcome li.own { font-weight: 700; color: var(--d); } .outcome li.common { color: var(--dim); }
.edit { background: var(--code); border-radius: 6px; padding: 8px 12px; margin: 4px 0; overflow: auto; font-size: 13px; }
footer { color: var(--dim); font-size: 13px; padding-top: 24px; padding-bottom: 40px; }
.hint { color: var(--dim); font-size: 13px; }
@media (max-width: 980px) {
  main, header, footer { padding-left: 12px; padding-right: 12px; }
  .split, .pair { grid-template-columns: minmax(0, 1fr); }
  .pane { position: static; max-height: none; }
  table.list.stack thead { display: none; } table.list.stack td { display: block; border-bottom: 0; padding: 2px 12px; }
  table.list.stack tr { display: block; border-bottom: 1px solid var(--line); padding: 8px 0; }
}
@media print { .pane { position: static; max-height: none; } .canvas, .scroll { overflow: visible; max-height: none; } .js { display: none !important; } }
`;
