import CConvolution
import NeuralNetworks

/// Integers of several grids, channels last, joined along their channels to one grid.
struct LevelJoinStep: KernelStep {
    struct Part {
        let location: Location
        let channels: Int
        /// See ``Grid/table(to:)``.
        let table: [UInt8]
    }

    let parts: [Part]
    let destination: Location
    /// Of all images.
    let pixels: Int
    let threads: Int

    var locations: [Location] { parts.map(\.location) + [destination] }

    func execute(_ address: (Location) -> UnsafeMutableRawPointer?) {
        guard let to = address(destination)?.assumingMemoryBound(to: UInt8.self) else { return }
        let addresses = parts.map { address($0.location)?.assumingMemoryBound(to: UInt8.self) }
        let stride = parts.reduce(0) { $0 + $1.channels }
        Threads.perform(min(threads, pixels)) { thread, threads in
            let own = pixels * thread / threads..<pixels * (thread + 1) / threads
            var first = 0
            for (part, from) in zip(parts, addresses) {
                guard let from else { continue }
                convolution_join_levels(
                    from + own.lowerBound * part.channels, part.channels, to + own.lowerBound * stride + first, stride,
                    own.count, part.table)
                first += part.channels
            }
        }
    }
}
