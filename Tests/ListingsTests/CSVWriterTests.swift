import Listings
import Testing

private struct Note: ListingRow {
    let text: String

    static let columns: [ListingColumn<Note>] = [ListingColumn("text") { .text($0.text) }]
}

@Suite struct CSVWriterTests {
    /// What a spreadsheet makes of a line, that separates at `separator`: OWASP's "CSV Injection", and RFC 4180 but for that.
    private func cells(_ line: String, separator: Unicode.Scalar) -> [String] {
        var cells: [String] = [""]
        var isQuoted = false
        for scalar in line.unicodeScalars {
            if scalar == "\"" {
                isQuoted.toggle()
            } else if !isQuoted, scalar == separator || scalar == "\n" || scalar == "\r" {
                cells.append("")
            } else {
                cells[cells.count - 1].unicodeScalars.append(scalar)
            }
        }
        return cells
    }

    static let dangerous = [
        "=1+1", "a;=1+1", "a;b;-1", "a\t@x", "a; =1", "a;\"=1", "\"=1", "a\n=1", "a,b;=1", "\t=1", ";=1", "a;'=1",
        "a;＝1",
        "\"a\";\"=1\"", "a\r\n+1", ";;;=1",
    ]

    /// No cell starts a formula, whether the spreadsheet separates at commas, semicolons or tabs.
    @Test(arguments: dangerous) func noCellStartsAFormula(text: String) {
        let line = CSVWriter<Note>().record(Note(text: text))
        for separator: Unicode.Scalar in [",", ";", "\t"] {
            for cell in cells(line, separator: separator) {
                let start = cell.drop { $0 == " " }.unicodeScalars.first
                #expect(start.map { !"=+-@＝＋－＠".unicodeScalars.contains($0) } ?? true, "\(line) at \(separator)")
            }
        }
    }

    /// No two texts become one, though each gets marks of its own.
    @Test func textsStayApart() {
        var texts = Self.dangerous
        for _ in 0..<2 { texts += texts.map { "'" + $0 } + texts.map { "a;'" + $0 } }
        let distinct = Set(texts)
        #expect(Set(distinct.map { CSVWriter<Note>().record(Note(text: $0)) }).count == distinct.count)
    }

    @Test(arguments: [
        ("=1", "'=1"), ("'=1", "''=1"), ("''=1", "'''=1"), ("a;=1", "a;'=1"), ("'a", "'a"), ("a'=1", "a'=1"),
        ("a=1;b=2", "a=1;b=2"), ("it was read; 3 of 4", "it was read; 3 of 4"),
    ])
    func marksGoWhereTheyAreNeeded(text: String, field: String) {
        #expect(CSVWriter<Note>().record(Note(text: text)) == field + "\n")
        #expect(CSVWriter<Note>(protection: .none).record(Note(text: text)) == text + "\n")
    }
}
