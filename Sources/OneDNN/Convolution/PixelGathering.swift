import CConvolution

/// How the pixels that a convolution reads are brought together, so that those of neighbouring outputs are neighbours,
/// from one line to the next: a copy of the image for each column of the kernel, with zeros around it.
struct PixelGathering {
    /// For each element of the kernel, how far behind the first pixel it reads, in elements.
    let taps: [Int]
    /// Elements from one block of channels, or those that lie together, to the next.
    let blockStride: Int
    private let first: convolution_gathering

    /// - Parameters:
    ///   - lines: of outputs that are gathered for at once.
    ///   - together: blocks whose channels lie together for each pixel.
    init(_ problem: ConvolutionProblem, lines: Int, together: Int) {
        let block = ConvolutionWeights.block * together
        let (kernel, stride) = (problem.kernel, problem.strides[0])
        let columns = problem.destination[3]
        let rows = lines + (kernel[0] - 1) / stride
        let copy = rows * columns * block
        // A line more than the elements: blocks a power of two apart would share their place in the cache.
        blockStride = Self.rowPhases(problem) * kernel[1] * copy + block
        first = convolution_gathering(
            first_row: -problem.padsBegin[0], first_column: -problem.padsBegin[1], rows: rows, columns: columns,
            row_phases: Self.rowPhases(problem), kernel_width: kernel[1], stride: stride, block_stride: blockStride,
            together: together)
        taps = (0..<kernel[0]).flatMap { y in
            (0..<kernel[1]).map { x in (y % stride * kernel[1] + x) * copy + y / stride * columns * block }
        }
    }

    /// Pixels that are gathered for each line of outputs.
    static func pixelsOfLine(_ problem: ConvolutionProblem) -> Int {
        rowPhases(problem) * problem.kernel[1] * problem.destination[3]
    }

    /// Rows that no line reads are left out.
    private static func rowPhases(_ problem: ConvolutionProblem) -> Int { min(problem.kernel[0], problem.strides[0]) }

    /// For the lines of outputs from `line` on.
    func callAsFunction(from line: Int) -> convolution_gathering {
        var gathering = first
        gathering.first_row += line * first.stride
        return gathering
    }
}
