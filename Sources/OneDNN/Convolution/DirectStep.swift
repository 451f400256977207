import CConvolution

/// A convolution by its definition: sums over the elements of the kernel and the input channels.
struct DirectStep: KernelStep {
    let plan: DirectPlan
    let operands: ConvolutionOperands
    let images: Int
    /// Blocks of channels that the source has.
    let sourceBlocks: Int
    /// Of an image of a few channels, row-major; nil where the source lies in blocks of channels.
    let planes: ImagePlanes?
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

    private var isBFloat16: Bool { operands.destination.layout.is_bfloat16 }

    private var elementSize: Int { (isBFloat16 ? DataType.bfloat16 : .float32).byteCount }

    /// All outputs of some lines of an image, for some groups of output channels.
    private func multiply(
        _ at: ConvolutionAddresses, image: Int, _ lines: Range<Int>, _ groups: Range<Int>,
        _ scratch: UnsafeMutableRawPointer
    ) {
        let block = ConvolutionWeights.block
        let layout = operands.destination.layout
        let area = layout.height * layout.width
        let sourceType = operands.source.layout.is_bfloat16 ? DataType.bfloat16 : .float32
        let source = at.source + image * operands.source.layout.image_stride * sourceType.byteCount
        let destination = at.destination + image * layout.image_stride * elementSize
        let first = lines.lowerBound * plan.pixels
        var from = source + first * block * elementSize
        if let gathering = plan.gathering, let planes {
            var gathering = gathering(from: lines.lowerBound)
            gathering.kernel_width = planes.kernelWidth
            convolution_gather_image(
                source.assumingMemoryBound(to: Float.self), operands.source.layout, planes.channels, gathering, scratch)
            from = scratch
        } else if let gathering = plan.gathering {
            convolution_gather(
                source, operands.source.layout, sourceBlocks, gathering(from: lines.lowerBound), scratch)
            from = scratch
        }
        let all = min(lines.count * plan.pixels, area - first)
        for index in groups {
            let group = OutputGroup(
                index, points: plan.taps.count, inputs: operands.inputs, outputs: operands.outputs)
            let weights = convolution_weights(
                elements: at.weights + group.weightsOffset * elementSize, are_bfloat16: isBFloat16,
                channels: group.channels)
            for line in 0..<(plan.isLinewise ? lines.count : 1) {
                let offset = (group.block * area + first + line * plan.pixels) * block
                var ending = at.ending
                ending.bias += group.block * block
                ending.addend? += (image * ending.addend_stride + offset) * elementSize
                multiply(
                    from + line * (plan.gathering?.lineStride ?? 0) * elementSize, plan.isLinewise ? plan.pixels : all,
                    weights, ending, to: destination + offset * elementSize)
            }
        }
    }

    /// Neighbouring pixels of some output channels.
    private func multiply(
        _ pixels: UnsafeRawPointer, _ count: Int, _ weights: convolution_weights, _ ending: convolution_ending,
        to destination: UnsafeMutableRawPointer
    ) {
        let layout = operands.destination.layout
        let stride = layout.height * layout.width * ConvolutionWeights.block
        plan.taps.withUnsafeBufferPointer { taps in
            let window = convolution_window(
                pixels: pixels, taps: taps.baseAddress, tap_count: taps.count,
                blocks: plan.usesMatrices ? operands.inputs / 2 : operands.inputs, block_stride: plan.blockStride)
            let multiply = plan.usesMatrices ? convolution_multiply_matrices : convolution_multiply
            multiply(window, count, weights, ending, destination, stride)
        }
    }
}
