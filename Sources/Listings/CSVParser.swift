/// Splits UTF-8 into records and fields as RFC 4180 says, at whatever separates the fields. Space around a quoted field
/// is no part of it.
struct CSVParser {
    private let bytes: ArraySlice<UInt8>
    private let delimiter: UInt8
    private let limits: CSVTable.Limits
    private var position: Int
    private var line: Int

    /// - Parameter line: where in the file the bytes begin.
    init(bytes: ArraySlice<UInt8>, delimiter: UInt8, line: Int, limits: CSVTable.Limits) {
        self.bytes = bytes
        self.delimiter = delimiter
        self.line = line
        self.limits = limits
        position = bytes.startIndex
    }

    /// The next record that is not an empty line, with the line where it begins; nil at the end.
    mutating func next() throws(CSVError) -> (line: Int, fields: [String])? {
        while position < bytes.endIndex {
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
            skipSpaceBeforeQuote()
            let isQuoted = position < bytes.endIndex && bytes[position] == quote
            fields.append(isQuoted ? try quotedField() : try bareField())
            guard position < bytes.endIndex else { return fields }
            if bytes[position] == delimiter {
                position += 1
            } else {
                takeLineEnd()
                return fields
            }
        }
    }

    private mutating func skipSpaceBeforeQuote() {
        let start = bytes[position...].firstIndex { $0 != space }
        if let start, bytes[start] == quote { position = start }
    }

    /// Up to what separates it from the next, or the end of the line.
    private mutating func bareField() throws(CSVError) -> String {
        let start = position
        while position < bytes.endIndex, !endsField(bytes[position]) {
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
        while position < bytes.endIndex {
            let byte = bytes[position]
            if byte == quote {
                position += 1
                guard position < bytes.endIndex, bytes[position] == quote else {
                    while position < bytes.endIndex, bytes[position] == space { position += 1 }
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

    private func endsField(_ byte: UInt8) -> Bool {
        byte == delimiter || byte == lineFeed || byte == carriageReturn
    }

    private var isAtEndOfField: Bool {
        position == bytes.endIndex || endsField(bytes[position])
    }

    private var tooLong: CSVError { CSVError(.fieldTooLong(limit: limits.fieldBytes), line: line) }

    private mutating func takeLineEnd() {
        if bytes[position] == carriageReturn, position + 1 < bytes.endIndex, bytes[position + 1] == lineFeed {
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
private let space = UInt8(ascii: " ")
private let lineFeed: UInt8 = 0x0A
private let carriageReturn: UInt8 = 0x0D
