@testable import NeuralNetworks

/// An operator with inputs drawn at random, whose chain rule can be held against small steps.
struct GradientCase {
    let operation: any DifferentiableOperator
    let inputs: [Tensor?]
    /// Length of the steps. A function that is linear in each input takes long ones, where rounding does not show.
    let step: Float

    /// The directions in which each input is stepped, within -1...1; nil for one that has no gradient.
    func directions(_ random: inout SplitMix64) -> [Tensor?] {
        inputs.map { input in input?.floats.map { _ in random.tensor(input?.shape ?? []) } }
    }

    /// The kinds of operators, each of which draws cases.
    static let kinds: [@Sendable (inout SplitMix64) throws -> GradientCase] = [
        { try convolution(&$0) }, { try convolutionTranspose(&$0) }, { batchNormalization(&$0) }, { pooling(&$0) },
        { activation(&$0) }, { clip(&$0) }, { product(&$0) }, { binary(&$0) }, { variadic(&$0) },
        { concatenation(&$0) }, { resize(&$0) }, { movement(&$0) }, { softmax(&$0) }, { reduction(&$0) },
    ]
}

extension GradientCase {
    /// Windows, strides, pads, dilations and groups of one to three axes.
    private static func convolution(_ random: inout SplitMix64) throws -> GradientCase {
        let rank = 1 + random.next(below: 3)
        let groups = 1 + random.next(below: 3)
        let kernel = (0..<rank).map { _ in 1 + random.next(below: 3) }
        let dilations = (0..<rank).map { _ in 1 + random.next(below: 2) }
        let window = Window(
            strides: (0..<rank).map { _ in 1 + random.next(below: 3) },
            pads: (0..<2 * rank).map { random.next(below: kernel[$0 % rank]) }, dilations: dilations)
        let extents = (0..<rank).map { (kernel[$0] - 1) * dilations[$0] + 1 + random.next(below: 3) }
        let (inner, outputs) = (1 + random.next(below: 2), groups * (1 + random.next(below: 2)))
        let data = random.tensor(Shape([1 + random.next(below: 2), inner * groups] + extents))
        let weights = random.tensor(Shape([outputs, inner] + kernel))
        return GradientCase(
            operation: Convolution(window: window, groups: groups), inputs: [data, weights, random.tensor([outputs])],
            step: 1)
    }

    private static func convolutionTranspose(_ random: inout SplitMix64) throws -> GradientCase {
        let rank = 1 + random.next(below: 2)
        let groups = 1 + random.next(below: 2)
        let kernel = (0..<rank).map { _ in 2 + random.next(below: 2) }
        let strides = (0..<rank).map { _ in 1 + random.next(below: 3) }
        let window = Window(
            strides: strides, pads: (0..<2 * rank).map { _ in random.next(below: 2) },
            dilations: (0..<rank).map { _ in 1 + random.next(below: 2) })
        let (inner, outputs) = (1 + random.next(below: 2), 1 + random.next(below: 2))
        let data = random.tensor(
            Shape([1 + random.next(below: 2), inner * groups] + (0..<rank).map { _ in 2 + random.next(below: 3) }))
        let weights = random.tensor(Shape([inner * groups, outputs] + kernel))
        return GradientCase(
            operation: ConvolutionTranspose(
                window: window, groups: groups, outputPadding: strides.map { random.next(below: $0) }),
            inputs: [data, weights, random.tensor([outputs * groups])], step: 1)
    }

    private static func batchNormalization(_ random: inout SplitMix64) -> GradientCase {
        let channels = 1 + random.next(below: 3)
        let shape = Shape([2 + random.next(below: 2), channels] + (0..<random.next(below: 3)).map { _ in 3 })
        let isTraining = random.next(below: 2) == 0 && shape.rank > 2
        let variances = random.tensor([channels]).elements.map { 1.5 + $0 }
        return GradientCase(
            operation: BatchNormalization(epsilon: 0.1, mode: isTraining ? .training(momentum: 0.9) : .inference),
            inputs: [
                random.tensor(shape), random.tensor([channels]), random.tensor([channels]), random.tensor([channels]),
                Tensor(shape: [channels], variances),
            ], step: isTraining ? 0.01 : 1)
    }

    private static func pooling(_ random: inout SplitMix64) -> GradientCase {
        let shape: Shape = [
            1 + random.next(below: 2), 1 + random.next(below: 2), 3 + random.next(below: 3), 3 + random.next(below: 3),
        ]
        let kernel = [1 + random.next(below: 3), 1 + random.next(below: 3)]
        let window = Window(
            kernelShape: kernel, strides: [1 + random.next(below: 2), 1 + random.next(below: 2)],
            pads: (0..<4).map { random.next(below: kernel[$0 % 2]) })
        let rounding: Window.Rounding = random.next(below: 2) == 0 ? .floor : .ceiling
        let operation: any DifferentiableOperator =
            switch random.next(below: 4) {
            case 0: MaxPooling(window: window, rounding: rounding)
            case 1: AveragePooling(window: window, rounding: rounding, countsPadding: random.next(below: 2) == 0)
            case 2: GlobalPooling(.average)
            default: GlobalPooling(.maximum)
            }
        return GradientCase(operation: operation, inputs: [random.apart(shape)], step: 0.01)
    }

