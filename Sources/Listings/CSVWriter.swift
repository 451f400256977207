/// Writes rows as CSV (RFC 4180, with a bare line feed after each record), in UTF-8.
///
/// Numbers are independent of the locale and read back as they were; what is missing is an empty field; an object of
/// numbers is `name=number`, joined by `;`.
public struct CSVWriter<Row: ListingRow>: Sendable {
    public enum TextProtection: Sendable {
        /// A text that a spreadsheet would run as a formula starts with `'`.
        case formulas
        /// Texts as they are, for programs.
        case none
    }

    private let columns: [ListingColumn<Row>]
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

    private func field(_ value: JSONValue) -> String {
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
private let formulaStarts: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]

private func harmlessInSpreadsheets(_ text: String) -> String {
    guard let first = text.unicodeScalars.first, formulaStarts.contains(first) else { return text }
    return "'" + text
}

private func quoted(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { byte in
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D
    }
    guard needsQuotes else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
}
