/// How threads share out a convolution.
enum WorkShare {
    /// By tiles, or lines of pixels: each thread reads all weights.
    case tiles
    /// By groups of output channels: each thread reads all of the source, and its part of the weights.
    case outputs

    func tiles(_ count: Int, _ thread: Int, of threads: Int) -> Range<Int> {
        self == .tiles ? Self.part(of: count, thread, threads) : 0..<count
    }

    func groups(_ count: Int, _ thread: Int, of threads: Int) -> Range<Int> {
        self == .outputs ? Self.part(of: count, thread, threads) : 0..<count
    }

    private static func part(of count: Int, _ thread: Int, _ threads: Int) -> Range<Int> {
        count * thread / threads..<count * (thread + 1) / threads
    }
}
