import FindingStore
import Findings
import Listings

/// Findings as CSV, one a line, in the columns of the contract.
public struct CSVExport: Export {
    public static let name = "csv"

    /// The file; nil for standard output.
    private let output: String?
    private let writer: CSVWriter<FindingRow>
    private let protection: CSVWriter<FindingRow>.TextProtection
    private let hasByteOrderMark: Bool

    /// - Parameter hasByteOrderMark: whether the file begins with U+FEFF, without which Excel takes UTF-8 for the system's
    ///   own characters.
    public init(
        output: String?, protection: CSVWriter<FindingRow>.TextProtection = .formulas, hasByteOrderMark: Bool = false
    ) {
        self.output = output
        self.hasByteOrderMark = hasByteOrderMark
        self.protection = protection
        writer = CSVWriter(protection: protection)
    }

    public func write(_ question: ExportQuestion) throws {
        var file = try OutputFile(output)
        if hasByteOrderMark { try file.write("\u{FEFF}") }
        let reviewed = question.reviews.map { ReviewFields($0, protection: protection) }
        try file.write(reviewed?.header(after: writer.header) ?? writer.header)
        var lines = FindingLines(writer, pseudonyms: question.pseudonyms)
        try question.store.forEachRecord(question.filter, under: { lines.begin($0) }) { record in
            try file.write { bytes in
                try lines.append(record, to: &bytes)
                try reviewed?.append(record, to: &bytes)
            }
        }
        try file.finish()
    }
}
