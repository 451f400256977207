/// The weights of a convolution as the products of its tiles want them: `G g G'` for each pair of channels.
///
/// Layout: for each group of 32 output channels (16 where fewer are left), `[point, input channel, output channel]`;
/// channels are padded with zeros to blocks of 16.
struct WinogradWeights {
    /// Channels of a block: the lanes of a vector register.
    static let block = 16

    let tile: WinogradTile
    /// In blocks.
    let inputs, outputs: Int
    /// `[M, C, r, r]`, row-major.
    private let weights: [Float]
    private let inputChannels, outputChannels: Int

    /// - Parameter weights: `[M, C, r, r]`, row-major.
    init(_ tile: WinogradTile, _ weights: [Float], inputChannels: Int, outputChannels: Int) {
        precondition(weights.count == inputChannels * outputChannels * tile.kernel * tile.kernel)
        self.tile = tile
        self.weights = weights
        self.inputChannels = inputChannels
        self.outputChannels = outputChannels
        inputs = Self.blocks(inputChannels)
        outputs = Self.blocks(outputChannels)
    }

    static func blocks(_ channels: Int) -> Int { (channels + block - 1) / block }

    var byteCount: Int { tile.points * inputs * outputs * Self.block * Self.block * MemoryLayout<Float>.size }

    /// Where the weights of the group of output channels that begins with the block `output` begin, in elements.
    static func offset(_ tile: WinogradTile, inputs: Int, output: Int) -> Int {
        tile.points * inputs * block * output * block
    }

    /// - Parameter address: has room for ``byteCount`` bytes.
    func write(to address: UnsafeMutableRawPointer) {
        let matrix = tile.weightsMatrix
        let (side, kernel, block) = (tile.side, tile.kernel, Self.block)
        let elements = address.assumingMemoryBound(to: Float.self)
        var halves = [SIMD16<Float>](repeating: .zero, count: side * kernel)
        for output in 0..<outputs {
            // The second block of a pair lies beside the first.
            let lanes = output % 2 == 0 && output == outputs - 1 ? block : 2 * block
            let group = elements + Self.offset(tile, inputs: inputs, output: output / 2 * 2)
            for input in 0..<inputs * block {
                let filters = filters(input, output)
                for row in 0..<side {
                    for column in 0..<kernel {
                        var sum = SIMD16<Float>.zero
                        for y in 0..<kernel { sum += matrix[row][y] * filters[y * kernel + column] }
                        halves[row * kernel + column] = sum
                    }
                }
                for point in 0..<tile.points {
                    var sum = SIMD16<Float>.zero
                    for x in 0..<kernel { sum += matrix[point % side][x] * halves[point / side * kernel + x] }
                    let first = (point * inputs * block + input) * lanes + output % 2 * block
                    UnsafeMutableRawPointer(group + first).storeBytes(of: sum, as: SIMD16<Float>.self)
                }
            }
        }
    }

    /// The kernels of one input channel for a block of output channels: a vector for each of the kernel's elements.
    private func filters(_ input: Int, _ output: Int) -> [SIMD16<Float>] {
        let taps = tile.kernel * tile.kernel
        var filters = [SIMD16<Float>](repeating: .zero, count: taps)
        guard input < inputChannels else { return filters }
        for lane in 0..<min(Self.block, outputChannels - output * Self.block) {
            let first = ((output * Self.block + lane) * inputChannels + input) * taps
            for tap in 0..<taps { filters[tap][lane] = weights[first + tap] }
        }
        return filters
    }
}
