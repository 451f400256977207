import FoundationEssentials

/// One message on the channel between batch and worker: its length in bytes (32 bits, little-endian), then JSON.
///
/// JSON, because the messages are `Codable` values, doubles survive it to the last bit, and a night's findings are
/// small beside its pixels.
enum Frame {
    /// The longest payload either side sends or takes, in bytes: room for one region with tens of millions of runs.
    static let lengthLimit = 64 << 20
    static let headerLength = 4

    static func encode(_ message: some Encodable) throws(FrameError) -> Data {
        let payload: Data
        do {
            payload = try JSONEncoder().encode(message)
        } catch {
            throw .unencodable
        }
        guard payload.count <= lengthLimit else { throw .tooLong }
        var frame = Data(capacity: headerLength + payload.count)
        withUnsafeBytes(of: UInt32(payload.count).littleEndian) { frame.append(contentsOf: $0) }
        frame.append(payload)
        return frame
    }
}

enum FrameError: Error, Sendable, Hashable, CustomStringConvertible {
    case tooLong
    /// Not JSON, or not one of the messages.
    case undecodable
    /// A value that JSON does not hold, such as NaN.
    case unencodable
    /// The channel ended within a frame.
    case cutShort

    var description: String {
        switch self {
        case .tooLong: "a message is longer than \(Frame.lengthLimit >> 20) MiB"
        case .undecodable: "a message is none that is known"
        case .unencodable: "a message holds a number that is not finite"
        case .cutShort: "a message was cut short"
        }
    }
}

/// Cuts a stream of bytes into messages. Memory grows with the bytes that came, not with the length they claim.
struct FrameDecoder {
    private var pending = Data()

    /// Whether bytes of an unfinished frame wait for the rest.
    var isWithinFrame: Bool { !pending.isEmpty }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        pending.append(contentsOf: bytes)
    }

    /// The next whole message; nil until more bytes come.
    mutating func next<Message: Decodable>(_ type: Message.Type) throws(FrameError) -> Message? {
        guard pending.count >= Frame.headerLength else { return nil }
        let length = pending.prefix(Frame.headerLength).reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= Frame.lengthLimit else { throw .tooLong }
        let end = Frame.headerLength + length
        guard pending.count >= end else { return nil }
        let payload = pending.subdata(in: pending.startIndex + Frame.headerLength..<pending.startIndex + end)
        pending = pending.count == end ? Data() : pending.subdata(in: pending.startIndex + end..<pending.endIndex)
        do {
            return try JSONDecoder().decode(type, from: payload)
        } catch {
            throw .undecodable
        }
    }
}
