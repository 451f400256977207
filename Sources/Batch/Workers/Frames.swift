/// One message on the channel between batch and worker: its length in bytes (32 bits, little-endian), then its parts.
enum Frame {
    /// The longest payload either side sends or takes, in bytes: room for one region with tens of millions of runs.
    static let lengthLimit = 64 << 20
    static let headerLength = 4

    static func encode(_ message: some Packable) throws -> [UInt8] {
        var payload = Packer()
        try payload.add(message)
        guard payload.bytes.count <= lengthLimit else { throw FrameError.tooLong }
        var header = Packer()
        try header.add(UInt32(payload.bytes.count))
        return header.bytes + payload.bytes
    }
}

enum FrameError: Error, Sendable, Hashable, CustomStringConvertible {
    case tooLong
    /// Not one of the messages.
    case undecodable
    /// A number that is infinite, or none.
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
    private var pending: [UInt8] = []

    /// Whether bytes of an unfinished frame wait for the rest.
    var isWithinFrame: Bool { !pending.isEmpty }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        pending.append(contentsOf: bytes)
    }

    /// The next whole message; nil until more bytes come.
    mutating func next<Message: Packable>(_ type: Message.Type) throws -> Message? {
        guard pending.count >= Frame.headerLength else { return nil }
        var header = Unpacker(pending[..<Frame.headerLength])
        let length = Int(try header.next(UInt32.self))
        guard length <= Frame.lengthLimit else { throw FrameError.tooLong }
        let end = Frame.headerLength + length
        guard pending.count >= end else { return nil }
        var payload = Unpacker(pending[Frame.headerLength..<end])
        let message = try payload.next(type)
        guard payload.isAtEnd else { throw FrameError.undecodable }
        pending.removeFirst(end)
        return message
    }
}
