import CConvolution

/// How the outputs of a direct convolution are worked on: in lines of neighbouring pixels, several at a time.
struct DirectPlan {
    let share: WorkShare
    let threads: Int
    /// Pixels of a line: of a row of the destination, or where no neighbours are read, of as much as stays in the cache.
    let pixels: Int
    /// Of an image; the last may be shorter.
    let lines: Int
    let linesAtOnce: Int
    /// How the pixels that lines need are gathered; nil where they lie as they are read.
    let gathering: convolution_gathering?
    /// Rows that are gathered for each line, and those that the next line reads too.
    let rowsOfLine, sharedRows: Int
    /// Rows of the source from one line to the next.
    let strideOfLines: Int
    /// Elements of what is gathered from one line to the next.
    let elementsOfLine: Int
    /// For each element of the kernel, how far behind a line's first pixel it reads, in elements.
    let taps: [Int]
    /// Elements between blocks of channels of what is read.
    let blockStride: Int
    /// Elements of scratch memory for each thread.
    let scratchCount: Int

    /// The pixels that one thread reads at a time.
    private static let cachedByteCount = 256 << 10
    private static let largeWeights = 1 << 20

    init(_ problem: ConvolutionProblem, inputs: Int, outputs: Int, weightByteCount: Int, threads: Int) {
        let block = ConvolutionWeights.block
        let (height, width) = (problem.destination[2], problem.destination[3])
        let (kernel, stride) = (problem.kernel, problem.strides[0])
        strideOfLines = stride
        let bytesOfPixel = inputs * block * MemoryLayout<Float>.size
        let images = problem.destination[0]
        let groups = OutputGroup.count(outputs: outputs)
        let mostPixels = max(Self.cachedByteCount / bytesOfPixel, 4 * Int(CONVOLUTION_ROWS))
        let area = images * height * width
        share =
            weightByteCount >= Self.largeWeights && groups >= threads && area < 128 * threads ? .outputs : .tiles
        let sharers = share == .tiles ? threads : 1
        if kernel == [1, 1], stride == 1 {
            let own = (area + sharers - 1) / sharers
            let rounds = max((own + mostPixels - 1) / mostPixels, 1)
            pixels = min((own + rounds - 1) / rounds, height * width)
            lines = (height * width + pixels - 1) / pixels
            linesAtOnce = 1
            gathering = nil
            (rowsOfLine, sharedRows, elementsOfLine) = (0, 0, 0)
            taps = [0]
            blockStride = height * width * block
            scratchCount = 0
        } else {
            let phases = min(kernel[1], stride)
            let columns = width + (kernel[1] - 1) / stride
            let rowCount = phases * columns * block
            // Between the rows of neighbouring lines, those that no line reads are left out.
            rowsOfLine = min(kernel[0], stride)
            sharedRows = kernel[0] - rowsOfLine
            elementsOfLine = rowsOfLine * rowCount
            pixels = width
            lines = height
            let own = (images * height + sharers - 1) / sharers
            let most = max(mostPixels / (rowsOfLine * phases * width), 1)
            let rounds = (min(own, height) + most - 1) / most
            linesAtOnce = (min(own, height) + rounds - 1) / rounds
            let rows = linesAtOnce * rowsOfLine + sharedRows
            // A line more than the elements: blocks a power of two apart would share their place in the cache.
            blockStride = rows * rowCount + block
            gathering = convolution_gathering(
                first_row: -problem.padsBegin[0], first_column: -problem.padsBegin[1],
                row_step: kernel[0] == 1 ? stride : 1, rows: rows, columns: columns, phases: phases, stride: stride,
                block_stride: blockStride)
            taps = (0..<kernel[0]).flatMap { y in
                (0..<kernel[1]).map { x in y * rowCount + (x % stride * columns + x / stride) * block }
            }
            scratchCount = inputs * blockStride
        }
        self.threads = max(1, min(threads, share == .tiles ? images * lines : groups))
    }
}
