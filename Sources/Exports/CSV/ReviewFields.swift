import FindingStore
import Findings
import Listings

/// What was said of findings, as fields behind those of their lines.
struct ReviewFields {
    private let reviews: [FindingID: Review]
    private let writer: CSVWriter<Review>

    init(_ reviews: [FindingID: Review], protection: CSVWriter<FindingRow>.TextProtection) {
        self.reviews = reviews
        writer = CSVWriter(protection: protection == .none ? .none : .formulas)
    }

    func header(after header: String) -> String { header.dropLast() + "," + writer.header }

    /// Goes on with the line of a finding that was appended last.
    func append(_ record: FindingRecord, to bytes: inout [UInt8]) throws {
        bytes.removeLast()
        bytes.append(UInt8(ascii: ","))
        if let review = FindingID(hexadecimal: String(decoding: record.id, as: UTF8.self)).flatMap({ reviews[$0] }) {
            bytes += writer.record(review).utf8
        } else {
            bytes += [UInt8](repeating: UInt8(ascii: ","), count: writer.columns.count - 1)
            bytes.append(UInt8(ascii: "\n"))
        }
    }
}
