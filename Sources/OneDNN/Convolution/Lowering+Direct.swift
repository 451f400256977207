import CConvolution
import NeuralNetworks

extension Lowering {
    /// - Returns: false where oneDNN's convolution is as good.
    mutating func lowerDirect(
        _ node: FusionGraph.Node, _ problem: ConvolutionProblem, _ filters: [Float], bias: [Float]?
    ) throws(EngineError) -> Bool {
        let type = dataType
        if let planes = DirectRule.planes(of: problem, type) {
            return try lowerDirect(node, problem, filters, bias: bias, planes)
        }
        guard DirectRule.applies(to: problem, type) else { return false }
        let weights = ConvolutionWeights(
            filters, inputChannels: problem.source[1], outputChannels: problem.destination[1], type,
            inputBlock: ConvolutionWeights.block * (DirectRule.usesMatrices(type) ? 2 : 1))
        let plan = DirectPlan(
            problem, type, inputs: weights.inputs, outputs: weights.outputs, weightByteCount: weights.byteCount,
            threads: threads)
        let kernel = problem.kernel.map { "\($0)" }.joined(separator: "x")
        let name = "direct \(kernel)" + (plan.usesMatrices ? " by matrices" : "")
        return try lower(node, problem, weights, bias: bias, as: name) { operands, scratch in
            DirectStep(
                plan: plan, operands: operands, images: problem.source[0],
                sourceBlocks: ConvolutionWeights.blocks(problem.source[1]), planes: nil,
                scratch: scratch(max(1, plan.threads * plan.scratchCount) * type.byteCount))
        }
    }

    /// An image of a few channels: what lies under a row of the kernel are the channels of a convolution by columns of its rows.
    private mutating func lowerDirect(
        _ node: FusionGraph.Node, _ problem: ConvolutionProblem, _ filters: [Float], bias: [Float]?,
        _ planes: ImagePlanes
    ) throws(EngineError) -> Bool {
        let type = dataType
        var rows = problem
        rows.source[1] = planes.channels * planes.kernelWidth
        rows.weights = [problem.destination[1], rows.source[1], problem.kernel[0], 1]
        let weights = ConvolutionWeights(
            planes.rows(filters, kernelHeight: problem.kernel[0]), inputChannels: rows.source[1],
            outputChannels: problem.destination[1], type, inputBlock: ImagePlanes.mostElements)
        let plan = DirectPlan(
            rows, type, inputs: weights.inputs, outputs: weights.outputs, weightByteCount: weights.byteCount,
            threads: threads)
        let kernel = problem.kernel.map { "\($0)" }.joined(separator: "x")
        return try lower(
            node, problem, weights, bias: bias, as: "direct \(kernel) by matrices, of an image",
            from: MemoryDescriptor(problem.source)
        ) { operands, scratch in
            DirectStep(
                plan: plan, operands: operands, images: problem.source[0], sourceBlocks: weights.inputs, planes: planes,
                scratch: scratch(plan.threads * plan.scratchCount * type.byteCount))
        }
    }

    /// Appends a convolution by matrices over blocks of channels, which no node describes.
    ///
    /// - Parameter bias: one for each channel, in whole blocks.
    /// - Returns: false where matrices do not take it.
    mutating func multiplyByMatrices(
        _ problem: ConvolutionProblem, _ filters: [Float], bias: [Float], _ activation: Activation?,
        from source: Operand, to written: Operand
    ) throws(EngineError) -> Bool {
        let type = dataType
        let ending = activation.flatMap { ConvolutionActivation($0) }
        guard DirectRule.usesMatrices(type), DirectRule.applies(to: problem, type), activation == nil || ending != nil
        else { return false }
        let weights = ConvolutionWeights(
            filters, inputChannels: problem.source[1], outputChannels: problem.destination[1], type,
            inputBlock: 2 * ConvolutionWeights.block)
        let plan = DirectPlan(
            problem, type, inputs: weights.inputs, outputs: weights.outputs, weightByteCount: weights.byteCount,
            threads: threads)
        let operands = ConvolutionOperands(
            source: source.images, destination: written.images, addend: nil,
            weights: .constant(try constants.store(byteCount: weights.byteCount, engine) { weights.write(to: $0) }),
            bias: try constant(bias).location, inputs: weights.inputs, outputs: weights.outputs,
            activation: ending ?? ConvolutionActivation())
        steps.append(
            .kernel(
                DirectStep(
                    plan: plan, operands: operands, images: problem.source[0],
                    sourceBlocks: ConvolutionWeights.blocks(problem.source[1]), planes: nil,
                    scratch: memory.makeBuffer(byteCount: plan.threads * plan.scratchCount * type.byteCount))))
        return true
    }
}

