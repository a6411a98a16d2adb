/** The style sheet of the page: light or dark as the reader's system is set; white on paper. */
export const styleSheet = `
:root {
  color-scheme: light dark;
  --paper: #fbfbfa; --panel: #ffffff; --edge: #e3e5e8; --text: #1d2127; --faint: #5e6772; --axis: #9aa2ac;
  --band: #e9edf2; --bar: #2f6fb4; --mark: #b3541e; --positive: #1446a0; --negative: #be1e28; --warn: #a4330b;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #15181c; --panel: #1c2026; --edge: #30363e; --text: #e6e9ed; --faint: #9ba5b1; --axis: #6b7580;
    --band: #2a3038; --bar: #5b9be0; --mark: #f0a060; --positive: #7ab2ff; --negative: #ff7d7d; --warn: #ff9d70;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 72rem; padding: 2rem 1.25rem 4rem;
  background: var(--paper); color: var(--text); font: 15px/1.5 system-ui, sans-serif;
}
header p { margin: 0; color: var(--faint); }
h1 { margin: 0 0 .2rem; font-size: 1.7rem; line-height: 1.2; overflow-wrap: anywhere; }
h2 { margin: 0 0 .4rem; font-size: 1.1rem; overflow-wrap: anywhere; }
nav { margin: 1rem 0 0; display: flex; flex-wrap: wrap; gap: .2rem 1rem; font-size: .9rem; }
a { color: var(--bar); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 1.25rem 0 0; }
.card, section { background: var(--panel); border: 1px solid var(--edge); border-radius: 8px; }
.card { padding: .7rem .9rem; }
.card b { display: block; font-size: 1.4rem; line-height: 1.25; font-weight: 600; }
.card span { color: var(--faint); font-size: .85rem; }
section { margin: 1rem 0 0; padding: 1rem 1.1rem; }
.note { margin: 0 0 .7rem; color: var(--faint); font-size: .9rem; max-width: 50rem; }
.warn { color: var(--warn); font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.2rem; margin: 0 0 .6rem; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.pair { display: flex; flex-wrap: wrap; gap: .6rem 2.5rem; align-items: flex-start; }
.pair > * { min-width: 0; max-width: 100%; }
figure { margin: .2rem 0; overflow-x: auto; }
svg { display: block; max-width: 100%; min-width: 24rem; height: auto; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .28rem 1rem .28rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--edge); }
th { color: var(--faint); font-weight: 600; vertical-align: bottom; line-height: 1.25; }
th:last-child, td:last-child { padding-right: 0; }
tbody tr:last-child td { border-bottom: 0; }
.number { text-align: right; }
td.number, td.short { white-space: nowrap; }
@media print { section, .card { break-inside: avoid; } nav { display: none; } }
`;
