/// A whole page.
struct Page {
    let title: String
    /// Links to other pages, for the top and the bottom.
    let navigation: Markup
    let body: Markup

    /// HTML that is XML as well, so that any parser reads it. No script, and nothing from elsewhere.
    var markup: Markup {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="referrer" content="no-referrer" />
        <title>\(title)</title>
        <link rel="stylesheet" href="style.css" />
        </head>
        <body>
        <a class="skip" href="#content">Skip to the content</a>
        <header>
        <p class="notice">scanreport · for research use only: not a medical device</p>
        <nav aria-label="Pages">\(navigation)</nav>
        </header>
        <main id="content">
        \(body)
        </main>
        </body>
        </html>

        """
    }
}

/// A table with a caption, whose cells are markup.
struct Table {
    struct Column {
        let title: String
        var isNumber = false
    }

    let caption: String
    let columns: [Column]
    let rows: [[Markup]]

    var markup: Markup {
        let heads = columns.map { column -> Markup in
            column.isNumber
                ? "<th scope=\"col\" class=\"number\">\(column.title)</th>" : "<th scope=\"col\">\(column.title)</th>"
        }
        let lines = rows.map { row -> Markup in
            let cells = zip(columns, row).map { column, cell -> Markup in
                column.isNumber ? "<td class=\"number\">\(cell)</td>" : "<td>\(cell)</td>"
            }
            return "<tr>\(cells)</tr>\n"
        }
        return """
            <div class="table"><table>
            <caption>\(caption)</caption>
            <thead><tr>\(heads)</tr></thead>
            <tbody>
            \(lines)</tbody>
            </table></div>

            """
    }
}
