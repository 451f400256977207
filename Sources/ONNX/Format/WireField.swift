import FoundationEssentials

/// One field of a message in the wire format of Protocol Buffers.
///
/// Source: https://protobuf.dev/programming-guides/encoding/.
struct WireField {
    let number: UInt64
    /// The bytes of a string, a submessage or packed numbers; nil for a single number.
    let payload: Range<Int>?
    /// The field's bytes with its tag.
    let whole: Range<Int>
}

extension ByteSource {
    /// The field that begins at `position` of a message that ends at `end`.
    ///
    /// - Throws: ``ONNXError`` of kind `malformed` for what is no field, or reaches past the end.
    mutating func field(at position: Int, end: Int) throws(ONNXError) -> WireField {
        var next = position
        let tag = try number(at: &next, end: end)
        var payload: Range<Int>?
        switch tag & 7 {
        case 0: _ = try number(at: &next, end: end)
        case 1: next += 8
        case 2:
            let length = try number(at: &next, end: end)
            guard let length = Int(exactly: length), length <= end - next else { throw Self.malformed }
            payload = next..<next + length
            next += length
        case 5: next += 4
        default: throw Self.malformed
        }
        guard next <= end, tag >> 3 > 0 else { throw Self.malformed }
        return WireField(number: tag >> 3, payload: payload, whole: position..<next)
    }

    /// A message without the fields of one number, and where these fields' payloads stand.
    ///
    /// - Parameter limit: the most bytes that may be left.
    /// - Throws: ``ONNXError``, of kind `limit` where more are.
    mutating func cut(
        _ number: UInt64, from message: Range<Int>, limit: Int
    ) throws(ONNXError) -> (rest: Data, payloads: [Range<Int>]) {
        var (rest, payloads) = (Data(), [Range<Int>]())
        var (position, kept) = (message.lowerBound, message.lowerBound)
        while position < message.upperBound {
            let field = try field(at: position, end: message.upperBound)
            if field.number == number, let payload = field.payload {
                try append(kept..<position, to: &rest, limit)
                payloads.append(payload)
                kept = field.whole.upperBound
            }
            position = field.whole.upperBound
        }
        try append(kept..<position, to: &rest, limit)
        return (rest, payloads)
    }

    private func append(_ range: Range<Int>, to rest: inout Data, _ limit: Int) throws(ONNXError) {
        guard rest.count + range.count <= limit else {
            throw ONNXError(.limit, "the model has more than \(limit) bytes beside its weights")
        }
        if !range.isEmpty { rest.append(try bytes(range)) }
    }

    /// A number of 7 bits a byte, the least significant first.
    private mutating func number(at position: inout Int, end: Int) throws(ONNXError) -> UInt64 {
        var number: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard position < end else { throw Self.malformed }
            let byte = try byte(at: position)
            position += 1
            number |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return number }
        }
        throw Self.malformed
    }

    static var malformed: ONNXError { ONNXError(.malformed, "not an ONNX file: its fields do not fit into it") }
}

extension Data {
    /// Appends a field with a payload.
    mutating func append(field number: UInt64, _ payload: Data) {
        for value in [number << 3 | 2, UInt64(payload.count)] {
            var value = value
            while value >= 0x80 {
                append(UInt8(truncatingIfNeeded: value) | 0x80)
                value >>= 7
            }
            append(UInt8(truncatingIfNeeded: value))
        }
        append(payload)
    }
}
