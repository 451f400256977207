/// How all pages look, on screen and on paper: one file beside them.
package enum StyleSheet {
    package static let name = "style.css"

    package static let text = rules.html

    /// The same within a page that has no file beside it.
    package static let element: Markup = "<style>\n\(rules)</style>"

    private static let rules: Markup = """
        :root { --ink: #1a1a1a; --faint: #595959; --line: #c9c9c9; --paper: #fff; --shade: #f3f4f6; --link: #0050a0;
          --bad: #8a1c00; --bad-paper: #fdeee9; --look: #6b4400; --look-paper: #fff5dd; --good: #00543c; --good-paper: #e6f4ef; }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 78rem; padding: 0 1.25rem 3rem; color: var(--ink); background: var(--paper);
          font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
        a { color: var(--link); } a:focus-visible { outline: 3px solid #e69f00; outline-offset: 2px; }
        .skip { position: absolute; left: -100vw; } .skip:focus { left: 1rem; top: 0; background: var(--paper); padding: .5rem; }
        header { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .25rem 2rem; padding: .6rem 0;
          border-bottom: 1px solid var(--line); font-size: .9rem; }
        header p { margin: 0; } .notice { color: var(--look); font-weight: 600; }
        nav a { margin-left: 1rem; } nav a:first-child { margin-left: 0; }
        h1 { font-size: 1.7rem; line-height: 1.25; margin: 1.2rem 0 .3rem; overflow-wrap: anywhere; }
        h2 { font-size: 1.3rem; margin: 2.2rem 0 .5rem; overflow-wrap: anywhere; }
        h3 { font-size: 1.05rem; margin: 1.4rem 0 .4rem; }
        p { margin: .4rem 0; max-width: 52rem; } .faint { color: var(--faint); }
        ul { margin: .4rem 0; padding-left: 1.3rem; }
        .look { border-left: .4rem solid; padding: .55rem .9rem; margin: .6rem 0; font-size: 1.1rem; max-width: none; }
        .look strong { font-size: 1.2rem; }
        .plain { border-color: #7a7a7a; background: var(--shade); }
        .bad { border-color: var(--bad); background: var(--bad-paper); color: var(--bad); }
        .warn { border-color: var(--look); background: var(--look-paper); color: var(--look); }
        .well { border-color: var(--good); background: var(--good-paper); color: var(--good); }
        .look a { color: inherit; } .look p { margin: .2rem 0; }
        .counts { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: .6rem; margin: 1rem 0; }
        .counts div { background: var(--shade); padding: .5rem .8rem; display: flex; flex-direction: column-reverse; }
        .counts dt { color: var(--faint); font-size: .9rem; } .counts dd { margin: 0; font-size: 1.5rem; font-weight: 600; }
        .counts .bad dd, .counts .warn dd { color: inherit; }
        .table { overflow-x: auto; margin: .6rem 0 1rem; }
        table { border-collapse: collapse; min-width: 50%; font-size: .92rem; }
        caption { text-align: left; color: var(--faint); padding-bottom: .3rem; }
        th, td { text-align: left; vertical-align: top; padding: .28rem .9rem .28rem 0; border-bottom: 1px solid var(--line);
          overflow-wrap: anywhere; }
        td:first-child { min-width: 7rem; } th { white-space: nowrap; } .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .state { font-weight: 600; white-space: nowrap; } .state.bad, .state.warn, .state.well { background: none; }
        .figures { display: flex; flex-wrap: wrap; gap: 1.5rem; align-items: flex-start; margin: .8rem 0; }
        figure { margin: 0; flex: 1 1 26rem; max-width: 37rem; }
        figure svg { width: 100%; height: auto; max-height: 34rem; display: block; background: var(--shade); }
        .side { flex: 0 1 24rem; } .side h3 { margin-top: 0; }
        figcaption { font-size: .9rem; color: var(--faint); padding-top: .3rem; }
        .legend { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; font-size: .92rem; }
        .legend svg, td svg.swatch { width: 2.2rem; height: .9rem; vertical-align: -.1rem; margin-right: .35rem; background: none;
          display: inline-block; }
        td svg.bar { width: 7rem; height: .7rem; margin-right: .5rem; }
        dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1.2rem; font-size: .9rem; margin: .4rem 0; }
        dl.facts dt { color: var(--faint); } dl.facts dd { margin: 0; overflow-wrap: anywhere; }
        .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(23rem, 1fr)); gap: 1.2rem 2rem; }
        .charts figure { max-width: none; } .charts figure svg { background: none; }
        .charts figcaption strong { color: var(--ink); }
        svg text { font-family: system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: var(--ink); }
        svg .tick { font-size: 11px; fill: var(--faint); } svg .axis { stroke: var(--line); stroke-width: 1; }
        svg .band { fill: #56b4e9; fill-opacity: .25; } svg .run { stroke: #0072b2; stroke-width: 2; fill: none; }
        svg .run.other { stroke: #d55e00; stroke-dasharray: 6 3; }
        svg .dot { fill: #0072b2; } svg .past { fill: #999; fill-opacity: .55; } svg .outside { fill: #d55e00; stroke: var(--ink); }
        svg .number { font-weight: 700; fill: #fff; stroke: #000; paint-order: stroke; }
        svg .tile { font-weight: 600; fill: #000; stroke: #fff; paint-order: stroke; }
        section.scan { border-top: 2px solid var(--line); margin-top: 2rem; }
        details summary { cursor: pointer; color: var(--link); }
        @media print {
          body { max-width: none; padding: 0; font-size: 9.5pt; } .skip, nav { display: none; }
          * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
          section.scan { break-before: page; border: 0; } h2, h3, caption { break-after: avoid; }
          figure, tr, .look, .counts { break-inside: avoid; } thead { display: table-header-group; }
          .table { overflow: visible; } figure svg { max-height: 11cm; } a { color: inherit; text-decoration: none; }
        }

        """
}
