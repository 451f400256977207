import CConvolution

/// A convolution by its definition: sums over the elements of the kernel and the input channels.
struct DirectStep: KernelStep {
    let plan: DirectPlan
    let operands: ConvolutionOperands
    let images: Int
    /// Blocks of channels that the source has.
    let sourceBlocks: Int
    let scratch: Location

    var locations: [Location] { operands.locations + [scratch] }

    func execute(_ address: (Location) -> UnsafeMutableRawPointer?) {
        guard let at = ConvolutionAddresses(operands, address), let scratch = address(scratch) else { return }
        Threads.perform(plan.threads) { thread, threads in
            let scratch = scratch + thread * plan.scratchCount * elementSize
            let groups = plan.share.groups(OutputGroup.count(outputs: operands.outputs), thread, of: threads)
            let own = plan.share.tiles(images * plan.lines, thread, of: threads)
            var line = own.lowerBound
            while line < own.upperBound {
                let (image, first) = line.quotientAndRemainder(dividingBy: plan.lines)
                let count = min(plan.linesAtOnce, plan.lines - first, own.upperBound - line)
                multiply(at, image: image, first..<first + count, groups, scratch)
                line += count
            }
        }
    }

    private var isBFloat16: Bool { operands.source.layout.is_bfloat16 }

    private var elementSize: Int { (isBFloat16 ? DataType.bfloat16 : .float32).byteCount }

    /// All outputs of some lines of an image, for some groups of output channels.
    private func multiply(
        _ at: ConvolutionAddresses, image: Int, _ lines: Range<Int>, _ groups: Range<Int>,
        _ scratch: UnsafeMutableRawPointer
    ) {
        let block = ConvolutionWeights.block
        let layout = operands.destination.layout
        let area = layout.height * layout.width
        let source = at.source + image * operands.source.layout.image_stride * elementSize
        let destination = at.destination + image * layout.image_stride * elementSize
        let first = lines.lowerBound * plan.pixels
        var from = source + first * block * elementSize
        if let gathering = plan.gathering {
            convolution_gather(
                source, operands.source.layout, sourceBlocks, gathering(from: lines.lowerBound), scratch)
            from = scratch
        }
        for index in groups {
            let group = OutputGroup(
                index, points: plan.taps.count, inputs: operands.inputs, outputs: operands.outputs)
            let offset = (group.block * area + first) * block
            var ending = at.ending
            ending.bias += group.block * block
            ending.addend? += (image * ending.addend_stride + offset) * elementSize
            let weights = convolution_weights(
                elements: at.weights + group.weightsOffset * elementSize, are_bfloat16: isBFloat16,
                channels: group.channels)
            plan.taps.withUnsafeBufferPointer { taps in
                let window = convolution_window(
                    pixels: from, taps: taps.baseAddress, tap_count: taps.count,
                    blocks: plan.usesMatrices ? operands.inputs / 2 : operands.inputs, block_stride: plan.blockStride)
                let multiply = plan.usesMatrices ? convolution_multiply_matrices : convolution_multiply
                multiply(
                    window, min(lines.count * plan.pixels, area - first), weights, ending,
                    destination + offset * elementSize, area * block)
            }
        }
    }
}
