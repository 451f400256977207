/// Why a text is not the table that it should be. Quotes nothing of it but the names of wanted columns, for any field
/// may hold patient data.
public struct CSVError: Error, Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        case empty
        case notUTF8
        /// A NUL character, or broken UTF-16: not a text at all.
        case notText
        case unterminatedQuote
        /// A quote inside a field without quotes, or text after a closing quote.
        case strayQuote
        case ragged(fields: Int, columns: Int)
        /// The header reads well in more than one way.
        case ambiguousDelimiter
        case missingColumns([String])
        case duplicateColumns([String])
        case tooLong(limit: Int)
        case fieldTooLong(limit: Int)
        case tooManyColumns(limit: Int)
        case tooManyRecords(limit: Int)
    }

    public let kind: Kind
    /// From 1.
    public let line: Int

    init(_ kind: Kind, line: Int) {
        self.kind = kind
        self.line = line
    }
}

extension CSVError: CustomStringConvertible {
    public var description: String {
        switch kind {
        case .empty: "the table is empty: a header is missing"
        case .notUTF8: "line \(line): not UTF-8 (save the table as \"CSV UTF-8\")"
        case .notText: "line \(line): not text (save the table as CSV in UTF-8)"
        case .unterminatedQuote: "line \(line): the quote that begins a field is never closed"
        case .strayQuote: "line \(line): a quote inside a field (double it and quote the field)"
        case .ragged(let fields, let columns): "line \(line): \(fields) fields where the header has \(columns)"
        case .ambiguousDelimiter:
            "line \(line): commas, semicolons or tabs may separate the columns (say which: begin the table with sep=;)"
        case .missingColumns(let names): "the header lacks \(names.joined(separator: ", "))"
        case .duplicateColumns(let names): "the header has more than one \(names.joined(separator: ", "))"
        case .tooLong(let limit): "the table is longer than \(limit) bytes"
        case .fieldTooLong(let limit): "line \(line): a field of more than \(limit) bytes"
        case .tooManyColumns(let limit): "line \(line): more than \(limit) fields"
        case .tooManyRecords(let limit): "line \(line): more than \(limit) records"
        }
    }
}
