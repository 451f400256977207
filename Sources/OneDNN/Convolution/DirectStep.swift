import CConvolution

/// A convolution by its definition: sums over the elements of the kernel and the input channels.
struct DirectStep {
    let plan: DirectPlan
    let operands: ConvolutionOperands
    let images: Int
    let scratch: Location

    /// - Parameter address: where a location is in this run.
    func execute(_ address: (Location) -> UnsafeMutableRawPointer?) {
        guard let at = ConvolutionAddresses(operands, address),
            let scratch = address(scratch)?.assumingMemoryBound(to: Float.self)
        else { return }
        Threads.perform(plan.threads) { thread, threads in
            let scratch = scratch + thread * plan.scratchCount
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

    /// All outputs of some lines of an image, for some groups of output channels.
    private func multiply(
        _ at: ConvolutionAddresses, image: Int, _ lines: Range<Int>, _ groups: Range<Int>,
        _ scratch: UnsafeMutablePointer<Float>
    ) {
        let block = ConvolutionWeights.block
        let layout = operands.destination.layout
        let area = layout.height * layout.width
        let source = at.source.assumingMemoryBound(to: Float.self) + image * operands.source.layout.image_stride
        let destination = at.destination.assumingMemoryBound(to: Float.self) + image * layout.image_stride
        let addend = at.ending.addend?.assumingMemoryBound(to: Float.self)
        let weights = at.weights.assumingMemoryBound(to: Float.self)
        if let gathering = plan.gathering {
            convolution_gather(source, operands.source.layout, operands.inputs, gathering(lines), scratch)
        }
        for index in groups {
            let group = OutputGroup(
                index, points: plan.taps.count, inputs: operands.inputs, outputs: operands.outputs)
            for line in stride(from: lines.lowerBound, to: lines.upperBound, by: plan.linesTogether) {
                let first = line * plan.pixels
                let count = min(plan.linesTogether, lines.upperBound - line) * plan.pixels
                let offset = (group.block * area + first) * block
                var ending = at.ending
                ending.bias += group.block * block
                if let addend { ending.addend = UnsafeRawPointer(addend + image * ending.addend_stride + offset) }
                let from =
                    if let gathering = plan.gathering {
                        UnsafePointer(scratch + (line - lines.lowerBound) * gathering.elementsOfLine)
                    } else {
                        UnsafePointer(source + first * block)
                    }
                plan.taps.withUnsafeBufferPointer { taps in
                    convolution_multiply(
                        from, taps.baseAddress, taps.count, plan.blockStride, operands.inputs,
                        min(count, area - first), weights + group.weightsOffset, group.lanes, ending,
                        destination + offset, area * block)
                }
            }
        }
    }
}
