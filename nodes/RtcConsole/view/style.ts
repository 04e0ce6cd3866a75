/** The console's one style sheet. Colours of text on their backgrounds have a contrast of 4.5:1 or more. */
export const STYLE = `
:root{--ground:#f4f6f9;--card:#fff;--sunk:#eef1f6;--ink:#17202e;--soft:#4d5a6d;--rule:#d5dbe5;--edge:#76839a;--link:#0a54ad;--act:#0a54ad;--on-act:#fff;--danger:#a61b2b;--on-danger:#fff;--bar:#101b2d;--on-bar:#e9eef7;--bar-soft:#b4c1d6;--focus:#b5500c;
--good:#dcf2e3;--on-good:#0d5226;--bad:#fbe0e2;--on-bad:#861221;--asks:#fdebc8;--on-asks:#6b4000;--busy:#dcebfd;--on-busy:#0b4689;--quiet:#e6eaf1;--on-quiet:#3c4859;
--yellow:#f9e27a;--on-yellow:#4a3b00;--orange:#ffbf75;--on-orange:#552a00;--red:#e2665f;--on-red:#2c0000;--contain:#8c0f20;--on-contain:#fff;--white:#fff;--on-white:#3c4859;color-scheme:light dark}
@media (prefers-color-scheme:dark){:root{--ground:#0c1320;--card:#141e2e;--sunk:#1a2638;--ink:#e6ecf6;--soft:#a7b4c8;--rule:#2b394f;--edge:#7487a4;--link:#84b8ff;--act:#2f6fca;--on-act:#fff;--danger:#c0303f;--on-danger:#fff;--bar:#080e18;--on-bar:#e9eef7;--bar-soft:#a7b6cd;--focus:#ffb056;
--good:#12391f;--on-good:#a4e8bb;--bad:#4b1820;--on-bad:#ffc0c5;--asks:#453007;--on-asks:#ffdb93;--busy:#123560;--on-busy:#b8d9ff;--quiet:#243247;--on-quiet:#c4d0e2;
--yellow:#e3c93f;--on-yellow:#2c2300;--orange:#ee9a42;--on-orange:#2e1600;--red:#e2665f;--on-red:#2c0000;--contain:#a81a2d;--on-contain:#fff;--white:#1f2b3d;--on-white:#c4d0e2}}
*{box-sizing:border-box}
html{font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink)}
h1{font-size:1.5rem;line-height:1.25;margin:0;overflow-wrap:anywhere}h2{font-size:1.05rem;margin:0}h3{font-size:.95rem;margin:1rem 0 .4rem}
p{margin:.4rem 0}a{color:var(--link);text-underline-offset:.15em}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:3px}
code,pre,.key{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.93em;overflow-wrap:anywhere}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-999px;top:0;background:var(--card);padding:.6rem 1rem;z-index:9}.skip:focus{left:.5rem;top:.5rem}
.bar{background:var(--bar);color:var(--on-bar);display:flex;flex-wrap:wrap;align-items:center;gap:.25rem 1.25rem;padding:.5rem 1.25rem}
.brand{font-weight:700;letter-spacing:.01em;white-space:nowrap}.brand-mark{color:#5fb3ff}
.bar nav{flex:1 1 20rem;min-width:0}.bar ul{display:flex;flex-wrap:wrap;gap:.1rem;list-style:none;margin:0;padding:0}
.bar a{color:var(--bar-soft);text-decoration:none;display:block;padding:.4rem .65rem;border-radius:6px}
.bar a:hover{color:#fff;background:#ffffff1a}.bar a[aria-current]{color:#fff;background:#ffffff24;font-weight:600;box-shadow:inset 0 -2px 0 #5fb3ff}
.bar :focus-visible{outline-color:#ffb056}
.user{white-space:nowrap;display:flex;gap:.4rem;align-items:center}.user-name{max-width:14rem;overflow:hidden;text-overflow:ellipsis}
main{max-width:1440px;margin:0 auto;padding:1.25rem;outline:0}
.page-head{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:baseline;gap:.25rem 1rem;margin-bottom:1rem}
.drawn{color:var(--soft);font-size:.87rem}
.card,.empty,.table-frame,.filters{background:var(--card);border:1px solid var(--rule);border-radius:10px}
.card{padding:1rem 1.1rem;margin:0 0 1rem;min-width:0}.card .table-frame,.card .filters{border-radius:8px}
.card-head{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.3rem 1rem;align-items:baseline;margin-bottom:.6rem}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:0 1rem;align-items:start}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,11rem),1fr));gap:.75rem;margin-bottom:1rem}
.tile{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:.75rem 1rem}.tile dt{color:var(--soft);font-size:.85rem}.tile dd{margin:0;font-size:1.35rem;font-weight:650;font-variant-numeric:tabular-nums}
.empty{padding:2.2rem 1.2rem;text-align:center}.empty p{color:var(--soft);max-width:44rem;margin:.5rem auto 0}
.table-frame{overflow-x:auto;margin-bottom:.75rem}
table{border-collapse:collapse;width:100%}
thead th{background:var(--sunk);color:var(--soft);font-size:.82rem;font-weight:600;text-align:left;white-space:nowrap}
thead a{color:inherit;text-decoration:none}thead a:hover{text-decoration:underline}
th,td{padding:.5rem .75rem;border-bottom:1px solid var(--rule);vertical-align:top;text-align:left;overflow-wrap:break-word}td time,th time{white-space:nowrap}
tbody th{font-weight:600}tbody tr:last-child>*{border-bottom:0}tbody tr:hover{background:var(--sunk)}
.numeric{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}td .label,tbody th .label{display:none}
.badge{display:inline-block;border-radius:999px;padding:.05rem .6rem;font-size:.82rem;font-weight:600;white-space:nowrap;background:var(--quiet);color:var(--on-quiet)}
.band-white{background:var(--white);color:var(--on-white);box-shadow:inset 0 0 0 1px var(--edge)}.band-yellow{background:var(--yellow);color:var(--on-yellow)}.band-orange{background:var(--orange);color:var(--on-orange)}.band-red{background:var(--red);color:var(--on-red)}.band-contain{background:var(--contain);color:var(--on-contain)}
.tone-good{background:var(--good);color:var(--on-good)}.tone-bad{background:var(--bad);color:var(--on-bad)}.tone-asks{background:var(--asks);color:var(--on-asks)}.tone-busy{background:var(--busy);color:var(--on-busy)}.tone-quiet{background:var(--quiet);color:var(--on-quiet)}
.notice{border-radius:8px;padding:.65rem 1rem;margin-bottom:1rem;border-left:5px solid currentColor}.notice a{color:inherit}
.quiet{color:var(--soft)}.wrap{display:flex;flex-wrap:wrap;gap:.35rem .5rem;align-items:center}.right{margin-left:auto}
button,.button{font:inherit;font-size:.92rem;font-weight:600;border:1px solid var(--act);background:var(--act);color:var(--on-act);border-radius:7px;padding:.38rem .85rem;min-height:2.25rem;cursor:pointer;display:inline-flex;align-items:center;text-decoration:none}
button:hover,.button:hover{filter:brightness(1.1)}a.button,summary.button,.button.off,.quiet-button{background:var(--card);color:var(--ink);border-color:var(--edge)}
button.danger{background:var(--danger);border-color:var(--danger);color:var(--on-danger)}summary.danger{color:var(--on-bad);border-color:currentColor;background:var(--bad)}
.button.off{color:var(--soft);border-color:var(--rule);cursor:default}.quiet-button{white-space:nowrap;min-height:1.6rem;padding:.05rem .55rem;font-size:.82rem}.quiet-button[aria-pressed=true]::before{content:"● ";color:var(--on-good);margin-right:.3em}
.filters{display:flex;flex-wrap:wrap;gap:.6rem .75rem;align-items:end;padding:.75rem;margin-bottom:.75rem}
.field{display:flex;flex-direction:column;gap:.15rem;font-size:.85rem;color:var(--soft);min-width:8rem;flex:0 1 auto}.field.wide{flex:1 1 16rem}
.check{display:flex;gap:.5rem;align-items:center;font-size:.92rem}
input,select,textarea{font:inherit;font-size:.95rem;color:var(--ink);background:var(--card);border:1px solid var(--edge);border-radius:7px;padding:.36rem .6rem;min-height:2.25rem;max-width:100%}
input[type=checkbox]{min-height:0;width:1.15rem;height:1.15rem}input[type=search]{min-width:min(100%,20rem)}textarea{width:100%;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.87rem}
form.action{display:flex;flex-direction:column;gap:.6rem;align-items:flex-start}form.action .field{width:100%}form.action>.card{align-self:stretch}form.action .wrap{align-items:flex-end}form.action .check{min-height:2.25rem}form.action td{padding:.4rem .3rem}form.action td input,form.action td select{padding:.3rem .4rem;font-size:.85rem}form.action td select{max-width:7.5rem}form.action .wrap .field{width:auto;flex:1 1 13rem;max-width:22rem}form.action .wrap .field.wide{flex-basis:26rem;max-width:none}form.action.inline{display:inline-flex;flex-direction:row;flex-wrap:wrap;align-items:end}
.actions{display:flex;flex-wrap:wrap;gap:.5rem;align-items:flex-start;margin-bottom:1rem}
details.disclosure{max-width:100%}details.disclosure[open]{flex:1 1 100%}summary.button{list-style:none}summary.button::-webkit-details-marker{display:none}
.disclosed{background:var(--card);border:1px solid var(--edge);border-radius:8px;padding:.9rem 1rem;margin-top:.5rem;max-width:36rem}
.pager{display:flex;flex-wrap:wrap;gap:.4rem;align-items:center;color:var(--soft);font-size:.9rem;margin:.25rem 0 1rem}.pager span:first-child{margin-right:auto;font-variant-numeric:tabular-nums}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,13rem),1fr));gap:.6rem 1.2rem;margin:0}.facts dt{color:var(--soft);font-size:.83rem}.facts dd{margin:0;overflow-wrap:anywhere}
.sources{display:flex;flex-wrap:wrap;gap:.3rem}.source{display:inline-flex;align-items:center;gap:.3rem;border:1px solid var(--rule);border-radius:6px;padding:0 .45rem;font-size:.84rem;white-space:nowrap;background:var(--card)}.source svg{width:1em;height:1em;fill:none;stroke:currentColor;stroke-width:1.6;flex:none}.source b{font-variant-numeric:tabular-nums}
.score{display:inline-flex;align-items:center;gap:.5rem;font-variant-numeric:tabular-nums;font-weight:650}
.chart{margin:0;overflow-x:auto}.chart svg{width:100%;min-width:30rem;max-width:60rem;height:auto;display:block}.chart text{font-size:11px;fill:var(--soft)}.chart .grid{stroke:var(--rule)}.chart .area{fill:var(--busy)}.chart .line{fill:none;stroke:var(--link);stroke-width:2}.chart .mark{stroke:var(--on-bad);stroke-dasharray:6 4}.chart .mark-label{fill:var(--on-bad);font-weight:600}
ul.plain{list-style:none;margin:0;padding:0}ul.plain li{padding:.2rem 0}
pre{background:var(--sunk);padding:.75rem;border-radius:8px;overflow:auto;margin:.4rem 0}
.added{background:var(--good);color:var(--on-good)}.removed{background:var(--bad);color:var(--on-bad)}
@media (min-width:701px){tbody th{min-width:6.5rem}}
@media (max-width:700px){main{padding:.8rem}.bar{padding:.5rem .8rem}h1{font-size:1.25rem}.bar nav{order:3;flex-basis:100%}.bar ul{flex-wrap:nowrap;overflow-x:auto}.bar a{white-space:nowrap}.user{margin-left:auto}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}table,tbody,tr,tbody th,td{display:block}tbody tr{padding:.6rem .8rem;border-bottom:1px solid var(--rule)}tbody tr:last-child{border-bottom:0}tbody th,td,.numeric{border:0;padding:.12rem 0;display:flex;gap:.75rem;justify-content:space-between;text-align:right;white-space:normal}td .label,tbody th .label{display:inline;color:var(--soft);font-weight:400;font-size:.85rem;flex:none}.value{min-width:0}td .sources,td .wrap{justify-content:flex-end}
.field,.filters .field{flex:1 1 100%}.filters input,.filters select{width:100%}}
@media print{.bar,.skip,.filters,.pager,.actions,#live{display:none}body{background:#fff;color:#000}.card,.table-frame{break-inside:avoid-page;border-color:#999}}
@media (prefers-reduced-motion:no-preference){button,.button{transition:filter .1s}}
@media (forced-colors:active){.badge{border:1px solid}}
`;