/// How a convolution by matrices reads a row-major image of a few channels.
struct ImagePlanes {
    /// Of the image.
    let channels: Int
    let kernelWidth: Int

    /// Of a row of the kernel: the channels of a product of matrices.
    static let mostElements = 32

    /// - Parameter filters: `[M, C, K1, K2]`.
    /// - Returns: `[M, K2 * C, K1]`.
    func rows(_ filters: [Float], kernelHeight: Int) -> [Float] {
        let plane = kernelHeight * kernelWidth
        return stride(from: 0, to: filters.count, by: channels * plane).flatMap { filter in
            (0..<kernelWidth * channels).flatMap { element in
                (0..<kernelHeight).map { row in
                    let first = filter + element % channels * plane
                    return filters[first + row * kernelWidth + element / channels]
                }
            }
        }
    }
}

/// Which convolutions are computed directly by kernels of our own: those that oneDNN's leave the farthest from the
/// processor's peak, of 1 x 1 windows and with strides of 2, and in bfloat16 those of 3 x 3, by matrices those of any kernel.
enum DirectRule {
    private static let leastChannels = 16

    /// Whether values of a type are multiplied as matrices.
    static func usesMatrices(_ type: DataType) -> Bool { type == .bfloat16 && InstructionSet.current.hasMatrices }

    /// How the first layer of a network reads its image; nil where a row of the kernel has more elements than matrices take.
    static func planes(of problem: ConvolutionProblem, _ type: DataType) -> ImagePlanes? {
        guard usesMatrices(type), !problem.isTransposed, problem.groups == 1, problem.dilations == [1, 1],
            problem.strides.count == 2, problem.strides[0] == problem.strides[1],
            problem.source[1] < leastChannels, problem.destination[1] >= leastChannels
        else { return nil }
        let planes = ImagePlanes(channels: problem.source[1], kernelWidth: problem.kernel[1])
        let columns = (problem.destination[3] - 1) * problem.strides[1] + planes.kernelWidth
        let fits = columns * planes.channels + ImagePlanes.mostElements <= Int(CONVOLUTION_IMAGE_ROW)
        return fits && planes.channels * planes.kernelWidth <= ImagePlanes.mostElements ? planes : nil
    }

    static func applies(to problem: ConvolutionProblem, _ type: DataType) -> Bool {
        guard InstructionSet.current.hasConvolutionKernels, !problem.isTransposed, problem.groups == 1,
            problem.dilations == [1, 1], problem.strides.count == 2, problem.strides[0] == problem.strides[1],
            min(problem.source[1], problem.destination[1]) >= leastChannels
        else { return false }
        if usesMatrices(type) { return problem.strides[0] <= 2 }
        switch problem.strides[0] {
        case 1 where problem.kernel == [1, 1]: return problem.padsBegin + problem.padsEnd == [0, 0, 0, 0]
        case 1: return problem.kernel == [3, 3] && type == .bfloat16
        case 2: return problem.kernel == [1, 1] || problem.kernel == [3, 3]
        default: return false
        }
    }
}
