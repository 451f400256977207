import CConvolution

/// How the outputs of a direct convolution are worked on: in lines of neighbouring pixels, several at a time.
struct DirectPlan {
    let share: WorkShare
    let threads: Int
    /// Whether matrices are multiplied, of 32 channels.
    let usesMatrices: Bool
    /// Pixels of a line: of a row of the destination, or where each output reads one pixel, of as much as stays in the
    /// cache.
    let pixels: Int
    /// Of an image; the last may be shorter.
    let lines: Int
    let linesAtOnce: Int
    /// Whether lines are multiplied one by one; else those at once follow one another without a gap.
    let isLinewise: Bool
    /// Nil where pixels lie as they are read.
    let gathering: PixelGathering?
    /// For each element of the kernel, how far behind a line's first pixel it reads, in elements.
    let taps: [Int]
    /// Elements between blocks of channels of what is read.
    let blockStride: Int
    /// Elements of scratch memory for each thread.
    let scratchCount: Int

    /// The pixels that one thread reads at a time.
    private static let cachedByteCount = 256 << 10
    /// The same where weights come from farther away than pixels, for each of which they are read again.
    private static let cachedByteCountOfLargeWeights = 768 << 10
    /// The same of matrices.
    private static let cachedByteCountOfMatrices = 768 << 10
    /// Longer lines are several matrices of pixels each.
    private static let pixelsOfMatrix = 16
    /// Pixels that matrices read behind the last.
    private static let pixelsBehind = 15
    /// Weights that come from memory anew are read by one thread only, where that has enough pixels for them.
    private static let largeWeights = 1 << 20
    private static let mostPixelsOfLargeWeights = 128

    /// - Parameters:
    ///   - type: of what is multiplied.
    ///   - inputs: in blocks; of matrices an even number.
    ///   - outputs: in blocks.
    init(
        _ problem: ConvolutionProblem, _ type: DataType, inputs: Int, outputs: Int, weightByteCount: Int, threads: Int
    ) {
        let block = ConvolutionWeights.block
        let (images, height, width) = (problem.destination[0], problem.destination[2], problem.destination[3])
        let groups = OutputGroup.count(outputs: outputs)
        usesMatrices = DirectRule.usesMatrices(type)
        isLinewise =
            usesMatrices && problem.strides[0] == 1 && problem.kernel[1] > 1 && width > Self.pixelsOfMatrix
        let isShort = images * height * width < Self.mostPixelsOfLargeWeights * threads
        share = weightByteCount >= Self.largeWeights && groups >= threads && isShort ? .outputs : .tiles
        let sharers = share == .tiles ? threads : 1
        let bytesOfPixel = inputs * block * type.byteCount
        let cached =
            usesMatrices
            ? Self.cachedByteCountOfMatrices
            : share == .tiles ? Self.cachedByteCount : Self.cachedByteCountOfLargeWeights
        let mostPixels = max(cached / bytesOfPixel, 4 * Int(CONVOLUTION_ROWS))

        if problem.kernel == [1, 1], problem.strides == [1, 1], !usesMatrices {
            pixels = min(Self.part(of: images * height * width, sharers, most: mostPixels), height * width)
            lines = (height * width + pixels - 1) / pixels
            linesAtOnce = 1
            gathering = nil
            taps = [0]
            blockStride = height * width * block
            scratchCount = 0
        } else {
            pixels = width
            lines = height
            let mostLines = max(mostPixels / PixelGathering.pixelsOfLine(problem, isLinewise: isLinewise), 1)
            linesAtOnce = min(Self.part(of: images * height, sharers, most: mostLines), height)
            let together = usesMatrices ? 2 : 1
            let gathering = PixelGathering(
                problem, lines: linesAtOnce, together: together, isLinewise: isLinewise)
            self.gathering = gathering
            taps = gathering.taps
            blockStride = gathering.blockStride
            scratchCount =
                inputs / together * gathering.blockStride
                + (usesMatrices ? Self.pixelsBehind * together * block : 0)
        }
        self.threads = max(1, min(threads, share == .tiles ? images * lines : groups))
    }

    /// Equal parts of a sharer's share, the largest that are not above `most`.
    private static func part(of count: Int, _ sharers: Int, most: Int) -> Int {
        let own = (count + sharers - 1) / sharers
        let parts = (own + most - 1) / most
        return (own + parts - 1) / parts
    }
}