    private static let functions: [(UnaryElementwise.Function, ClosedRange<Float>)] =
        [
            .relu, .leakyRelu(alpha: 0.1), .thresholdedRelu(alpha: 0.4), .elu(alpha: 0.7),
            .selu(alpha: 1.67, gamma: 1.05), .celu(alpha: 0.5), .sigmoid, .hardSigmoid(alpha: 0.5, beta: 0.5),
            .hardSwish, .swish(alpha: 1), .mish, .gelu(approximation: .none), .gelu(approximation: .tanh), .softplus,
            .softsign, .tanh, .erf, .exponential, .absolute, .negate, .sign, .floor, .ceiling, .sine, .cosine,
            .arcTangent, .hyperbolicSine, .hyperbolicCosine, .areaSine, .shrink(lambda: 0.5, bias: 0.2),
        ].map { ($0, -10...10) }
        + [.logarithm, .squareRoot, .reciprocal].map { ($0, 0.5...4) }
        + [.tangent, .arcSine, .arcCosine, .areaTangent].map { ($0, -0.8...0.8) } + [(.areaCosine, 1.5...4)]

    private static func activation(_ random: inout SplitMix64) -> GradientCase {
        let (function, range) = functions[random.next(below: functions.count)]
        let data = random.apart([2, 3 + random.next(below: 10)])
        return GradientCase(
            operation: UnaryElementwise(function),
            inputs: [
                Tensor(
                    shape: data.shape,
                    data.elements.map { range.contains($0) ? $0 : range.lowerBound + 0.05 + abs($0) / 4 })
            ], step: 0.01)
    }

    private static func clip(_ random: inout SplitMix64) -> GradientCase {
        let limits: (Tensor?, Tensor?) = (
            random.next(below: 3) == 0 ? nil : Tensor(shape: [], [Float(-0.2)]),
            random.next(below: 3) == 0 ? nil : Tensor(shape: [], [Float(0.4)])
        )
        return GradientCase(operation: Clip(), inputs: [random.apart([3, 7]), limits.0, limits.1], step: 0.01)
    }

    private static func product(_ random: inout SplitMix64) -> GradientCase {
        let (rows, inner, columns) = (1 + random.next(below: 3), 1 + random.next(below: 4), 1 + random.next(below: 3))
        guard random.next(below: 2) == 0 else {
            return GradientCase(
                operation: MatrixMultiplication(),
                inputs: [random.tensor([2, 1, rows, inner]), random.tensor([3, inner, columns])], step: 1)
        }
        let gemm = Gemm(
            alpha: 0.5 + random.nextFraction(), beta: 0.5 + random.nextFraction(),
            transposeA: random.next(below: 2) == 0,
            transposeB: random.next(below: 2) == 0)
        return GradientCase(
            operation: gemm,
            inputs: [
                random.tensor(gemm.transposeA ? [inner, rows] : [rows, inner]),
                random.tensor(gemm.transposeB ? [columns, inner] : [inner, columns]),
                random.tensor(random.next(below: 2) == 0 ? [columns] : [rows, 1]),
            ], step: 1)
    }

    private static func binary(_ random: inout SplitMix64) -> GradientCase {
        let shapes: [(Shape, Shape)] = [
            ([2, 3, 4], [2, 3, 4]), ([2, 3, 4], [3, 1]), ([1, 4], [3, 1]), ([2, 3, 2, 2], [2, 3, 1, 1]), ([], [2, 3]),
        ]
        let (left, right) = shapes[random.next(below: shapes.count)]
        let functions: [BinaryElementwise.Function] = [.add, .subtract, .multiply, .divide, .power]
        let function = functions[random.next(below: functions.count)]
        let isSafe = function == .divide || function == .power
        func drawn(_ shape: Shape, _ random: inout SplitMix64) -> Tensor {
            let tensor = random.tensor(shape)
            return isSafe ? Tensor(shape: shape, tensor.elements.map { 2 + $0 }) : tensor
        }
        return GradientCase(
            operation: BinaryElementwise(function), inputs: [drawn(left, &random), drawn(right, &random)],
            step: isSafe ? 0.01 : 1)
    }

