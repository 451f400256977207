/// A table that came as CSV (RFC 4180), with a header: a manifest, as spreadsheets and laboratory systems write it.
///
/// Fields are separated by commas, semicolons or tabs: whichever gives the header the columns that are asked for, or what
/// a first line such as `sep=;` says. UTF-8 with or without a byte order mark, or UTF-16 with one; lines end as on any
/// system; quoted fields may hold separators, line ends and doubled quotes. Space around a field is left to who asks for
/// it. Names of columns are compared without regard to case; columns that nobody asks for are ignored, and so are lines
/// without content, fields left out at a line's end, and empty ones too many there.
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
        let text = try CSVText(bytes)
        let (header, positions, rest) = try Self.header(of: text, required, optional, limits)
        var parser = rest
        let columns = header.fields.count
        let needed = (required.compactMap { positions[$0] }.max() ?? 0) + 1
        var records: [Record] = []
        while let (line, written) = try parser.next() {
            guard written.contains(where: { !$0.trimmed.isEmpty }) else { continue }
            guard written.count >= needed, written.dropFirst(columns).allSatisfy(\.trimmed.isEmpty) else {
                throw CSVError(.ragged(fields: written.count, columns: columns), line: line)
            }
            let missing = [String](repeating: "", count: max(columns - written.count, 0))
            let fields = Array(written.prefix(columns)) + missing
            guard records.count < limits.records else {
                throw CSVError(.tooManyRecords(limit: limits.records), line: line)
            }
            records.append(Record(line: line, fields: fields, positions: positions))
        }
        self.columns = header.fields.map { $0.trimmed.lowercased() }
        self.records = records
    }

    private typealias Header = (fields: [String], line: Int)

    /// The header, read with the one separator that gives it the columns that are asked for.
    private static func header(
        of text: CSVText, _ required: [String], _ optional: [String], _ limits: Limits
    ) throws(CSVError) -> (Header, positions: [String: Int], rest: CSVParser) {
        var readings: [(Header, positions: [String: Int], rest: CSVParser)] = []
        var failure: CSVError?
        for delimiter in text.delimiter.map({ [$0] }) ?? CSVText.delimiters {
            do throws(CSVError) {
                var parser = CSVParser(
                    bytes: text.bytes, delimiter: delimiter, line: text.firstLine, limits: limits)
                guard let (line, fields) = try parser.next() else { throw CSVError(.empty, line: text.firstLine) }
                let header = (fields, line)
                readings.append((header, try positions(of: required, optional, in: header), parser))
                // A single column has no separator.
                if fields.count == 1 { break }
            } catch {
                if failure.map({ error.missingColumns < $0.missingColumns }) ?? true { failure = error }
            }
        }
        if readings.count > 1 { throw CSVError(.ambiguousDelimiter, line: readings[0].0.line) }
        guard let reading = readings.first else { throw failure ?? CSVError(.empty, line: text.firstLine) }
        return reading
    }

    private static func positions(
        of required: [String], _ optional: [String], in header: Header
    ) throws(CSVError) -> [String: Int] {
        let wanted = Set(required + optional)
        var positions: [String: Int] = [:]
        var duplicates: Set<String> = []
        for (index, field) in header.fields.enumerated() {
            let name = field.trimmed.lowercased()
            guard wanted.contains(name) else { continue }
            if positions.updateValue(index, forKey: name) != nil { duplicates.insert(name) }
        }
        guard duplicates.isEmpty else { throw CSVError(.duplicateColumns(duplicates.sorted()), line: header.line) }
        let missing = required.filter { positions[$0] == nil }
        guard missing.isEmpty else { throw CSVError(.missingColumns(missing), line: header.line) }
        return positions
    }
}

extension CSVError {
    /// How many of the columns asked for a header lacks, which another separator may give it.
    fileprivate var missingColumns: Int {
        if case .missingColumns(let columns) = kind { columns.count } else { 0 }
    }
}
