/// Memory for the chunks of one size: what one no longer uses serves the next, while the processor still has it at hand,
/// and the system takes longer to hand out new pages than a tile takes to copy.
///
/// It grows with the chunks in use at once, and is given back as a whole once none is.
final class ChunkPool {
    /// Of every chunk; those that the image's end cuts short leave some of it unused.
    let chunkBytes: Int
    private var slabs: [UnsafeMutableRawPointer] = []
    private var unused: [UnsafeMutableRawPointer] = []
    private var chunksOfNextSlab = 1

    /// Slabs double up to this size: few chunks take little memory, and many take large pages.
    private static let maximumSlabBytes = 8 << 20
    /// libjpeg-turbo writes rows that begin at multiples of 32 bytes past the processor's caches; but a chunk is read next.
    private static let alignment = 32
    private static let phase = 16

    init(chunkBytes: Int) { self.chunkBytes = chunkBytes }

    deinit { for slab in slabs { slab.deallocate() } }

    func take(_ byteCount: Int) -> UnsafeMutableRawBufferPointer {
        precondition(byteCount <= chunkBytes, "a chunk is no larger than its directory's")
        return UnsafeMutableRawBufferPointer(start: unused.popLast() ?? takeFromNewSlab(), count: byteCount)
    }

    func give(back buffer: UnsafeMutableRawBufferPointer) {
        if let start = buffer.baseAddress { unused.append(start) }
    }

    private func takeFromNewSlab() -> UnsafeMutableRawPointer {
        let stride = (chunkBytes + Self.alignment - 1) / Self.alignment * Self.alignment
        let count = chunksOfNextSlab
        chunksOfNextSlab = max(1, min(2 * count, Self.maximumSlabBytes / max(stride, 1)))
        let slabBytes = count * stride + Self.phase
        let slab = UnsafeMutableRawPointer.allocate(byteCount: slabBytes, alignment: Self.alignment)
        UnsafeMutableRawBufferPointer(start: slab, count: slabBytes).adviseLargePages()
        slabs.append(slab)
        unused.append(contentsOf: (1..<count).map { slab + Self.phase + $0 * stride })
        return slab + Self.phase
    }
}
