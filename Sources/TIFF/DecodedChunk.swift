/// The samples of one tile, strip or band: `[rows, width, samplesPerChunkPixel]`, unpacked to whole machine types.
final class DecodedChunk {
    let buffer: UnsafeMutableRawBufferPointer
    /// Rows of the image, from the chunk's first.
    let rows: Int
    private let pool: ChunkPool

    init(byteCount: Int, rows: Int, pool: ChunkPool) {
        buffer = pool.take(byteCount)
        self.rows = rows
        self.pool = pool
    }

    deinit { pool.give(back: buffer) }
}

/// The chunks used last, up to a number of bytes.
struct ChunkCache {
    struct Key: Hashable {
        let directory: UInt64
        let plane: Int
        let row: Int
        let column: Int
    }

    private struct Entry {
        let chunk: DecodedChunk
        var lastUse: Int
    }

    var capacity: Int
    private var entries: [Key: Entry] = [:]
    private var bytes = 0
    private var clock = 0

    init(capacity: Int) { self.capacity = capacity }

    mutating func chunk(_ key: Key) -> DecodedChunk? {
        clock += 1
        guard let index = entries.index(forKey: key) else { return nil }
        entries.values[index].lastUse = clock
        return entries.values[index].chunk
    }

    mutating func insert(_ chunk: DecodedChunk, for key: Key) {
        guard chunk.buffer.count <= capacity else { return }
        if bytes + chunk.buffer.count > capacity { evict(downTo: capacity / 4 * 3 - chunk.buffer.count) }
        clock += 1
        entries[key] = Entry(chunk: chunk, lastUse: clock)
        bytes += chunk.buffer.count
    }

    /// Drops a quarter at a time, so that the sorting is paid for by many insertions.
    private mutating func evict(downTo target: Int) {
        for (key, entry) in entries.sorted(by: { $0.value.lastUse < $1.value.lastUse }) {
            guard bytes > max(target, 0) else { return }
            entries[key] = nil
            bytes -= entry.chunk.buffer.count
        }
    }
}
