import CConvolution
import NeuralNetworks

/// What a convolution over blocks of 16 channels reads and writes.
struct ConvolutionOperands {
    /// A batch in blocks of channels.
    struct Images {
        let location: Location
        let layout: convolution_images
    }

    let source, destination: Images
    /// What is added before the activation.
    let addend: Images?
    let weights, bias: Location
    /// In blocks.
    let inputs, outputs: Int
    let activation: ConvolutionActivation

    var locations: [Location] {
        [source.location, destination.location, weights, bias] + (addend.map { [$0.location] } ?? [])
    }
}

/// Where the operands of a convolution are in one run.
struct ConvolutionAddresses {
    let source, destination: UnsafeMutableRawPointer
    let weights: UnsafeRawPointer
    let ending: convolution_ending

    /// - Parameter address: where a location is in this run.
    init?(_ operands: ConvolutionOperands, _ address: (Location) -> UnsafeMutableRawPointer?) {
        guard let source = address(operands.source.location), let destination = address(operands.destination.location),
            let weights = address(operands.weights), let bias = address(operands.bias)
        else { return nil }
        self.source = source
        self.destination = destination
        self.weights = UnsafeRawPointer(weights)
        ending = convolution_ending(
            bias: bias.assumingMemoryBound(to: Float.self),
            addend: operands.addend.flatMap { UnsafeRawPointer(address($0.location)) },
            addend_stride: operands.addend?.layout.image_stride ?? 0, slope: operands.activation.slope,
            upper: operands.activation.upper, function: operands.activation.function,
            factor: operands.activation.factor)
    }
}

extension Lowering {
    /// Appends a convolution over blocks of channels, and an activation behind it that it cannot apply itself.
    ///
    /// - Parameters:
    ///   - given: how it reads the source, where that is not in blocks of channels.
    ///   - step: makes the step.
    /// - Returns: false where the values cannot lie in blocks.
    mutating func lower(
        _ node: FusionGraph.Node, _ problem: ConvolutionProblem, _ weights: ConvolutionWeights, bias: [Float]?,
        as implementation: String, from given: MemoryDescriptor? = nil,
        _ step: (ConvolutionOperands, _ scratch: (_ byteCount: Int) -> Location) -> any KernelStep
    ) throws(EngineError) -> Bool {
        let blocks = MemoryDescriptor.Layout.channelBlocks(.sixteen)
        let layout = try MemoryDescriptor(problem.destination, dataType, blocks)
        let wanted = if let given { given } else { try MemoryDescriptor(problem.source, dataType, blocks) }
        guard let input = node.inputs[0], let output = node.outputs[0],
            let source = try read(input, as: wanted, imagewise: given == nil)
        else { return false }
        var addend: Operand?
        if let residual = node.residual {
            addend = try read(residual, as: layout, imagewise: true)
            if addend == nil { return false }
        }
        let written = try memory.destination(output, layout, imagewise: true, over: addend, reading: source)
        let offsets = bias ?? [Float](repeating: 0, count: problem.destination[1])
        let padding = [Float](repeating: 0, count: weights.outputs * ConvolutionWeights.block - offsets.count)
        let ending = node.activation.flatMap { ConvolutionActivation($0) }
        let operands = ConvolutionOperands(
            source: source.images, destination: written.images, addend: addend?.images,
            weights: .constant(
                try constants.store(byteCount: weights.byteCount, engine) { weights.write(to: $0) }),
            bias: try constant(offsets + padding).location, inputs: weights.inputs, outputs: weights.outputs,
            activation: ending ?? ConvolutionActivation())
        steps.append(.kernel(step(operands) { memory.makeBuffer(byteCount: $0) }))
        memory.place(output, written)
        if let activation = node.activation, ending == nil { try apply(activation, to: written) }
        describe(node, implementation, operationCount: problem.operationCount)
        return true
    }
}

extension Operand {
    /// A batch in blocks of channels, as the kernels take it.
    var images: ConvolutionOperands.Images {
        let extents = descriptor.dimensions
        let (type, stride) = (descriptor.dataType, imageStride ?? descriptor.byteCount / extents[0])
        return ConvolutionOperands.Images(
            location: location,
            layout: convolution_images(
                is_bfloat16: type == .bfloat16, height: extents[2], width: extents[3],
                image_stride: stride / type.byteCount))
    }
}
