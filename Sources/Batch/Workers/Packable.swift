/// A value that goes between batch and worker as bytes: those of its parts, one after the other.
///
/// Not JSON: the worker has nothing to do while its answer is read and the next scan handed over, and that took longer
/// to write and to read than all else between two scans. Nor Protocol Buffers, though SwiftProtobuf is linked: 1,000 regions
/// with six probabilities, ten measurements and 400 bytes of geometry each take 6 ms to pack and unpack here, and 13 ms as
/// its messages, which findings must be copied to and from: in 53 lines for a finding, where packing takes 42.
protocol Packable {
    /// - Throws: `unencodable` for a number that is not finite.
    func pack(into packer: inout Packer) throws

    /// - Throws: `undecodable` for bytes that no such value packs to.
    init(from unpacker: inout Unpacker) throws
}

struct Packer {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ value: some Packable) throws { try value.pack(into: &self) }

    mutating func add(bytes more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }
}

/// Takes nothing for granted: a worker may have been taken over by the scan it read. What is made of the bytes is larger
/// than they are by no more than a constant factor, whatever counts they claim.
struct Unpacker {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func next<Value: Packable>(_ type: Value.Type = Value.self) throws -> Value {
        try Value(from: &self)
    }

    /// How many bytes or elements follow, none of which takes less than a byte.
    mutating func count() throws -> Int {
        let count = try next(Int.self)
        guard (0...rest.count).contains(count) else { throw FrameError.undecodable }
        return count
    }

    /// - Precondition: not negative.
    mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
        guard count <= rest.count else { throw FrameError.undecodable }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }
}
