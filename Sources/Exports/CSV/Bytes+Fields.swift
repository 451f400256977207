/// Fields of a CSV written as `CSVWriter` writes them, without a `String` between.
extension [UInt8] {
    mutating func append(decimal number: Int) {
        if number < 0 { append(UInt8(ascii: "-")) }
        var rest = number.magnitude
        let start = count
        repeat {
            append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        self[start...].reverse()
    }

    /// Nothing for what is not finite.
    mutating func append(decimal number: Double) {
        if number.isFinite { self += number.description.utf8 }
    }

    /// A JSON object of numbers, as `JSONValue.compact` writes it, as `name=number`, joined by `;`.
    ///
    /// - Returns: false, with nothing appended, where a name may need quotes or an escape, or the text is anything else.
    mutating func append(namedNumbers json: [UInt8]) -> Bool {
        let start = count
        guard json.withUnsafeBufferPointer({ append(membersOf: $0) }) else {
            removeSubrange(start...)
            return false
        }
        return true
    }

    private mutating func append(membersOf json: UnsafeBufferPointer<UInt8>) -> Bool {
        guard json.count >= 2, json.first == UInt8(ascii: "{"), json.last == UInt8(ascii: "}") else { return false }
        // Where the last brace is: what may be read, and is no part of a name or number.
        let end = json.count - 1
        var position = 1
        while position < end {
            // "name":
            guard json[position] == UInt8(ascii: "\""), isLetter(json[position + 1]) else { return false }
            let name = position + 1
            position = name
            while position < end, isPlain(json[position]) { position += 1 }
            guard json[position] == UInt8(ascii: "\""), json[position + 1] == UInt8(ascii: ":") else { return false }
            append(contentsOf: UnsafeBufferPointer(rebasing: json[name..<position]))
            append(UInt8(ascii: "="))
            let number = position + 2
            guard let endOfNumber = endOfDecimal(json, from: number) else { return false }
            append(contentsOf: UnsafeBufferPointer(rebasing: json[number..<endOfNumber]))
            position = endOfNumber
            if position == end { return true }
            guard json[position] == UInt8(ascii: ","), position + 1 < end else { return false }
            append(UInt8(ascii: ";"))
            position += 1
        }
        return true
    }
}

private func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

/// What needs neither quotes in CSV nor an escape in JSON.
private func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: ","), UInt8(ascii: ";"): false
    default: (0x20..<0x7F).contains(byte)
    }
}

/// The end of a number (RFC 8259, section 6) that has a point or an exponent, without which `CSVWriter` would add one; nil
/// where none begins.
private func endOfDecimal(_ json: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    var position = start
    func skip(_ byte: UInt8) -> Bool {
        guard json[position] == byte else { return false }
        position += 1
        return true
    }
    func skipDigits() -> Bool {
        let first = position
        while json[position] &- UInt8(ascii: "0") < 10 { position += 1 }
        return position > first
    }
    _ = skip(UInt8(ascii: "-"))
    guard skipDigits() else { return nil }
    let hasPoint = skip(UInt8(ascii: "."))
    if hasPoint, !skipDigits() { return nil }
    guard skip(UInt8(ascii: "e")) else { return hasPoint ? position : nil }
    _ = skip(UInt8(ascii: "-"))
    return skipDigits() ? position : nil
}
