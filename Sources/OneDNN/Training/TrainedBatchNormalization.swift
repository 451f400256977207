import CConvolution
import NeuralNetworks

/// A batch normalisation, by the whole batch's mean and variance or, frozen, by running ones, and the rectifier behind it.
struct TrainedBatchNormalization: TrainingLayer {
    private let passage: Passage
    private let operation: BatchNormalization
    private let scale, bias, runningMean, runningVariance: String
    /// Where the batch's mean and variance are wanted.
    private let statistics: [String?]
    private let channels: ChannelBlocks
    /// For all pieces, `[C]` each, padded to whole blocks: the mean, one over the deviation, and that by the scale.
    private var mean, inverse, factor, shift: TrainingMemory.Buffer?
    /// The upper limit of what is rectified behind it.
    private let limit: Float?

    let output: String

    /// - Parameter activation: what follows on it at once, and the value that it gives.
    init?(
        _ node: Graph.Node, _ builder: borrowing TrainingBuilder,
        activation: (activation: LearnedActivation, output: String)?
    ) {
        guard let operation = node.operation as? BatchNormalization, let passage = Passage(node, builder),
            3...5 ~= passage.data.rank
        else { return nil }
        let names = node.inputs.dropFirst().compactMap(\.self)
        guard names.count == 4, names.allSatisfy({ builder.isConstant($0) }) else { return nil }
        (scale, bias, runningMean, runningVariance) = (names[0], names[1], names[2], names[3])
        statistics = Array(node.outputs.dropFirst())
        self.operation = operation
        self.passage = passage
        channels = ChannelBlocks(passage.data)
        limit = activation?.activation.activation.limitOfRectified
        output = limit != nil ? activation?.output ?? passage.output : passage.output
    }

    private var layout: MemoryDescriptor {
        get throws { try MemoryDescriptor(passage.data.dimensions, .float32, .blocks) }
    }

    private var byteCount: Int { channels.paddedChannels * 4 }

    mutating func addForward(to builder: inout TrainingBuilder) throws {
        let source = try builder.value(passage.input, as: layout).buffer
        let mean = builder.buffer(byteCount: byteCount, isShared: true)
        let inverse = builder.buffer(byteCount: byteCount, isShared: true)
        let factor = builder.buffer(byteCount: byteCount, isShared: true)
        let shift = builder.buffer(byteCount: byteCount, isShared: true)
        (self.mean, self.inverse, self.factor, self.shift) = (mean, inverse, factor, shift)
        let result = builder.place(output, try layout).buffer
        let (scale, bias) = (try builder.value(scale).buffer, try builder.value(bias).buffer)
        let (channels, epsilon, limit) = (channels, operation.epsilon, limit)

        /// What each channel is multiplied by and shifted by, of its variance.
        func finish(_ memory: borrowing TrainingMemory, variances: (Int) -> Float) {
            for channel in 0..<channels.paddedChannels {
                let isReal = channel < channels.channels
                let deviation = isReal ? 1 / (variances(channel) + epsilon).squareRoot() : 0
                memory.floats(inverse)[channel] = deviation
                memory.floats(factor)[channel] = isReal ? deviation * memory.floats(scale)[channel] : 0
                memory.floats(shift)[channel] = isReal ? memory.floats(bias)[channel] : 0
                if !isReal { memory.floats(mean)[channel] = 0 }
            }
        }
        if case .training = operation.mode {
            let means = builder.buffer(byteCount: byteCount)
            let squares = builder.buffer(byteCount: byteCount)
            var places: [TrainingMemory.Buffer?] = []
            for name in statistics {
                let operand = builder.operand(try MemoryDescriptor([channels.channels]), isShared: true)
                if let name { builder.place(name, at: operand) }
                places.append(operand.buffer)
            }
            builder.add(
                .kernel([source, means, squares]) { memory, piece in
                    channel_moments(
                        channels.raw, memory.floats(source, piece: piece), memory.floats(means, piece: piece),
                        memory.floats(squares, piece: piece))
                })
            builder.add(
                .meeting([means, squares]) { memory in
                    let pieces = memory.pieces
                    for channel in 0..<channels.channels {
                        var (sum, total) = (0.0, 0.0)
                        for piece in 0..<pieces { sum += Double(memory.floats(means, piece: piece)[channel]) }
                        let whole = sum / Double(pieces)
                        for piece in 0..<pieces {
                            let distance = Double(memory.floats(means, piece: piece)[channel]) - whole
                            total += Double(memory.floats(squares, piece: piece)[channel])
                            total += distance * distance * Double(channels.count)
                        }
                        let variance = Float(total / Double(channels.count * pieces))
                        memory.floats(mean)[channel] = Float(whole)
                        if let place = places[0] { memory.floats(place)[channel] = Float(whole) }
                        if let place = places[1] { memory.floats(place)[channel] = variance }
                        memory.floats(inverse)[channel] = variance
                    }
                    let variances = (0..<channels.channels).map { memory.floats(inverse)[$0] }
                    finish(memory) { variances[$0] }
                })
        } else {
            let (given, variance) = (try builder.value(runningMean).buffer, try builder.value(runningVariance).buffer)
            builder.add(
                .meeting([]) { memory in
                    for channel in 0..<channels.channels {
                        memory.floats(mean)[channel] = memory.floats(given)[channel]
                    }
                    let variances = (0..<channels.channels).map { memory.floats(variance)[$0] }
                    finish(memory) { variances[$0] }
                })
        }
        builder.add(
            .kernel([source, result]) { memory, piece in
                let normalisation = channel_normalisation(
                    means: memory.floats(mean), factors: memory.floats(factor), shifts: memory.floats(shift),
                    is_rectified: limit != nil, upper: limit ?? .infinity)
                channel_normalise(
                    channels.raw, normalisation, memory.floats(source, piece: piece),
                    memory.floats(result, piece: piece))
            })
    }

