"""The report's typography: for a screen of any width and for A4."""

from __future__ import annotations

__all__ = ["CSS"]

CSS = """
:root { --ink: #1a1a1a; --muted: #595959; --line: #d4d4d4; --pale: #f5f5f3; --helps: #00588a;
  --harms: #a84400; }
* { box-sizing: border-box; }
html { font-size: 17px; -webkit-text-size-adjust: 100%; }
body { margin: 0; color: var(--ink); background: #fff; line-height: 1.5;
  font-family: Charter, "Bitstream Charter", "Source Serif 4", "Noto Serif", Georgia, "Liberation Serif",
  serif; }
html[lang="zh-CN"] body { line-height: 1.75;
  font-family: "Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", SimSun, Georgia, serif; }
h1, h2, h3, table, figcaption, .meta, .cards, .banner, .caption, nav {
  font-family: "Helvetica Neue", Helvetica, Arial, "Liberation Sans", "Noto Sans", sans-serif; }
html[lang="zh-CN"] :is(h1, h2, h3, table, figcaption, .meta, .cards, .banner, .caption, nav) {
  font-family: "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", Arial,
  sans-serif; }
main { max-width: 52rem; margin: 0 auto; padding: 2.5rem 1.25rem 5rem; }
h1 { font-size: 1.75rem; line-height: 1.22; margin: 0 0 .7rem; letter-spacing: -.01em; text-wrap: balance; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 3rem 0 .8rem; padding-top: .7rem;
  border-top: 2px solid var(--ink); }
h3 { font-size: 1rem; margin: 1.8rem 0 .5rem; }
p, ul, ol { margin: 0 0 .85rem; } li { margin-bottom: .45rem; } ul, ol { padding-left: 1.25rem; }
.meta { font-size: .82rem; color: var(--muted); margin-bottom: 1.4rem; }
.lead { font-size: 1.12rem; line-height: 1.45; }
.note { font-size: .88rem; color: var(--muted); }
.banner { border-left: 4px solid var(--harms); background: #fbf1ea; padding: .7rem 1rem; margin: 0 0 1.4rem;
  font-size: .9rem; }
nav { font-size: .85rem; margin: 1.2rem 0 0; line-height: 1.9; } nav a { margin-right: 1.1rem;
  white-space: nowrap; }
a { color: #00588a; text-decoration-thickness: 1px; text-underline-offset: 2px; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .8rem;
  margin: 1.3rem 0 1.5rem; }
.card { border: 1px solid var(--line); border-top: 4px solid var(--muted); padding: .7rem .9rem .8rem; }
.card .name { font-size: .82rem; color: var(--muted); }
.card .size { font-size: 1.9rem; line-height: 1.2; font-variant-numeric: tabular-nums; font-weight: 600; }
.card .more { font-size: .8rem; color: var(--muted); }
.helps { color: var(--helps); } .harms { color: var(--harms); }
.equivalent, .undecided, .better, .worse, .undecided_better, .undecided_worse { color: var(--muted); }
.rises, .falls { color: var(--ink); }
.card.helps { border-top-color: var(--helps); } .card.harms { border-top-color: var(--harms); }
.verdict { font-weight: 600; white-space: nowrap; }
figure { margin: 2rem 0; } figure img { width: 100%; height: auto; display: block; }
figcaption { font-size: .84rem; color: var(--muted); margin-top: .5rem; line-height: 1.5; }
.box { overflow: auto; margin: 0 0 1.2rem; border-top: 1px solid var(--ink);
  border-bottom: 1px solid var(--ink); }
.box.tall { max-height: 82vh; }
table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: .76rem; line-height: 1.4; }
th, td { text-align: left; vertical-align: top; padding: .32rem .55rem .32rem 0;
  border-bottom: 1px solid #e8e8e6; }
th:first-child, td:first-child { padding-left: .3rem; }
thead th { position: sticky; top: 0; background: #fff; border-bottom: 1px solid var(--ink);
  vertical-align: bottom;
  font-weight: 600; z-index: 1; }
tr.group th { background: var(--pale); font-weight: 600; padding-top: .45rem; padding-bottom: .45rem; }
tr:last-child td { border-bottom-color: transparent; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.number + :is(td, th):not(.number) { padding-left: .7rem; }
td .under { display: block; color: var(--muted); font-size: .93em; }
td .changed { font-weight: 700; }
code, pre { font-family: "DejaVu Sans Mono", Menlo, Consolas, "Liberation Mono", monospace; font-size: .8em; }
td code { white-space: nowrap; }
.parameters td code { white-space: normal; overflow-wrap: anywhere; }
html[lang="zh-CN"] .wide :is(th, td), html[lang="zh-CN"] thead th { word-break: keep-all; }
.caption { font-size: .84rem; margin: 1.6rem 0 .5rem; break-after: avoid; }
.effects, .bearers, .parameters, .wide { --wide: max(100%, min(74rem, 100vw - 3rem)); width: var(--wide);
  margin-left: calc(50% - var(--wide) / 2); }
.effects table { min-width: 60rem; } .effects td:first-child { min-width: 11rem; }
.bearers table { min-width: 50rem; } .bearers td:first-child { min-width: 9rem; }
.bearers thead th { min-width: 4.6rem; }
.parameters table { table-layout: fixed; min-width: 50rem; }
.parameters th:nth-child(1) { width: 34%; } .parameters th:nth-child(2) { width: 10%; }
.parameters th:nth-child(3) { width: 13%; } .parameters th:nth-child(4) { width: 13%; }
.parameters th:nth-child(5) { width: 8%; } .parameters th:nth-child(6) { width: 22%; }
pre { background: var(--pale); padding: .8rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere;
  line-height: 1.5; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.2rem; font-size: .9rem;
  margin: 0 0 1rem; }
dt { color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 40rem) {
  html { font-size: 16px; } h1 { font-size: 1.4rem; } dl { grid-template-columns: 1fr; gap: 0 0; }
  dd { margin-bottom: .5rem; } .cards { grid-template-columns: 1fr; }
  figure { overflow-x: auto; } figure img { min-width: 34rem; } figcaption { min-width: 0; }
}
@page { size: A4; margin: 16mm 15mm 18mm; }
@media print {
  html { font-size: 10.5pt; } main { max-width: none; padding: 0; } nav { display: none; }
  h2 { margin-top: 1.6rem; } h2, h3 { break-after: avoid; } p, li { orphans: 3; widows: 3; }
  figure { break-inside: avoid; margin: 1rem 0; } figure img { max-height: 225mm; width: auto;
  max-width: 100%; }
  .card, tr, .banner { break-inside: avoid; }
  .box, .box.tall { max-height: none; overflow: visible; }
  .cards { grid-template-columns: repeat(3, 1fr); }
  table { font-size: 7pt; } th, td { padding-right: .35rem; } thead { display: table-header-group; }
  thead th { position: static; } td code { white-space: normal; overflow-wrap: anywhere; }
  .effects, .bearers, .parameters, .wide { width: auto; margin-left: 0; }
  .box table, :is(.effects, .bearers) td:first-child, .bearers thead th { min-width: 0; } a { color: inherit;
  text-decoration: none; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
"""
