/** Colours are chosen to hold 4.5:1 against their background in both schemes. */
export const STYLE = `
:root { color-scheme: light dark;
  --bg: #fff; --panel: #f6f7f9; --text: #1b1f24; --quiet: #59636e; --line: #d8dde3;
  --pass: #1a7037; --warn: #8a5a00; --fail: #b3261e; --inconclusive: #7a3fa8; --error: #b3261e; --skip: #59636e;
  --range: #7aa7d9; --mark: #b4470f; --refused: #b3261e1c; --link: #0b5cad }
@media (prefers-color-scheme: dark) { :root {
  --bg: #14171b; --panel: #1c2126; --text: #e6e9ed; --quiet: #9aa5b1; --line: #333b44;
  --pass: #5cc281; --warn: #e0b252; --fail: #ff8a80; --inconclusive: #cb9bf0; --error: #ff8a80; --skip: #9aa5b1;
  --range: #4a7fb8; --mark: #ffb27d; --refused: #ff8a8026; --link: #7db8f2 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--bg); color: var(--text); font: 15px/1.5 system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif }
header.top { border-top: 6px solid var(--v, var(--range)); background: var(--panel); padding: 1.4rem max(1rem, calc(50vw - 36rem)) 1rem; border-bottom: 1px solid var(--line) }
main, footer { max-width: 74rem; margin: 0 auto; padding: 0 1rem }
footer { margin: 2.5rem auto; color: var(--quiet); font-size: .85rem; border-top: 1px solid var(--line); padding-top: .8rem }
h1 { font-size: 1.6rem; margin: 0; line-height: 1.25 }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .2rem; display: flex; gap: .6rem; align-items: center; flex-wrap: wrap }
h3 { font-size: 1rem; margin: 0; font-weight: 600 }
p { margin: .3rem 0 }
a { color: var(--link) }
code, pre { font: .86em/1.45 ui-monospace, 'SFMono-Regular', Menlo, 'DejaVu Sans Mono', monospace; overflow-wrap: anywhere }
pre { margin: .2rem 0; padding: .4rem .6rem; background: var(--panel); border-radius: 4px; white-space: pre-wrap }
.pass { --v: var(--pass) } .warn { --v: var(--warn) } .fail { --v: var(--fail) }
.inconclusive { --v: var(--inconclusive) } .error { --v: var(--error) } .skip { --v: var(--skip) }
.badge { display: inline-block; font-size: .8rem; font-weight: 600; line-height: 1.5; padding: 0 .55em; border-radius: 1em; color: var(--v); border: 1px solid var(--v); white-space: nowrap; vertical-align: middle }
h1 .badge { font-size: 1rem }
.lead { font-size: 1.05rem }
.counts { color: var(--quiet) } .count { color: var(--v); font-weight: 600; margin-right: .9em }
.facts { display: flex; flex-wrap: wrap; gap: .1rem 1.6rem; margin: .4rem 0 }
.facts div { display: flex; gap: .4rem } .facts dt { color: var(--quiet) } .facts dd { margin: 0; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100%; margin: .6rem 0 }
th { text-align: left; font-weight: 600 } thead th { color: var(--quiet); font-weight: 500; font-size: .88rem }
td, th { padding: .35rem .9rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere }
.overview { margin-top: 1.4rem }
.time { color: var(--quiet); font-weight: 400; font-size: .88rem; white-space: nowrap } td.time, th.time { text-align: right; padding-right: 0 }
.summary, .note { color: var(--quiet) } .note { font-size: .9rem }
details.step { border: 1px solid var(--line); border-radius: 8px; margin: .8rem 0; background: var(--panel) }
details.step > summary { padding: .55rem .9rem; cursor: pointer }
details.step > summary .name { font-weight: 600 } details.step > summary .measured { color: var(--quiet) }
.checks { background: var(--bg) } details.step .checks { border-top: 1px solid var(--line); border-radius: 0 0 8px 8px }
.check { padding: .7rem .9rem; border-left: 4px solid var(--v) } .check + .check { border-top: 1px solid var(--line) }
.plain { padding-top: .3rem; padding-bottom: .3rem } .plain b { font-weight: 600 } details.check .plain { padding-left: .3rem; border: 0 } details.check summary { cursor: pointer }
.keep { white-space: nowrap } .gates td { vertical-align: middle } .gates td:first-child { min-width: 12rem } .gates .bar { min-width: 275px }
.check:last-child { border-bottom-left-radius: 7px }
.id { color: var(--quiet); font-weight: 400 } .place { color: var(--quiet); font-size: .88rem }
.hint { background: var(--panel); padding: .4rem .7rem; border-radius: 6px }
.measurements { width: auto; margin: .3rem 0 } .measurements th { font-weight: 500; min-width: 12rem }
.measurements .number, .gates .number { min-width: 5.5rem }
.measurements td, .measurements th { border: 0; padding: .1rem 1.1rem .1rem 0; vertical-align: middle }
.number { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap } .how-sure { color: var(--quiet); font-size: .88rem }
.findings { margin: .3rem 0; padding-left: 1.2rem } .findings li { white-space: pre-wrap } .findings .error::marker { color: var(--fail) } .findings .warning::marker { color: var(--warn) }
.more { color: var(--quiet) }
svg.interval { display: block; max-width: 100% }
svg .axis { stroke: var(--line) } svg .range { fill: var(--range) } svg .refused { fill: var(--refused) }
svg .threshold { stroke: var(--text); stroke-dasharray: 3 2 } svg .value { fill: var(--text) }
svg .tick { fill: var(--quiet); font-size: 10px } svg .tick.end { text-anchor: end }
table.columns td, table.columns th { padding-right: .9rem } table.columns tbody th { font-weight: 400; width: 11rem; min-width: 7rem }
.column-name { font-weight: 600 } .gaps { width: 7rem; min-width: 6.2rem } .values { font-size: .88rem; font-variant-numeric: tabular-nums; width: 15rem; min-width: 10rem } .before { color: var(--quiet) } .drawing { width: 16.5rem; min-width: 15.5rem } .notes { font-size: .92rem }
.drift + .findings { margin-top: .4rem } .drift .sign { color: var(--v); font-weight: 600 } .drift .change { overflow-wrap: anywhere } .compared { margin-bottom: 1.2rem } .swatch + .swatch { margin-left: .8em }
.rules { margin: 0; padding: 0; list-style: none } .rules .sign { color: var(--v); font-weight: 600 }
.legend { margin-top: .8rem; color: var(--quiet); font-size: .88rem } .swatch { display: inline-block; width: .8em; height: .8em; background: var(--range) }
.swatch.reference { height: 0; border-top: 2px solid var(--mark); background: none; vertical-align: middle; margin-left: .8em }
section.data, .failing { margin-top: 1.4rem } section.data h2 { margin-top: 1rem } .checks-title { margin-bottom: .5rem } details.data { padding: .4rem .9rem; border-top: 1px solid var(--line) } details.data summary { cursor: pointer; color: var(--quiet) }
svg.chart { display: block; max-width: 100%; height: auto } svg.chart text { fill: var(--quiet); font-family: system-ui, 'DejaVu Sans', sans-serif }
svg.chart .current path { fill: var(--range) } svg.chart .reference path, svg.chart .reference line { fill: none; stroke: var(--mark); stroke-width: 1.5 }
svg.chart .axis line, svg.chart .ground path { stroke: var(--line) } svg.chart .ground path { fill: var(--panel) } svg.chart .missing path { fill: var(--warn) }
svg.chart .category text { fill: var(--text) }
@media (max-width: 48rem) { table { display: block; overflow-x: auto } .overview .time { display: none }
  table.columns, .columns tbody, .columns tr, .columns th, .columns td, .measurements tbody, .measurements tr, .measurements td, .measurements th { display: block; width: auto; min-width: 0; text-align: left; overflow: visible }
  .columns thead, .columns td:empty { display: none } table.columns tr { border-bottom: 1px solid var(--line); padding: .6rem 0 } table.columns td, table.columns tbody th { border: 0; padding: .1rem 0; width: auto; min-width: 0 }
  .failing table, .failing tbody, .failing tr, .failing td { display: block; white-space: normal } .failing thead { display: none } .failing tr { border-bottom: 1px solid var(--line); padding: .4rem 0 } .failing td { border: 0; padding: 0 } .failing td::before { content: attr(data-label) ': '; color: var(--quiet) }
  .measurements tr { margin-bottom: .5rem } .measurements tr > * { padding: 0 } }
@media print { body { font-size: 11px } details.step { break-inside: avoid } header.top { padding: .5rem 0 } }
`
