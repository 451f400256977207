import Glibc
import NeuralNetworks

/// Raw memory that vector instructions and huge pages like: aligned, and advised to the kernel where it is large.
struct AlignedBuffer: ~Copyable {
    let address: UnsafeMutableRawPointer
    let byteCount: Int

    /// Width of the widest vector register and of a cache line.
    static let alignment = 64
    private static let hugePage = 2 << 20

    /// - Throws: ``EngineError`` where there is no memory.
    init(byteCount: Int) throws(EngineError) {
        let isLarge = byteCount >= Self.hugePage
        var address: UnsafeMutableRawPointer?
        guard posix_memalign(&address, isLarge ? Self.hugePage : Self.alignment, max(byteCount, 1)) == 0, let address
        else { throw EngineError(.memory, "no memory for \(byteCount) bytes of a network") }
        // Only advice: a kernel without huge pages refuses it, and all works as before.
        if isLarge { madvise(address, byteCount, MADV_HUGEPAGE) }
        self.address = address
        self.byteCount = byteCount
    }

    deinit { free(address) }
}

/// An ``AlignedBuffer`` that several hold.
final class AlignedMemory {
    private let buffer: AlignedBuffer

    var address: UnsafeMutableRawPointer { buffer.address }

    init(byteCount: Int) throws(EngineError) { buffer = try AlignedBuffer(byteCount: byteCount) }
}
