import CConvolution
import NeuralNetworks

/// Images in blocks of channels, of any number of channels each, joined to one.
struct JoinStep: KernelStep {
    struct Part {
        let images: ConvolutionOperands.Images
        let channels: Int
    }

    let parts: [Part]
    let destination: ConvolutionOperands.Images
    let images: Int
    let threads: Int

    var locations: [Location] { parts.map(\.images.location) + [destination.location] }

    func execute(_ address: (Location) -> UnsafeMutableRawPointer?) {
        guard let to = address(destination.location)?.assumingMemoryBound(to: Float.self) else { return }
        let addresses = parts.map { address($0.images.location)?.assumingMemoryBound(to: Float.self) }
        let (block, made) = (ConvolutionWeights.block, destination.layout)
        let area = made.height * made.width
        let blocks = ConvolutionWeights.blocks(parts.reduce(0) { $0 + $1.channels })
        Threads.perform(min(threads, images * area)) { thread, threads in
            let own = images * area * thread / threads..<images * area * (thread + 1) / threads
            var pixel = own.lowerBound
            while pixel < own.upperBound {
                let (image, place) = pixel.quotientAndRemainder(dividingBy: area)
                let count = min(area - place, own.upperBound - pixel)
                var first = 0
                for (part, from) in zip(parts, addresses) {
                    guard let from else { continue }
                    convolution_join(
                        from + image * part.images.layout.image_stride + place * block,
                        ConvolutionWeights.blocks(part.channels), area * block,
                        to + image * made.image_stride + place * block, blocks, area * block, first, count)
                    first += part.channels
                }
                pixel += count
            }
        }
    }
}

extension Lowering {
    /// Joins channels of images by a kernel of our own, where some lie in blocks: oneDNN's go element by element where parts
    /// end within a block.
    mutating func lowerJoin(
        _ node: FusionGraph.Node, _ operation: Concatenation, _ shape: Shape
    ) throws(EngineError) -> Bool {
        guard InstructionSet.current.hasConvolutionKernels, shape.rank == 4, dataType == .float32,
            operation.axis == 1 || operation.axis == -3, let output = node.outputs[0]
        else { return false }
        let names = node.inputs.compactMap { $0 }.filter { graph.shape($0)?.elementCount != 0 }
        var isBlocked = false
        for name in names {
            guard let own = try operand(name), own.descriptor.dataType == .float32 else { return false }
            if try own.descriptor == MemoryDescriptor(own.descriptor.dimensions, .float32, .channelBlocks(.sixteen)) {
                isBlocked = true
            }
        }
        guard isBlocked else { return false }
        var parts: [JoinStep.Part] = []
        for name in names {
            guard let extents = graph.shape(name)?.dimensions,
                let read = try read(
                    name, as: MemoryDescriptor(extents, .float32, .channelBlocks(.sixteen)), imagewise: true)
            else { return false }
            parts.append(JoinStep.Part(images: read.images, channels: extents[1]))
        }
        let layout = try MemoryDescriptor(shape.dimensions, .float32, .channelBlocks(.sixteen))
        let written = try memory.destination(output, layout, imagewise: true)
        steps.append(
            .kernel(JoinStep(parts: parts, destination: written.images, images: shape[0], threads: threads)))
        memory.place(output, written)
        describe(node, "joined", operationCount: 0)
        return true
    }
}
