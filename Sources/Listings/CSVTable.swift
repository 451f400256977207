/// A table that came as CSV (RFC 4180), with a header: a manifest.
///
/// UTF-8 with or without a byte order mark; lines end as on any system; quoted fields may hold commas, line ends and
/// doubled quotes. Names of columns are compared without regard to case and surrounding space; columns that nobody asks
/// for are ignored, and so are empty lines.
public struct CSVTable: Sendable {
    /// The names of the columns, in lower case.
    public let columns: [String]
    public let records: [Record]

    public struct Record: Sendable {
        /// Where the record begins in the file, from 1.
        public let line: Int
        /// As many as the table has columns.
        public let fields: [String]
        private let positions: [String: Int]

        fileprivate init(line: Int, fields: [String], positions: [String: Int]) {
            self.line = line
            self.fields = fields
            self.positions = positions
        }

        /// The field of a required or an optional column; nil where the table lacks that column.
        public subscript(column: String) -> String? {
            positions[column].map { fields[$0] }
        }
    }

    /// What a table may cost at most.
    public struct Limits: Sendable {
        public var bytes = 256 << 20
        public var fieldBytes = 64 << 10
        public var columns = 256
        public var records = 4_000_000

        public init() {}
    }

    /// - Parameters:
    ///   - required: columns that must be there, in lower case.
    ///   - optional: columns that may be there, in lower case.
    public init(
        parsing bytes: [UInt8], required: [String], optional: [String] = [], limits: Limits = Limits()
    ) throws(CSVError) {
        guard bytes.count <= limits.bytes else { throw CSVError(.tooLong(limit: limits.bytes), line: 1) }
        var parser = CSVParser(bytes: bytes, limits: limits)
        guard let header = try parser.next() else { throw CSVError(.empty, line: 1) }
        let positions = try Self.positions(of: required, optional, in: header)
        var records: [Record] = []
        while let (line, fields) = try parser.next() {
            guard fields.count == header.fields.count else {
                throw CSVError(.ragged(fields: fields.count, columns: header.fields.count), line: line)
            }
            guard records.count < limits.records else {
                throw CSVError(.tooManyRecords(limit: limits.records), line: line)
            }
            records.append(Record(line: line, fields: fields, positions: positions))
        }
        columns = header.fields.map(normalised)
        self.records = records
    }

    private static func positions(
        of required: [String], _ optional: [String], in header: (line: Int, fields: [String])
    ) throws(CSVError) -> [String: Int] {
        let wanted = Set(required + optional)
        var positions: [String: Int] = [:]
        var duplicates: Set<String> = []
        for (index, field) in header.fields.enumerated() {
            let name = normalised(field)
            guard wanted.contains(name) else { continue }
            if positions.updateValue(index, forKey: name) != nil { duplicates.insert(name) }
        }
        guard duplicates.isEmpty else { throw CSVError(.duplicateColumns(duplicates.sorted()), line: header.line) }
        let missing = required.filter { positions[$0] == nil }
        guard missing.isEmpty else { throw CSVError(.missingColumns(missing), line: header.line) }
        return positions
    }
}

private func normalised(_ name: String) -> String {
    let space: Set<Character> = [" ", "\t"]
    let start = name.drop { space.contains($0) }
    let end = start.lastIndex { !space.contains($0) }
    return end.map { start[...$0].lowercased() } ?? ""
}
