/// The weights of a convolution in the order in which its products read them.
///
/// For each group of 32 output channels (16 where fewer are left): `[point, input channel, output channel]`, where the
/// points are those of Winograd's tiles, or the elements of the kernel. Channels are padded with zeros to blocks of 16.
/// Where bfloat16 is multiplied, pairs of input channels lie together: `[point, input channel / 2, output channel, 2]`.
struct ConvolutionWeights {
    /// Channels of a block: the lanes of a vector register.
    static let block = 16

    /// In blocks.
    let inputs, outputs: Int
    let points: Int
    /// Of what is stored.
    let type: DataType
    /// Neighbouring input channels that lie together for each output channel: 1 or 2.
    private let together: Int
    /// `[M, C, taps]`, row-major.
    private let weights: [Float]
    private let inputChannels, outputChannels, taps: Int
    /// For a block of output channels, the vectors of all points from those of all elements of the kernel.
    private let transform: (_ taps: [SIMD16<Float>]) -> [SIMD16<Float>]

    /// - Parameters:
    ///   - weights: `[M, C, K1, K2]`, row-major.
    ///   - type: of the values that they are multiplied with.
    ///   - inputBlock: input channels that are multiplied at once, to a multiple of which they are padded.
    init(_ weights: [Float], inputChannels: Int, outputChannels: Int, _ type: DataType, inputBlock: Int = block) {
        let taps = weights.count / (inputChannels * outputChannels)
        let together = type == .bfloat16 ? 2 : 1
        self.init(
            weights, inputChannels, outputChannels, points: taps, type, together: together, inputBlock: inputBlock
        ) { $0 }
    }

    /// Transformed for tiles: `G g G'` for each pair of channels.
    ///
    /// - Parameter weights: `[M, C, r, r]`, row-major.
    init(_ weights: [Float], inputChannels: Int, outputChannels: Int, for tile: WinogradTile, _ type: DataType) {
        let (side, kernel, matrix) = (tile.side, tile.kernel, tile.weightsMatrix)
        self.init(weights, inputChannels, outputChannels, points: tile.points, type, together: 1) { taps in
            var half = [SIMD16<Float>](repeating: .zero, count: side * kernel)
            for row in 0..<side {
                for column in 0..<kernel {
                    for y in 0..<kernel { half[row * kernel + column] += matrix[row][y] * taps[y * kernel + column] }
                }
            }
            return (0..<side * side).map { point in
                (0..<kernel).reduce(into: .zero) { sum, x in
                    sum += matrix[point % side][x] * half[point / side * kernel + x]
                }
            }
        }
    }

    private init(
        _ weights: [Float], _ inputChannels: Int, _ outputChannels: Int, points: Int, _ type: DataType, together: Int,
        inputBlock: Int = block, transform: @escaping (_ taps: [SIMD16<Float>]) -> [SIMD16<Float>]
    ) {
        self.weights = weights
        self.inputChannels = inputChannels
        self.outputChannels = outputChannels
        self.points = points
        self.type = type
        self.together = together
        self.transform = transform
        taps = weights.count / (inputChannels * outputChannels)
        inputs = (inputChannels + inputBlock - 1) / inputBlock * (inputBlock / Self.block)
        outputs = Self.blocks(outputChannels)
    }

    static func blocks(_ channels: Int) -> Int { (channels + block - 1) / block }

    var byteCount: Int { points * inputs * outputs * Self.block * Self.block * type.byteCount }

    /// - Parameter address: has room for ``byteCount`` bytes.
    func write(to address: UnsafeMutableRawPointer) {
        let block = Self.block
        for output in 0..<outputs {
            // The second block of a group lies beside the first.
            let lanes = output % 2 == 0 && output == outputs - 1 ? block : 2 * block
            let group = points * inputs * block * (output / 2 * 2) * block
            for input in 0..<inputs * block {
                for (point, vector) in transform(vectors(input, output)).enumerated() {
                    let row = group + (point * inputs * block + input / together * together) * lanes
                    store(
                        vector, from: row + output % 2 * block * together + input % together, to: address)
                }
            }
        }
    }

    /// Stores elements ``together`` apart, the first at the index `first`.
    private func store(_ vector: SIMD16<Float>, from first: Int, to address: UnsafeMutableRawPointer) {
        switch type {
        case .float32:
            address.storeBytes(of: vector, toByteOffset: first * type.byteCount, as: SIMD16<Float>.self)
        case .bfloat16:
            let elements = address.assumingMemoryBound(to: UInt16.self) + first
            let rounded = vector.bfloat16
            for lane in rounded.indices { elements[lane * together] = rounded[lane] }
        case .uint8, .int8: preconditionFailure("our own kernels multiply no integers")
        }
    }

    /// The kernels of one input channel for a block of output channels: a vector for each of the kernel's elements.
    private func vectors(_ input: Int, _ output: Int) -> [SIMD16<Float>] {
        var vectors = [SIMD16<Float>](repeating: .zero, count: taps)
        guard input < inputChannels else { return vectors }
        for lane in 0..<min(Self.block, outputChannels - output * Self.block) {
            let first = ((output * Self.block + lane) * inputChannels + input) * taps
            for tap in 0..<taps { vectors[tap][lane] = weights[first + tap] }
        }
        return vectors
    }
}

/// A group of output channels that are multiplied at once: two blocks, or the last one.
struct OutputGroup {
    /// Its first block.
    let block: Int
    let channels: Int
    /// Where its weights begin, in elements.
    let weightsOffset: Int

    /// - Parameters:
    ///   - points: of each pair of channels' weights.
    ///   - inputs: in blocks.
    init(_ index: Int, points: Int, inputs: Int, outputs: Int) {
        block = 2 * index
        channels = min(2, outputs - block) * ConvolutionWeights.block
        weightsOffset = points * inputs * ConvolutionWeights.block * block * ConvolutionWeights.block
    }

    static func count(outputs: Int) -> Int { (outputs + 1) / 2 }
}

extension SIMD16<Float> {
    /// As bfloat16, the upper half of the bits: rounded to the nearest, ties to even.
    fileprivate var bfloat16: SIMD16<UInt16> {
        let bits = unsafeBitCast(self, to: SIMD16<UInt32>.self)
        let rounded = bits &+ 0x7fff &+ (bits &>> 16 & 1)
        // The rounding could carry what is not a number over to infinity or zero.
        let upper = rounded.replacing(with: bits | 0x40_0000, where: self .!= self)
        return SIMD16<UInt16>(truncatingIfNeeded: upper &>> 16)
    }
}
