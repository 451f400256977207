/// Splits bytes into records and fields as RFC 4180 says.
struct CSVParser {
    private let bytes: [UInt8]
    private let limits: CSVTable.Limits
    private var position: Int
    private var line = 1

    init(bytes: [UInt8], limits: CSVTable.Limits) {
        self.bytes = bytes
        self.limits = limits
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// The next record that is not an empty line, with the line where it begins; nil at the end.
    mutating func next() throws(CSVError) -> (line: Int, fields: [String])? {
        while position < bytes.count {
            let start = line
            let fields = try record()
            if fields != [""] { return (start, fields) }
        }
        return nil
    }

    private mutating func record() throws(CSVError) -> [String] {
        var fields: [String] = []
        while true {
            guard fields.count < limits.columns else {
                throw CSVError(.tooManyColumns(limit: limits.columns), line: line)
            }
            let isQuoted = position < bytes.count && bytes[position] == quote
            fields.append(isQuoted ? try quotedField() : try bareField())
            guard position < bytes.count else { return fields }
            if bytes[position] == comma {
                position += 1
            } else {
                takeLineEnd()
                return fields
            }
        }
    }

    /// Up to a comma or the end of the line.
    private mutating func bareField() throws(CSVError) -> String {
        let start = position
        while position < bytes.count, !endsField(bytes[position]) {
            guard bytes[position] != quote else { throw CSVError(.strayQuote, line: line) }
            position += 1
        }
        return try text(bytes[start..<position])
    }

    /// Up to the closing quote, and past it.
    private mutating func quotedField() throws(CSVError) -> String {
        let start = line
        var content: [UInt8] = []
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            if byte == quote {
                position += 1
                guard position < bytes.count, bytes[position] == quote else {
                    guard isAtEndOfField else { throw CSVError(.strayQuote, line: line) }
                    return try text(content[...])
                }
                content.append(quote)
                position += 1
            } else if byte == lineFeed || byte == carriageReturn {
                let before = position
                takeLineEnd()
                content += bytes[before..<position]
            } else {
                content.append(byte)
                position += 1
            }
            guard content.count <= limits.fieldBytes else { throw tooLong }
        }
        throw CSVError(.unterminatedQuote, line: start)
    }

    private var isAtEndOfField: Bool {
        position == bytes.count || endsField(bytes[position])
    }

    private var tooLong: CSVError { CSVError(.fieldTooLong(limit: limits.fieldBytes), line: line) }

    private mutating func takeLineEnd() {
        if bytes[position] == carriageReturn, position + 1 < bytes.count, bytes[position + 1] == lineFeed {
            position += 1
        }
        position += 1
        line += 1
    }

    private func text(_ content: ArraySlice<UInt8>) throws(CSVError) -> String {
        guard content.count <= limits.fieldBytes else { throw tooLong }
        guard !content.contains(0) else { throw CSVError(.notText, line: line) }
        guard let text = String(validating: content, as: UTF8.self) else { throw CSVError(.notUTF8, line: line) }
        return text
    }
}

private let quote = UInt8(ascii: "\"")
private let comma = UInt8(ascii: ",")
private let lineFeed: UInt8 = 0x0A
private let carriageReturn: UInt8 = 0x0D

private func endsField(_ byte: UInt8) -> Bool {
    byte == comma || byte == lineFeed || byte == carriageReturn
}
