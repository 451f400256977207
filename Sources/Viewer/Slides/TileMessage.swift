import Batch
import Glibc

/// What goes between the viewer and a process that reads tiles: four numbers there (image, level, column, row, 32 bits each,
/// little-endian), and back a kind (8 bits) and a length (32 bits) with so many bytes.
///
/// By `read` and `write` alone, which the filter of system calls grants; the program ignores SIGPIPE.
enum TileMessage {
    enum Answer: Sendable, Hashable {
        /// A JPEG.
        case tile([UInt8])
        /// There is no such tile, or it is not worth its pixels.
        case nothing
        /// The file cannot be read there.
        case unreadable

        fileprivate var kind: UInt8 {
            switch self {
            case .tile: 0
            case .nothing: 1
            case .unreadable: 2
            }
        }
    }

    /// A tile has 200 kB of pixels; its JPEG has less.
    private static let longest = 1 << 20

    static func bytes(of tile: TileAddress) -> [UInt8] {
        [tile.image, tile.level, tile.column, tile.row].flatMap { number in little(UInt32(clamping: number)) }
    }

    /// - Returns: nil where nobody asks any more.
    static func request(from socket: Int32) -> TileAddress? {
        guard let bytes = receive(16, from: socket, before: nil) else { return nil }
        let numbers = stride(from: 0, to: 16, by: 4).map { Int(number(bytes[$0..<$0 + 4])) }
        return TileAddress(image: numbers[0], level: numbers[1], column: numbers[2], row: numbers[3])
    }

    /// - Returns: whether somebody took it.
    static func send(_ answer: Answer, to socket: Int32) -> Bool {
        let content = if case .tile(let bytes) = answer { bytes } else { [UInt8]() }
        return send([answer.kind] + little(UInt32(content.count)) + content, to: socket)
    }

    static func send(_ bytes: [UInt8], to socket: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = retryingOnInterrupt {
                rest.withUnsafeBytes { write(socket, $0.baseAddress, $0.count) }
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// - Returns: nil for what is no answer, or came too late.
    static func answer(from socket: Int32, before deadline: ContinuousClock.Instant) -> Answer? {
        guard let head = receive(5, from: socket, before: deadline) else { return nil }
        let length = Int(number(head[1..<5]))
        switch (head[0], length) {
        case (0, 4...longest):
            guard let bytes = receive(length, from: socket, before: deadline), bytes.starts(with: [0xFF, 0xD8, 0xFF])
            else { return nil }
            return .tile(bytes)
        case (1, 0): return .nothing
        case (2, 0): return .unreadable
        default: return nil
        }
    }

    private static func receive(_ count: Int, from socket: Int32, before deadline: ContinuousClock.Instant?) -> [UInt8]?
    {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            if let deadline {
                let left = deadline - .now
                guard left > .zero else { return nil }
                var watched = [pollfd(fd: socket, events: Int16(POLLIN), revents: 0)]
                guard wait(for: &watched, atMost: left) > 0 else { continue }
            }
            let read = retryingOnInterrupt {
                bytes.withUnsafeMutableBytes { Glibc.read(socket, $0.baseAddress.map { $0 + filled }, count - filled) }
            }
            guard read > 0 else { return nil }
            filled += read
        }
        return bytes
    }

    private static func little(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}
