/// Writes rows as CSV (RFC 4180, with a bare line feed after each record), in UTF-8.
///
/// Not a package for CSV: those write rows of strings and know nothing of formulas; what they would spare are the quotes.
///
/// Numbers are independent of the locale and read back as they were; what is missing is an empty field; an object of
/// numbers is `name=number`, joined by `;`.
public struct CSVWriter<Row: ListingRow>: Sendable {
    public enum TextProtection: Sendable {
        /// What a spreadsheet would run as a formula starts with `'`, also where it separates at `;` or tabs.
        case formulas
        /// Texts as they are, for programs.
        case none
    }

    public let columns: [ListingColumn<Row>]
    private let protection: TextProtection

    public init(protection: TextProtection = .formulas) {
        columns = Row.columns.filter { $0.audience != .json }
        self.protection = protection
    }

    /// The columns' names, with the line feed.
    public var header: String { columns.map(\.name).joined(separator: ",") + "\n" }

    /// One row, with the line feed.
    public func record(_ row: Row) -> String {
        columns.map { field($0.value(row)) }.joined(separator: ",") + "\n"
    }

    /// One value as a field, in quotes where it needs them.
    public func field(_ value: JSONValue) -> String {
        let text = value.plainText
        switch value {
        case .text, .array, .object: return quoted(protection == .formulas ? harmlessInSpreadsheets(text) : text)
        case .null, .boolean, .integer, .number: return text
        }
    }
}

extension JSONValue {
    /// The value as one field of a table.
    var plainText: String {
        switch self {
        case .null: ""
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .number(let value): value.isFinite ? value.description : ""
        case .text(let text): text
        case .array(let values): values.map(\.plainText).joined(separator: ";")
        case .object(let members): members.map { $0.name + "=" + $0.value.plainText }.joined(separator: ";")
        }
    }
}

/// OWASP, "CSV Injection": what starts so may be run, in the full-width forms too.
private let formulaStarts: Set<Unicode.Scalar> = ["=", "+", "-", "@", "＝", "＋", "－", "＠"]
/// What begins a cell in one spreadsheet or another, which separates at `;` or tabs and takes our quotes for text.
private let cellEnds: Set<Unicode.Scalar> = [";", "\t", "\r", "\n"]
/// What may stand before a formula, or is no part of a cell. The mark itself is one of them: what starts with `'=` gets
/// another, so that no two texts become one.
private let skippable: Set<Unicode.Scalar> = ["'", "\"", " "]

/// The text with a `'` before each of its parts that a spreadsheet might run.
private func harmlessInSpreadsheets(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { formulaStarts.contains($0) || cellEnds.contains($0) }) else {
        return text
    }
    var result = String.UnicodeScalarView()
    for (index, part) in text.unicodeScalars.split(omittingEmptySubsequences: false, whereSeparator: cellEnds.contains)
        .enumerated()
    {
        // Of a text that starts with such a separator, what comes after it may be run as well.
        let startsText = index == 0 && part.allSatisfy(skippable.contains) && part.endIndex < text.endIndex
        let first = part.first { !skippable.contains($0) }
        if startsText || first.map(formulaStarts.contains) == true { result.append("'") }
        result.append(contentsOf: part)
        if part.endIndex < text.endIndex { result.append(text.unicodeScalars[part.endIndex]) }
    }
    return String(result)
}

private func quoted(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { byte in
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D
    }
    guard needsQuotes else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
}
