/// A JSON value (RFC 8259) whose objects keep the order of their members.
///
/// Not Foundation's `JSONEncoder`: it loses that order, which is the network's order of classes and the contract's of columns,
/// and writes 1.0 as 1, so that what is stored would hash otherwise.
public enum JSONValue: Sendable, Hashable {
    case null
    case boolean(Bool)
    case integer(Int64)
    /// Written so that reading gives the same number back; null where it is not finite, for JSON has no such numbers.
    case number(Double)
    case text(String)
    case array([JSONValue])
    case object([Member])

    public struct Member: Sendable, Hashable {
        public let name: String
        public let value: JSONValue

        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// Members of names and values, in their order.
    public static func object(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        .object(members.map { Member($0.key, $0.value) })
    }

    /// Numbers by name, in the order of the names.
    public static func numbers(_ numbers: [String: Double]) -> JSONValue {
        .object(numbers.sorted { $0.key < $1.key }.map { Member($0.key, .number($0.value)) })
    }
}

extension JSONValue {
    public static func text(_ text: String?) -> JSONValue { text.map { .text($0) } ?? .null }
    public static func number(_ number: Double?) -> JSONValue { number.map { .number($0) } ?? .null }
    public static func integer(_ integer: Int64?) -> JSONValue { integer.map { .integer($0) } ?? .null }
    public static func integer(_ integer: Int) -> JSONValue { .integer(Int64(integer)) }
    public static func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .text($0) }) }
}

extension JSONValue {
    /// The value on one line.
    public var compact: String {
        var bytes: [UInt8] = []
        write(to: &bytes, indentation: nil)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends ``compact`` in UTF-8.
    public func write(to bytes: inout [UInt8]) { write(to: &bytes, indentation: nil) }

    /// The value for people: a member a line, two spaces a level.
    public var indented: String {
        var bytes: [UInt8] = []
        write(to: &bytes, indentation: 0)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func write(to bytes: inout [UInt8], indentation: Int?) {
        switch self {
        case .null: bytes += "null".utf8
        case .boolean(let value): bytes += (value ? "true" : "false").utf8
        case .integer(let value): bytes += String(value).utf8
        case .number(let value): bytes += (value.isFinite ? value.description : "null").utf8
        case .text(let text): writeJSONText(text, to: &bytes)
        case .array(let values):
            writeList(values, between: ("[", "]"), to: &bytes, indentation: indentation) { value, bytes, inner in
                value.write(to: &bytes, indentation: inner)
            }
        case .object(let members):
            writeList(members, between: ("{", "}"), to: &bytes, indentation: indentation) { member, bytes, inner in
                writeJSONText(member.name, to: &bytes)
                bytes += (inner == nil ? ":" : ": ").utf8
                member.value.write(to: &bytes, indentation: inner)
            }
        }
    }
}

private func writeList<Element>(
    _ elements: [Element], between brackets: (open: String, close: String), to bytes: inout [UInt8],
    indentation: Int?, _ write: (Element, inout [UInt8], Int?) -> Void
) {
    bytes += brackets.open.utf8
    let inner = indentation.map { $0 + 2 }
    for (index, element) in elements.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        if let inner { bytes += ("\n" + String(repeating: " ", count: inner)).utf8 }
        write(element, &bytes, inner)
    }
    if let indentation, !elements.isEmpty { bytes += ("\n" + String(repeating: " ", count: indentation)).utf8 }
    bytes += brackets.close.utf8
}

private func writeJSONText(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
        case 0x0A: bytes += #"\n"#.utf8
        case 0x0D: bytes += #"\r"#.utf8
        case 0x09: bytes += #"\t"#.utf8
        // DEL is legal in JSON, but no terminal should get it raw.
        case 0..<0x20, 0x7F: bytes += (#"\u00"# + (byte < 16 ? "0" : "") + String(byte, radix: 16)).utf8
        default: bytes.append(byte)
        }
    }
    bytes.append(UInt8(ascii: "\""))
}