    func addBackward(from gradient: TrainingOperand, to builder: inout TrainingBuilder) throws {
        guard let mean, let inverse, let factor, let bias = self.shift else {
            preconditionFailure("backwards before forwards")
        }
        let source = try builder.value(passage.input, as: layout).buffer
        let given = try builder.copied(gradient, as: layout).buffer
        let vector = try MemoryDescriptor([channels.channels])
        let shifts = TrainingOperand(descriptor: vector, buffer: builder.buffer(byteCount: byteCount))
        let scales = TrainingOperand(descriptor: vector, buffer: builder.buffer(byteCount: byteCount))
        if builder.learns(scale) { builder.note(scales, asGradientOf: scale) }
        if builder.learns(self.bias) { builder.note(shifts, asGradientOf: self.bias) }
        let (channels, limit) = (channels, limit)

        func normalisation(_ memory: borrowing TrainingMemory) -> channel_normalisation {
            channel_normalisation(
                means: memory.floats(mean), factors: memory.floats(factor), shifts: memory.floats(bias),
                is_rectified: limit != nil, upper: limit ?? .infinity)
        }
        builder.add(
            .kernel([source, given, shifts.buffer, scales.buffer]) { memory, piece in
                channel_gradient_sums(
                    channels.raw, normalisation(memory), memory.floats(given, piece: piece),
                    memory.floats(source, piece: piece), memory.floats(inverse),
                    memory.floats(shifts.buffer, piece: piece), memory.floats(scales.buffer, piece: piece))
            })
        guard builder.learns(passage.input) else { return }
        let shift = builder.buffer(byteCount: byteCount, isShared: true)
        let slope = builder.buffer(byteCount: byteCount, isShared: true)
        let isFrozen = operation.mode == .inference
        builder.add(
            .meeting([shifts.buffer, scales.buffer]) { memory in
                let count = Double(channels.count * memory.pieces)
                for channel in 0..<channels.paddedChannels {
                    var (sum, products) = (0.0, 0.0)
                    if !isFrozen, channel < channels.channels {
                        for piece in 0..<memory.pieces {
                            sum += Double(memory.floats(shifts.buffer, piece: piece)[channel])
                            products += Double(memory.floats(scales.buffer, piece: piece)[channel])
                        }
                    }
                    memory.floats(shift)[channel] = Float(sum / count)
                    memory.floats(slope)[channel] = Float(products / count) * memory.floats(inverse)[channel]
                }
            })
        let result = builder.operand(try layout)
        builder.add(
            .kernel([source, given, result.buffer]) { memory, piece in
                channel_gradient(
                    channels.raw, normalisation(memory), memory.floats(given, piece: piece),
                    memory.floats(source, piece: piece), memory.floats(shift), memory.floats(slope),
                    memory.floats(result.buffer, piece: piece))
            })
        builder.addGradient(result, of: passage.input)
    }
}

extension Activation {
    /// The upper limit, where it cuts off what is below 0; a normalisation computes that along.
    fileprivate var limitOfRectified: Float? {
        switch function {
        case .relu where alpha == 0: .infinity
        case .clip where alpha == 0 && beta > 0: beta
        default: nil
        }
    }
}
