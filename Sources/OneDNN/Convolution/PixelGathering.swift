import CConvolution

/// How the pixels that a convolution reads are brought together, so that those of neighbouring outputs are neighbours,
/// with zeros around the image.
///
/// Where lines are worked on one by one, that is the image itself; where they follow one another without a gap, a copy for each
/// column of the kernel.
struct PixelGathering {
    /// For each element of the kernel, how far behind the first pixel it reads, in elements.
    let taps: [Int]
    /// Elements from one block of channels, or those that lie together, to the next.
    let blockStride: Int
    /// Elements from the first pixel of a line of outputs to that of the next.
    let lineStride: Int
    private let first: convolution_gathering

    /// - Parameters:
    ///   - lines: of outputs that are gathered for at once.
    ///   - together: blocks whose channels lie together for each pixel.
    ///   - isLinewise: whether lines are worked on one by one.
    init(_ problem: ConvolutionProblem, lines: Int, together: Int, isLinewise: Bool) {
        let block = ConvolutionWeights.block * together
        let (kernel, stride) = (problem.kernel, problem.strides[0])
        let (columns, copies) = Self.columns(problem, isLinewise)
        let rows = lines + (kernel[0] - 1) / stride
        let copy = rows * columns * block
        lineStride = columns * block
        // A line more than the elements: blocks a power of two apart would share their place in the cache.
        blockStride = Self.rowPhases(problem) * copies * copy + block
        first = convolution_gathering(
            first_row: -problem.padsBegin[0], first_column: -problem.padsBegin[1], rows: rows, columns: columns,
            row_phases: Self.rowPhases(problem), kernel_width: copies, stride: stride, block_stride: blockStride,
            together: together)
        taps = (0..<kernel[0]).flatMap { y in
            (0..<kernel[1]).map { x in
                let row = y % stride * copies * copy + y / stride * columns * block
                return row + x * (copies == 1 ? block : copy)
            }
        }
    }

    /// Pixels that are gathered for each line of outputs.
    static func pixelsOfLine(_ problem: ConvolutionProblem, isLinewise: Bool) -> Int {
        let (columns, copies) = columns(problem, isLinewise)
        return rowPhases(problem) * copies * columns
    }

    private static func columns(_ problem: ConvolutionProblem, _ isLinewise: Bool) -> (columns: Int, copies: Int) {
        let (columns, width) = (problem.destination[3], problem.kernel[1])
        return isLinewise ? (columns + width - 1, 1) : (columns, width)
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
