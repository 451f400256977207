import Glibc

extension UnsafeMutableRawBufferPointer {
    /// From this size on it pays: a large page is cleared as a whole.
    private static let leastBytesForLargePages = 4 << 20

    /// Asks the system for large pages behind a buffer that is going to be filled: handing them out one small page after
    /// another costs a third of what decoding does.
    func adviseLargePages() {
        guard count >= Self.leastBytesForLargePages, let baseAddress else { return }
        let page = sysconf(Int32(_SC_PAGESIZE))
        let start = baseAddress.alignedUp(toMultipleOf: page)
        // A kernel without large pages refuses, which does no harm.
        _ = madvise(start, count - (start - baseAddress), MADV_HUGEPAGE)
    }
}
