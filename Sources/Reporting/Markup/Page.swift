/// A whole page.
package struct Page {
    let title: String
    /// Links to other pages, for the top and the bottom.
    let navigation: Markup
    let body: Markup
    /// The file; nil for a page that holds its own rules.
    let styleSheet: String?
    /// What else its head holds.
    let head: Markup

    package init(
        title: String, navigation: Markup, body: Markup, styleSheet: String? = StyleSheet.name, head: Markup = .empty
    ) {
        self.title = title
        self.navigation = navigation
        self.body = body
        self.styleSheet = styleSheet
        self.head = head
    }

    /// HTML that is XML as well, so that any parser reads it, and nothing from elsewhere.
    package var markup: Markup {
        let style: Markup = styleSheet.map { "<link rel=\"stylesheet\" href=\"\($0)\" />" } ?? StyleSheet.element
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="robots" content="noindex" />
            <meta name="referrer" content="no-referrer" />
            <title>\(title)</title>
            \(style)
            \(head)</head>
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
package struct Table {
    package struct Column {
        let title: String
        let isNumber: Bool

        package init(title: String, isNumber: Bool = false) {
            self.title = title
            self.isNumber = isNumber
        }
    }

    let caption: String
    let columns: [Column]
    let rows: [[Markup]]

    package init(caption: String, columns: [Column], rows: [[Markup]]) {
        self.caption = caption
        self.columns = columns
        self.rows = rows
    }

    package var markup: Markup {
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