    private static func variadic(_ random: inout SplitMix64) -> GradientCase {
        if random.next(below: 4) == 0 {
            return GradientCase(
                operation: ParametricRelu(slopeAlignment: .channels),
                inputs: [random.apart([2, 3, 2, 2]), random.tensor([3])],
                step: 0.01)
        }
        let all = random.apart([3, 2, 3])
        let parts = (0..<3).map { Tensor(shape: [2, 3], Array(all.elements[$0 * 6..<$0 * 6 + 6])) }
        let functions = VariadicElementwise.Function.allCases
        return GradientCase(
            operation: VariadicElementwise(functions[random.next(below: functions.count)]), inputs: parts, step: 0.01)
    }

    private static func concatenation(_ random: inout SplitMix64) -> GradientCase {
        let axis = random.next(below: 3)
        let parts = (0..<2 + random.next(below: 2)).map { _ in
            var extents = [2, 3, 2]
            extents[axis] = 1 + random.next(below: 3)
            return random.tensor(Shape(extents))
        }
        return GradientCase(
            operation: Concatenation(axis: random.next(below: 2) == 0 ? axis : axis - 3), inputs: parts, step: 1)
    }

    private static func resize(_ random: inout SplitMix64) -> GradientCase {
        let interpolations: [Resize.Interpolation] = [
            .nearest(.halfDown), .nearest(.floor), .linear, .cubic(coefficient: -0.75),
        ]
        let coordinates: [Resize.Coordinates] = [.halfPixel, .asymmetric, .alignCorners, .pytorchHalfPixel]
        let data = random.tensor([1 + random.next(below: 2), 2, 2 + random.next(below: 3), 2 + random.next(below: 3)])
        let scales: [Float] = [
            1, 1, [0.5, 1, 2, 3][random.next(below: 4)], [0.7, 1.5, 2, 2.5][random.next(below: 4)],
        ]
        return GradientCase(
            operation: Resize(
                interpolations[random.next(below: 4)], coordinates: coordinates[random.next(below: 4)],
                antialiases: random.next(below: 3) == 0),
            inputs: [data, nil, Tensor(shape: [4], scales)], step: 1)
    }

    private static func movement(_ random: inout SplitMix64) -> GradientCase {
        let data = random.tensor([2, 3, 4])
        func integers(_ values: [Int64]) -> Tensor { Tensor(shape: [values.count], values) }
        let cases: [(any DifferentiableOperator, [Tensor?])] = [
            (Flatten(axis: random.next(below: 4)), []), (Reshape(), [integers([4, -1])]), (Identity(), []),
            (Dropout(), []), (Transpose(permutation: [2, 0, 1]), []), (Transpose(), []), (Squeeze(), [integers([])]),
            (Unsqueeze(), [integers([1])]),
            (Slice(), [integers([0, 3]), integers([2, -5]), integers([1, 2]), integers([1, -2])]),
            (Padding(.constant), [integers([0, 1, 0, 1, 0, 2])]), (Padding(.reflect), [integers([0, 1, 2, 0, 1, 0])]),
            (Padding(.edge), [integers([0, 2, 0, 0, 0, 1])]), (Padding(.constant), [integers([0, -1, 0, 0, 0, -1])]),
        ]
        let (operation, others) = cases[random.next(below: cases.count)]
        return GradientCase(operation: operation, inputs: [data] + others, step: 1)
    }

    private static func softmax(_ random: inout SplitMix64) -> GradientCase {
        GradientCase(
            operation: Softmax(
                random.next(below: 2) == 0 ? .probabilities : .logarithms, axis: random.next(below: 3) - 1,
                extent: random.next(below: 3) == 0 ? .axisAndFollowing : .axis),
            inputs: [random.tensor([2, 3, 4])], step: 0.01)
    }

    private static func reduction(_ random: inout SplitMix64) -> GradientCase {
        let functions: [Reduction.Function] = [.sum, .mean, .sumOfSquares, .l1Norm, .l2Norm]
        let axes: [[Int64]] = [[1], [0, 2], [-1], [0, 1, 2]]
        let chosen = axes[random.next(below: axes.count)]
        return GradientCase(
            operation: Reduction(
                functions[random.next(below: functions.count)], keepsDimensions: random.next(below: 2) == 0),
            inputs: [random.apart([2, 3, 4]), Tensor(shape: [chosen.count], chosen)], step: 0.01)
    }
}

extension SplitMix64 {
    /// Numbers that are at least 0.1 apart, and 0.05 from every multiple of it: no step of a hundredth crosses a corner.
    fileprivate mutating func apart(_ shape: Shape) -> Tensor {
        let count = shape.elementCount
        var order = Array(0..<count)
        for index in order.indices.reversed() { order.swapAt(index, next(below: index + 1)) }
        return Tensor(shape: shape, order.map { (Float($0 - count / 2) + 0.5) * 0.1 })
    }
}

extension SplitMix64 {
    /// In -1...1.
    mutating func tensor(_ shape: Shape) -> Tensor {
        Tensor(shape: shape, (0..<shape.elementCount).map { _ in 2 * nextFraction() - 1 })
    }
}
