import NeuralNetworks

/// How the sums of an integer product become its result.
///
/// Sums of products of levels `q` and of integer weights `w` stand for numbers:
/// `bias + sourceScale * weightScale * sum((q - zeroPoint) * w)`. They are multiplied with a scale for each channel, so that
/// what follows works on multiples of one unit: the scale of the grid that the result is rounded to, where the activation
/// does not care (`relu(u * x) = u * relu(x)`), else 1.
struct IntegerEnding {
    /// For each channel of the result.
    let scales: [Float]
    let operations: [PostOperation]

    /// - Parameters:
    ///   - sourceScale: of the levels.
    ///   - weightScales: one, or one for each channel.
    ///   - residual: the grid of what is added.
    /// - Returns: nil where that takes one function twice: oneDNN 2.6 then takes the numbers of the first for both.
    init?(_ node: FusionGraph.Node, sourceScale: Float, weightScales: [Float], residual: Grid?) {
        var activation = node.activation
        // Where 0 is the least number of the grid, storing holds the result as a ReLU does.
        if activation == .relu, node.rounding?.steps.lowerBound == 0 { activation = nil }
        let isHomogeneous = activation.map { $0.function == .relu || $0.function == .clip } ?? true
        let unit = isHomogeneous ? node.rounding?.scale ?? 1 : 1
        var operations: [PostOperation] = []
        // What 0 becomes, added as early as the activation lets it.
        var zero = Float(node.rounding?.zeroPoint ?? 0)
        if let own = node.ownRounding { operations += [.activation(Activation(function: .round)), .clip(own.steps)] }
        if let residual {
            var offset = -Float(residual.zeroPoint) * residual.scale / unit
            if activation == nil { (offset, zero) = (offset + zero, 0) }
            operations += .line((node.ownRounding?.scale ?? unit) / unit, offset)
            operations.append(.sumOfIntegers(residual.type, scale: residual.scale / unit))
        }
        if var activation {
            if activation.function == .clip {
                activation.alpha = max(activation.alpha / unit, -.greatestFiniteMagnitude)
                activation.beta = min(activation.beta / unit, .greatestFiniteMagnitude)
            }
            operations.append(.activation(activation))
        }
        if let rounding = node.rounding { operations += .line(unit / rounding.scale, zero) }
        let functions = operations.compactMap(\.function)
        guard Set(functions).count == functions.count else { return nil }
        scales = weightScales.map { sourceScale * $0 / (node.ownRounding?.scale ?? unit) }
        self.operations = operations
    }
}

extension PostOperation {
    fileprivate var function: Activation.Function? {
        if case .activation(let activation) = self { activation.function } else { nil }
    }

    fileprivate static func clip(_ limits: ClosedRange<Float>) -> PostOperation {
        .activation(Activation(function: .clip, alpha: limits.lowerBound, beta: limits.upperBound))
    }
}

extension [PostOperation] {
    /// `factor * x + offset`: nothing where that is `x`.
    fileprivate static func line(_ factor: Float, _ offset: Float) -> [PostOperation] {
        factor == 1 && offset == 0 ? [] : [.activation(Activation(function: .linear, alpha: factor, beta: offset))]
    }
}
