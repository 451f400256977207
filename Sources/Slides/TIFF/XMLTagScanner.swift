/// Steps through the opening tags of an XML text: enough for attributes of known elements, with no entities but single
/// characters and no nesting to recurse into, so that hostile text costs no more than reading it once.
struct XMLTagScanner {
    struct Tag {
        /// The element's name without its namespace prefix.
        let localName: String
        let attributes: [String: String]
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    mutating func next() -> Tag? {
        while skip(past: UInt8(ascii: "<")) {
            guard let first = current else { return nil }
            if first == UInt8(ascii: "!") || first == UInt8(ascii: "?") || first == UInt8(ascii: "/") { continue }
            let name = takeName()
            guard !name.isEmpty else { continue }
            return Tag(
                localName: name.split(separator: ":").last.map(String.init) ?? name, attributes: takeAttributes())
        }
        return nil
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skip(past byte: UInt8) -> Bool {
        while let next = current {
            position += 1
            if next == byte { return true }
        }
        return false
    }

    private mutating func skipSpace() {
        while let next = current, [0x20, 0x09, 0x0A, 0x0D].contains(next) { position += 1 }
    }

    private mutating func takeName() -> String {
        let start = position
        while let next = current, ![0x20, 0x09, 0x0A, 0x0D].contains(next), !"<>/=\"'".utf8.contains(next) {
            position += 1
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func takeAttributes() -> [String: String] {
        var attributes: [String: String] = [:]
        while true {
            skipSpace()
            let name = takeName()
            skipSpace()
            guard !name.isEmpty, current == UInt8(ascii: "=") else { return attributes }
            position += 1
            skipSpace()
            guard let quote = current, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
                return attributes
            }
            position += 1
            let start = position
            guard skip(past: quote) else { return attributes }
            attributes[name] = decoded(bytes[start..<position - 1])
        }
    }

    /// The text up to the next tag.
    mutating func text() -> String {
        guard skip(past: UInt8(ascii: ">")) else { return "" }
        let start = position
        while let next = current, next != UInt8(ascii: "<") { position += 1 }
        return decoded(bytes[start..<position])
    }

    /// With the characters that references such as `&quot;` and `&#181;` stand for; others stay as they are.
    private func decoded(_ raw: ArraySlice<UInt8>) -> String {
        guard raw.contains(UInt8(ascii: "&")) else { return String(decoding: raw, as: UTF8.self) }
        var text = ""
        var rest = raw
        while let start = rest.firstIndex(of: UInt8(ascii: "&")) {
            text += String(decoding: rest[..<start], as: UTF8.self)
            rest = rest[start...]
            let end = rest.prefix(Self.longestReference).firstIndex(of: UInt8(ascii: ";"))
            if let end, let character = Self.character(String(decoding: rest[start + 1..<end], as: UTF8.self)) {
                text.unicodeScalars.append(character)
                rest = rest[(end + 1)...]
            } else {
                text += "&"
                rest = rest.dropFirst()
            }
        }
        return text + String(decoding: rest, as: UTF8.self)
    }

    private static let longestReference = 10
    private static let named: [String: Unicode.Scalar] = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]

    private static func character(_ reference: String) -> Unicode.Scalar? {
        guard reference.hasPrefix("#") else { return named[reference] }
        let digits = reference.dropFirst()
        let isHexadecimal = digits.hasPrefix("x") || digits.hasPrefix("X")
        return UInt32(isHexadecimal ? digits.dropFirst() : digits, radix: isHexadecimal ? 16 : 10)
            .flatMap { Unicode.Scalar($0) }
    }
}
