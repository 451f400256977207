/// A text that is not JSON.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Offset in bytes.
    public let offset: Int
    public var description: String { "malformed JSON at byte \(offset)" }
}

extension JSONValue {
    /// Reads one JSON text.
    ///
    /// Numbers without a fraction or an exponent that fit are integers, all others numbers. Nesting is limited to 64
    /// levels, so that hostile text cannot exhaust the stack.
    public init(parsing text: String) throws(JSONError) {
        var parser = JSONParser(bytes: Array(text.utf8))
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.position == parser.bytes.count else { throw JSONError(offset: parser.position) }
        self = value
    }

    /// The members' numbers, in their order; nil unless this is an object of numbers.
    public var namedNumbers: [(name: String, value: Double)]? {
        guard case .object(let members) = self else { return nil }
        var result: [(name: String, value: Double)] = []
        for member in members {
            switch member.value {
            case .number(let number): result.append((member.name, number))
            case .integer(let integer): result.append((member.name, Double(integer)))
            default: return nil
            }
        }
        return result
    }

    /// The elements' texts; nil unless this is an array of texts.
    public var texts: [String]? {
        guard case .array(let values) = self else { return nil }
        var result: [String] = []
        for value in values {
            guard case .text(let text) = value else { return nil }
            result.append(text)
        }
        return result
    }
}

private struct JSONParser {
    let bytes: [UInt8]
    var position = 0

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }
    private var failure: JSONError { JSONError(offset: position) }

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        guard depth < 64 else { throw failure }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw failure }
        position += word.utf8.count
        return value
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        position += 1
        var values: [JSONValue] = []
        skipSpace()
        if take("]") { return .array(values) }
        repeat {
            values.append(try value(depth: depth + 1))
            skipSpace()
        } while take(",")
        guard take("]") else { throw failure }
        return .array(values)
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        position += 1
        var members: [JSONValue.Member] = []
        skipSpace()
        if take("}") { return .object(members) }
        repeat {
            skipSpace()
            let name = try text()
            skipSpace()
            guard take(":") else { throw failure }
            members.append(JSONValue.Member(name, try value(depth: depth + 1)))
            skipSpace()
        } while take(",")
        guard take("}") else { throw failure }
        return .object(members)
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = position
        while let byte = next, "+-.eE0123456789".utf8.contains(byte) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if let integer = Int64(text), !text.hasPrefix("+") { return .integer(integer) }
        guard let first = text.utf8.first, first != UInt8(ascii: "+"), let number = Double(text), number.isFinite else {
            throw JSONError(offset: start)
        }
        return .number(number)
    }

    private mutating func text() throws(JSONError) -> String {
        guard take("\"") else { throw failure }
        var content: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: content, as: UTF8.self) else { throw failure }
                return text
            case UInt8(ascii: "\\"): content += try escape().utf8
            case 0..<0x20: throw failure
            default: content.append(byte)
            }
        }
        throw failure
    }

    private mutating func escape() throws(JSONError) -> String {
        guard let byte = next else { throw failure }
        position += 1
        switch byte {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return String(Unicode.Scalar(byte))
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw failure
        }
    }

    private mutating func unicodeEscape() throws(JSONError) -> String {
        var units = [try hexadecimalUnit()]
        if UTF16.isLeadSurrogate(units[0]) {
            guard take("\\"), take("u") else { throw failure }
            units.append(try hexadecimalUnit())
        }
        guard let text = String(validating: units, as: UTF16.self) else { throw failure }
        return text
    }

    private mutating func hexadecimalUnit() throws(JSONError) -> UInt16 {
        let digits = String(decoding: bytes[position...].prefix(4), as: UTF8.self)
        guard digits.utf8.count == 4, !digits.hasPrefix("+"), let unit = UInt16(digits, radix: 16) else {
            throw failure
        }
        position += 4
        return unit
    }
}
