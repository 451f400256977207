/// Where each buffer of a network lies in one shared piece of memory, so that buffers that are never
/// needed at the same time share bytes.
///
/// Greedy by size: the largest buffer first, each at the lowest offset that is free during its lifetime.
/// Source: Pisarchyk and Lee, Efficient Memory Management for Deep Neural Net Inference, 2020.
struct ArenaPlan {
    /// A piece of memory and the steps, first to last, during which it holds something.
    struct Buffer {
        var byteCount: Int
        var lifetime: ClosedRange<Int>?
    }

    /// For each buffer, in bytes; 0 for one that is never used.
    let offsets: [Int]
    let byteCount: Int

    private typealias Placed = (lifetime: ClosedRange<Int>, bytes: Range<Int>)

    /// Steps whose buffers are looked up together.
    private static let stretch = 64
    /// No network has more buffers at one time; one that was made to comes behind all.
    private static let mostRivals = 4096

    init(_ buffers: [Buffer]) {
        var offsets = [Int](repeating: 0, count: buffers.count)
        var placed: [Int: [Placed]] = [:]
        var end = 0
        let bySize = buffers.indices.sorted {
            (buffers[$1].byteCount, $0) < (buffers[$0].byteCount, $1)
        }
        for index in bySize {
            guard let lifetime = buffers[index].lifetime else { continue }
            let alignment = AlignedBuffer.alignment
            let byteCount = (buffers[index].byteCount + alignment - 1) / alignment * alignment
            let stretches = lifetime.lowerBound / Self.stretch...lifetime.upperBound / Self.stretch
            let near = stretches.lazy.flatMap { placed[$0] ?? [] }.filter { $0.lifetime.overlaps(lifetime) }
            let rivals = Array(near.prefix(Self.mostRivals))
            var offset = 0
            if rivals.count == Self.mostRivals {
                offset = end
            } else {
                for rival in rivals.sorted(by: { $0.bytes.lowerBound < $1.bytes.lowerBound }) {
                    if offset + byteCount <= rival.bytes.lowerBound { break }
                    offset = max(offset, rival.bytes.upperBound)
                }
            }
            offsets[index] = offset
            for stretch in stretches { placed[stretch, default: []].append((lifetime, offset..<offset + byteCount)) }
            end = max(end, offset + byteCount)
        }
        self.offsets = offsets
        byteCount = end
    }
}
