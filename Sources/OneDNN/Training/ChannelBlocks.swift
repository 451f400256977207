import NeuralNetworks

/// The arithmetic of batch normalisation on images whose channels lie in blocks: `[images, blocks, pixels, block]`.
struct ChannelBlocks {
    let images: Int
    let channels: Int
    let pixels: Int
    /// Channels of a block.
    let block: Int

    /// - Parameter shape: `[N, C, D1, ...]`.
    init(_ shape: Shape) {
        images = shape[0]
        channels = shape[1]
        pixels = shape.dimensions.dropFirst(2).reduce(1, *)
        block = InstructionSet.current.channelBlock.rawValue
    }

    var blocks: Int { (channels + block - 1) / block }
    /// With those that fill the last block.
    var paddedChannels: Int { blocks * block }
    /// Elements of each channel.
    var count: Int { images * pixels }

    typealias Numbers = UnsafeMutablePointer<Float>

    /// Mean, and sum of squared distances from it, of each channel.
    func moments(of data: Numbers, means: Numbers, squares: Numbers) {
        if block == 16 {
            moments(SIMD16<Float>.self, data, means, squares)
        } else {
            moments(SIMD8<Float>.self, data, means, squares)
        }
    }

    /// `(x - mean) * factor + shift`
    func normalise(_ data: Numbers, means: Numbers, factors: Numbers, shifts: Numbers, into result: Numbers) {
        if block == 16 {
            normalise(SIMD16<Float>.self, data, means, factors, shifts, result)
        } else {
            normalise(SIMD8<Float>.self, data, means, factors, shifts, result)
        }
    }

    /// For each channel, the sum of the gradient, and of its products with `(x - mean) * inverse`.
    func sums(
        of gradient: Numbers, _ data: Numbers, means: Numbers, inverses: Numbers, shifts: Numbers, scales: Numbers
    ) {
        if block == 16 {
            sums(SIMD16<Float>.self, gradient, data, means, inverses, shifts, scales)
        } else {
            sums(SIMD8<Float>.self, gradient, data, means, inverses, shifts, scales)
        }
    }

    /// `factor * (gradient - shift - (x - mean) * slope)`
    func spread(
        _ gradient: Numbers, _ data: Numbers, means: Numbers, factors: Numbers, shifts: Numbers, slopes: Numbers,
        into result: Numbers
    ) {
        if block == 16 {
            spread(SIMD16<Float>.self, gradient, data, means, factors, shifts, slopes, result)
        } else {
            spread(SIMD8<Float>.self, gradient, data, means, factors, shifts, slopes, result)
        }
    }

    /// Few enough that a sum of them loses no digits that count.
    private static let run = 256

    /// Calls `body` with each stretch of the pixels of a block of channels.
    @inline(__always)
    private func forEachRun(ofBlock index: Int, _ body: (Range<Int>) -> Void) {
        for image in 0..<images {
            let start = (image * blocks + index) * pixels
            for first in Swift.stride(from: start, to: start + pixels, by: Self.run) {
                body(first..<min(first + Self.run, start + pixels))
            }
        }
    }

    @inline(__always)
    private func moments<Vector: SIMD<Float>>(
        _: Vector.Type, _ data: Numbers, _ means: Numbers, _ squares: Numbers
    ) {
        let (data, means, squares) = (
            vectors(data, Vector.self), vectors(means, Vector.self), vectors(squares, Vector.self)
        )
        for index in 0..<blocks {
            var sum = Vector.zero
            forEachRun(ofBlock: index) { run in
                var part = Vector.zero
                for pixel in run { part += data[pixel] }
                sum += part
            }
            let mean = sum / Float(count)
            var total = Vector.zero
            forEachRun(ofBlock: index) { run in
                var part = Vector.zero
                for pixel in run { part += (data[pixel] - mean) * (data[pixel] - mean) }
                total += part
            }
            means[index] = mean
            squares[index] = total
        }
    }

    @inline(__always)
    private func normalise<Vector: SIMD<Float>>(
        _: Vector.Type, _ data: Numbers, _ means: Numbers, _ factors: Numbers, _ shifts: Numbers, _ result: Numbers
    ) {
        let (data, result) = (vectors(data, Vector.self), vectors(result, Vector.self))
        for index in 0..<blocks {
            let mean = vectors(means, Vector.self)[index]
            let (factor, shift) = (vectors(factors, Vector.self)[index], vectors(shifts, Vector.self)[index])
            forEachRun(ofBlock: index) { run in
                for pixel in run { result[pixel] = (data[pixel] - mean) * factor + shift }
            }
        }
    }

    @inline(__always)
    private func sums<Vector: SIMD<Float>>(
        _: Vector.Type, _ gradient: Numbers, _ data: Numbers, _ means: Numbers, _ inverses: Numbers, _ shifts: Numbers,
        _ scales: Numbers
    ) {
        let (gradient, data) = (vectors(gradient, Vector.self), vectors(data, Vector.self))
        for index in 0..<blocks {
            let mean = vectors(means, Vector.self)[index]
            var (sum, products) = (Vector.zero, Vector.zero)
            forEachRun(ofBlock: index) { run in
                var (part, product) = (Vector.zero, Vector.zero)
                for pixel in run {
                    part += gradient[pixel]
                    product += gradient[pixel] * (data[pixel] - mean)
                }
                sum += part
                products += product
            }
            vectors(shifts, Vector.self)[index] = sum
            vectors(scales, Vector.self)[index] = products * vectors(inverses, Vector.self)[index]
        }
    }

    @inline(__always)
    private func spread<Vector: SIMD<Float>>(
        _: Vector.Type, _ gradient: Numbers, _ data: Numbers, _ means: Numbers, _ factors: Numbers, _ shifts: Numbers,
        _ slopes: Numbers, _ result: Numbers
    ) {
        let (gradient, data, result) = (
            vectors(gradient, Vector.self), vectors(data, Vector.self), vectors(result, Vector.self)
        )
        for index in 0..<blocks {
            let (mean, factor) = (vectors(means, Vector.self)[index], vectors(factors, Vector.self)[index])
            let (shift, slope) = (vectors(shifts, Vector.self)[index], vectors(slopes, Vector.self)[index])
            forEachRun(ofBlock: index) { run in
                for pixel in run { result[pixel] = factor * (gradient[pixel] - shift - (data[pixel] - mean) * slope) }
            }
        }
    }

    @inline(__always)
    private func vectors<Vector: SIMD<Float>>(_ numbers: Numbers, _: Vector.Type) -> UnsafeMutablePointer<Vector> {
        UnsafeMutableRawPointer(numbers).assumingMemoryBound(to: Vector.self)
    }
}
