/// Rows as a table for people: columns as wide as they need, numbers to the right, nothing that steers a terminal.
public struct TextTable: Sendable {
    public struct Column: Sendable {
        public let heading: String
        public let isNumeric: Bool

        public init(_ heading: String, isNumeric: Bool = false) {
            self.heading = heading
            self.isNumeric = isNumeric
        }
    }

    private let columns: [Column]
    private var rows: [[String]] = []

    public init(_ columns: [Column]) {
        self.columns = columns
    }

    public var isEmpty: Bool { rows.isEmpty }

    /// - Precondition: as many fields as there are columns.
    public mutating func append(_ fields: [String]) {
        precondition(fields.count == columns.count, "a row has a field for each column")
        rows.append(fields.map(\.printable))
    }

    /// The headings, a rule and the rows, each with a line feed.
    public var text: String {
        let headings = columns.map(\.heading.printable)
        let widths = columns.indices.map { column in
            rows.reduce(headings[column].displayWidth) { max($0, $1[column].displayWidth) }
        }
        let rule = widths.map { String(repeating: "-", count: $0) }
        return ([headings, rule] + rows).map { line($0, widths: widths) }.joined()
    }

    private func line(_ fields: [String], widths: [Int]) -> String {
        var line = ""
        for (index, field) in fields.enumerated() {
            let padding = String(repeating: " ", count: widths[index] - field.displayWidth)
            let isLast = index == fields.count - 1
            line += columns[index].isNumeric ? padding + field : isLast ? field : field + padding
            if !isLast { line += "  " }
        }
        return line + "\n"
    }
}

extension TextTable {
    /// A table of rows with a common declaration of their columns; numbers are rounded to `fractionDigits`.
    ///
    /// - Parameter omitsEmptyColumns: whether columns are left out in which no row has anything.
    public init<Row: ListingRow>(
        _ rows: some Collection<Row>, fractionDigits: Int = 3, omitsEmptyColumns: Bool = false
    ) {
        let columns = Row.columns.filter { column in
            column.audience == .all
                && (!omitsEmptyColumns || rows.contains { !column.value($0).plainText.isEmpty })
        }
        let values = rows.map { row in columns.map { $0.value(row) } }
        self.init(
            columns.indices.map { index in
                let isNumeric = values.contains { $0[index].isNumber }
                return Column(columns[index].name.split(separator: "_").joined(separator: " "), isNumeric: isNumeric)
            })
        for row in values {
            append(
                row.map { value in
                    if case .number(let number) = value { return number.rounded(toDigits: fractionDigits) }
                    return value.plainText
                })
        }
    }
}

extension JSONValue {
    fileprivate var isNumber: Bool {
        switch self {
        case .integer, .number: true
        default: false
        }
    }
}

extension Double {
    /// With exactly so many digits after the point, whatever the locale; in full where it is too large for that.
    public func rounded(toDigits digits: Int) -> String {
        guard isFinite, (0...9).contains(digits) else { return description }
        var scale: Int64 = 1
        for _ in 0..<digits { scale *= 10 }
        guard magnitude * Double(scale) < 9e18 else { return description }
        let scaled = Int64((magnitude * Double(scale)).rounded())
        let fraction = String(scaled % scale)
        let sign = self < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return sign + String(scaled) }
        return sign + String(scaled / scale) + "." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}

extension String {
    /// How many cells of a terminal the text takes: two for a wide character, none for one that combines.
    var displayWidth: Int {
        reduce(0) { width, character in
            width
                + (character.unicodeScalars.contains { $0.isWide }
                    ? 2 : character.unicodeScalars.allSatisfy(\.isCombining) ? 0 : 1)
        }
    }
}

extension Unicode.Scalar {
    /// The blocks that are wide throughout in Unicode's EastAsianWidth.txt, and the emoji shown as pictures.
    fileprivate var isWide: Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
            0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }

    fileprivate var isCombining: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: true
        default: false
        }
    }
}
