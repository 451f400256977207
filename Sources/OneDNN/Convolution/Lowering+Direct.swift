import NeuralNetworks

extension Lowering {
    /// - Returns: false where oneDNN's convolution is as good.
    mutating func lowerDirect(
        _ node: FusionGraph.Node, _ problem: ConvolutionProblem, _ filters: [Float], bias: [Float]?
    ) throws(EngineError) -> Bool {
        let type = dataType
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
                sourceBlocks: ConvolutionWeights.blocks(problem.source[1]),
                scratch: scratch(max(1, plan.threads * plan.scratchCount) * type.byteCount))
        }
    }
}

/// Which convolutions are computed directly by kernels of our own: those that oneDNN's leave the farthest from the
/// processor's peak, of 1 x 1 windows and with strides of 2, and in bfloat16 those of 3 x 3, by matrices those of any kernel.
enum DirectRule {
    private static let leastChannels = 16

    /// Whether values of a type are multiplied as matrices.
    static func usesMatrices(_ type: DataType) -> Bool { type == .bfloat16 && InstructionSet.current.hasMatrices }

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
