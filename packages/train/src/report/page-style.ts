/** Style of the HTML report. */
export const pageStyle = `
:root{color-scheme:light dark;--ink:#1f2328;--muted:#59636e;--paper:#fff;--line:#d7dce1;--heat:#4c93e6;--warn:#fff4d6;--few:#9a4a00}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--muted:#9198a1;--paper:#0d1117;--line:#30363d;--heat:#2f6fbf;--warn:#3a2d06;--few:#ffa657}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:2rem 1.25rem;font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
h1{margin:0;font-size:1.7rem;overflow-wrap:anywhere}h2{margin:2.2rem 0 .6rem;font-size:1.15rem;border-bottom:1px solid var(--line);padding-bottom:.25rem}
p{margin:.4rem 0}.muted{color:var(--muted);overflow-wrap:anywhere}footer{margin-top:2.5rem;font-size:.85rem}
.headlines{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem;margin:1.2rem 0}
.headlines div{border:1px solid var(--line);border-radius:8px;padding:.6rem .9rem;display:grid}
.headlines b{font-size:1.5rem;font-variant-numeric:tabular-nums}.headlines small{color:var(--muted)}
.warnings{background:var(--warn);border-radius:8px;padding:.7rem 1rem .7rem 2rem;margin:1rem 0;overflow-wrap:anywhere}
h3{margin:1.1rem 0 -.3rem;font-size:1rem;font-weight:600}
.scroll{overflow-x:auto;margin:.7rem 0}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .75rem;border-bottom:1px solid var(--line);text-align:right;vertical-align:top}td{white-space:nowrap}
th[scope=row]{text-align:left;font-weight:500}thead th{color:var(--muted);font-weight:500;vertical-align:bottom}thead th:first-child{text-align:left}
th.words,td.words{text-align:left;white-space:normal}td small{display:block;color:var(--muted);font-size:.78em}
td.heat{background:color-mix(in srgb,var(--heat) calc(var(--share)*.75),transparent)}
td.heat small{color:inherit;opacity:.85}.few{color:var(--few)}
figure{margin:1rem 0}figure svg{max-width:100%;height:auto;border:1px solid var(--line);border-radius:8px}
@media (max-width:40rem){body{padding:1.25rem .9rem}table{font-size:12.5px}th,td{padding:.3rem .3rem}th[scope=row]{min-width:3.4rem}h1{font-size:1.4rem}.scroll[aria-label="Confusion matrix"] table{font-size:11px}}
@media print{:root{--ink:#000;--muted:#444;--paper:#fff;--line:#ccc;--heat:#9cc3ee;--warn:#f4f4f4;--few:#000;color-scheme:light}
body{max-width:none;padding:0;font-size:11px}section{break-inside:avoid}tr,figure{break-inside:avoid}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
`;
