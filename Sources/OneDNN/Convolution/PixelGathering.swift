import CConvolution

/// How the pixels that a convolution with strides reads are brought together, so that those of neighbouring outputs
/// are neighbours: by columns modulo the stride, with zeros around the image.
struct PixelGathering {
    /// For each element of the kernel, how far behind a line's first pixel it reads, in elements.
    let taps: [Int]
    /// Elements from one line of outputs to the next.
    let elementsOfLine: Int
    /// Elements from one block of channels to the next.
    let blockStride: Int

    /// That of the first lines.
    private let first: convolution_gathering
    /// Rows that are gathered for each line, and those that a line shares with the next.
    private let rowsOfLine, sharedRows: Int

    /// - Parameter lines: of outputs that are gathered for at once.
    init(_ problem: ConvolutionProblem, lines: Int) {
        let block = ConvolutionWeights.block
        let (kernel, stride) = (problem.kernel, problem.strides[0])
        let phases = min(kernel[1], stride)
        let columns = problem.destination[3] + (kernel[1] - 1) / stride
        let row = phases * columns * block
        // Rows that no line reads are left out.
        let rowsOfLine = min(kernel[0], stride)
        sharedRows = kernel[0] - rowsOfLine
        elementsOfLine = rowsOfLine * row
        let rows = lines * rowsOfLine + sharedRows
        // A line more than the elements: blocks a power of two apart would share their place in the cache.
        blockStride = rows * row + block
        first = convolution_gathering(
            first_row: -problem.padsBegin[0], first_column: -problem.padsBegin[1],
            row_step: kernel[0] == 1 ? stride : 1, rows: rows, columns: columns, phases: phases, stride: stride,
            block_stride: blockStride)
        taps = (0..<kernel[0]).flatMap { y in
            (0..<kernel[1]).map { x in y * row + (x % stride * columns + x / stride) * block }
        }
        self.rowsOfLine = rowsOfLine
    }

    /// For some lines of outputs.
    func callAsFunction(_ lines: Range<Int>) -> convolution_gathering {
        var gathering = first
        gathering.first_row += lines.lowerBound * first.stride
        gathering.rows = lines.count * rowsOfLine + sharedRows
        return gathering
    }
}
