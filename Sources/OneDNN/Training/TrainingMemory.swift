import NeuralNetworks

/// Where things lie while a network learns: each piece of the batch has an arena of its own, all laid out alike, and one more
/// holds what pieces share.
struct TrainingMemory: ~Copyable {
    /// A place by which the steps name what they read and write.
    struct Buffer: Hashable {
        fileprivate let index: Int
        fileprivate let isShared: Bool
    }

    /// What is known of the places before anything runs.
    struct Plan {
        private var own: [ArenaPlan.Buffer] = []
        private var shared: [ArenaPlan.Buffer] = []

        mutating func make(byteCount: Int, isShared: Bool) -> Buffer {
            let buffer = ArenaPlan.Buffer(byteCount: byteCount, lifetime: nil)
            if isShared { shared.append(buffer) } else { own.append(buffer) }
            return Buffer(index: (isShared ? shared.count : own.count) - 1, isShared: isShared)
        }

        /// Makes a place at least so large.
        mutating func grow(_ buffer: Buffer, to byteCount: Int) {
            if buffer.isShared {
                shared[buffer.index].byteCount = max(shared[buffer.index].byteCount, byteCount)
            } else {
                own[buffer.index].byteCount = max(own[buffer.index].byteCount, byteCount)
            }
        }

        func byteCount(of buffer: Buffer) -> Int {
            (buffer.isShared ? shared : own)[buffer.index].byteCount
        }

        /// - Parameters:
        ///   - steps: for each step, what it reads and writes.
        ///   - kept: what is read after the last one.
        func memory(steps: [[Buffer]], kept: [Buffer], pieces: Int) throws -> TrainingMemory {
            var own = own
            for (step, buffers) in (steps + [kept]).enumerated() {
                for buffer in buffers where !buffer.isShared {
                    own[buffer.index].lifetime = (own[buffer.index].lifetime?.lowerBound ?? step)...step
                }
            }
            // What pieces share is small but for the weights, which all steps need.
            let all = shared.map { ArenaPlan.Buffer(byteCount: $0.byteCount, lifetime: 0...0) }
            return try TrainingMemory(ArenaPlan(own), ArenaPlan(all), pieces: pieces)
        }
    }

    private let arena: AlignedBuffer
    private let common: AlignedBuffer
    private let offsets: [Int]
    private let commonOffsets: [Int]
    /// Bytes from one piece's arena to the next.
    private let stride: Int
    let pieces: Int

    private init(_ own: ArenaPlan, _ shared: ArenaPlan, pieces: Int) throws {
        let page = 4096
        let stride = (own.byteCount + page - 1) / page * page
        let arena = try AlignedBuffer(byteCount: stride * pieces)
        let common = try AlignedBuffer(byteCount: shared.byteCount)
        self.arena = arena
        self.common = common
        self.stride = stride
        offsets = own.offsets
        commonOffsets = shared.offsets
        self.pieces = pieces
    }

    var byteCount: Int { arena.byteCount + common.byteCount }

    /// Where a buffer of a piece is.
    func address(_ buffer: Buffer, piece: Int) -> UnsafeMutableRawPointer {
        buffer.isShared
            ? common.address + commonOffsets[buffer.index] : arena.address + piece * stride + offsets[buffer.index]
    }

    func floats(_ buffer: Buffer, piece: Int = 0) -> UnsafeMutablePointer<Float> {
        address(buffer, piece: piece).assumingMemoryBound(to: Float.self)
    }
}

extension TrainingMemory.Buffer {
    var isOfAllPieces: Bool { isShared }
}
