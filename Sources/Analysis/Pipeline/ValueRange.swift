import Glibc
import NeuralNetworks

/// Within which bounds a tensor of a graph lies whatever the input: by what makes it, back to what has known bounds.
///
/// Tells a sigmoid or a softmax that was written out (`Neg`, `Exp`, `Add`, `Div`; `Exp`, `ReduceSum`, `Div`; from `Tanh`; ...) from
/// logits.
struct ValueRange {
    private let graph: Graph
    private var producers: [String: Graph.Node] = [:]
    private var known: [String: ClosedRange<Float>] = [:]

    private static let anything = -Float.infinity...Float.infinity

    init(_ graph: Graph) {
        self.graph = graph
        for node in graph.nodes {
            for output in node.outputs.compactMap(\.self) { producers[output] = node }
        }
    }

    /// - Parameter depth: how many nodes back to look.
    mutating func range(of name: String, depth: Int = 16) -> ClosedRange<Float> {
        if let range = known[name] { return range }
        if let constant = graph.initializers[name]?.floats, let least = constant.min(), let most = constant.max(),
            least <= most
        {
            return least...most
        }
        guard depth > 0, let node = producers[name] else { return Self.anything }
        let range = range(of: node, depth: depth - 1)
        known[name] = range
        return range
    }

    private mutating func range(of node: Graph.Node, depth: Int) -> ClosedRange<Float> {
        let inputs = node.inputs.compactMap(\.self)
        guard let first = inputs.first else { return Self.anything }
        switch node.operation {
        case let softmax as Softmax: return softmax.kind == .probabilities ? 0...1 : -.infinity...0
        case let unary as UnaryElementwise: return Self.range(of: unary.function, range(of: first, depth: depth))
        case let binary as BinaryElementwise where inputs.count == 2:
            if binary.function == .divide, isAtMostOne(first, by: inputs[1], depth: depth) { return 0...1 }
            return Self.range(
                of: binary.function, range(of: first, depth: depth), range(of: inputs[1], depth: depth))
        case is Clip:
            let data = range(of: first, depth: depth)
            func limit(_ index: Int, _ open: Float) -> Float {
                guard node.inputs.indices.contains(index), let name = node.inputs[index] else { return open }
                return graph.initializers[name]?.floats?.first ?? open
            }
            let (least, most) = (limit(1, -.infinity), limit(2, .infinity))
            return min(max(data.lowerBound, least), most)...max(min(data.upperBound, most), min(least, most))
        case let reduction as Reduction where [.mean, .maximum, .minimum].contains(reduction.function):
            return range(of: first, depth: depth)
        case is Identity, is Reshape, is Flatten, is Squeeze, is Unsqueeze, is Transpose, is Conversion, is Dropout,
            is Slice, is Gather, is Split, is Expansion:
            return range(of: first, depth: depth)
        default: return Self.anything
        }
    }

    /// Whether a tensor is a softmax: elements each divided by the sum of them all, or their logarithm's power.
    func isShare(_ name: String) -> Bool {
        guard let node = producers[name], let first = node.inputs.first ?? nil, let last = node.inputs.last ?? nil
        else {
            return false
        }
        if let unary = node.operation as? UnaryElementwise, unary.function == .exponential {
            return (producers[first]?.operation as? Softmax)?.kind == .logarithms
        }
        return (node.operation as? BinaryElementwise)?.function == .divide && isTotal(last, of: first)
    }

    /// Whether a tensor is the sum of another over an axis, or a little more.
    private func isTotal(_ name: String, of addend: String, depth: Int = 8) -> Bool {
        guard depth > 0, let node = producers[name], let first = node.inputs.first ?? nil else { return false }
        switch node.operation {
        case let reduction as Reduction where [.sum, .l1Norm].contains(reduction.function):
            return isSame(first, addend)
        case is Identity, is Reshape, is Squeeze, is Unsqueeze, is Expansion, is Clip:
            return isTotal(first, of: addend, depth: depth - 1)
        // So that nothing is divided by zero.
        case let binary as BinaryElementwise where binary.function == .add:
            return node.inputs.compactMap(\.self).contains { isTotal($0, of: addend, depth: depth - 1) }
        default: return false
        }
    }

    /// Whether two tensors are one function of one tensor, however often it is computed.
    private func isSame(_ one: String, _ other: String) -> Bool {
        if one == other { return true }
        guard let first = producers[one], let second = producers[other], first.inputs == second.inputs,
            let function = (first.operation as? UnaryElementwise)?.function
        else { return false }
        return function == (second.operation as? UnaryElementwise)?.function
    }

    /// Whether a quotient is at most 1, because its divisor is its dividend and more.
    private mutating func isAtMostOne(_ dividend: String, by divisor: String, depth: Int) -> Bool {
        guard range(of: dividend, depth: depth).lowerBound >= 0 else { return false }
        if isTotal(divisor, of: dividend) { return true }
        guard let node = producers[divisor], (node.operation as? BinaryElementwise)?.function == .add else {
            return false
        }
        let inputs = node.inputs.compactMap(\.self)
        return inputs.contains { isSame($0, dividend) }
            && inputs.allSatisfy { range(of: $0, depth: depth).lowerBound >= 0 }
    }

    private static func range(of function: UnaryElementwise.Function, _ x: ClosedRange<Float>) -> ClosedRange<Float> {
        switch function {
        case .sigmoid, .hardSigmoid: 0...1
        case .tanh, .softsign, .erf, .sine, .cosine: -1...1
        case .exponential: expf(x.lowerBound)...expf(x.upperBound)
        case .negate: -x.upperBound ... -x.lowerBound
        case .reciprocal where x.lowerBound >= 0: 1 / x.upperBound...1 / x.lowerBound
        case .relu: max(0, x.lowerBound)...max(0, x.upperBound)
        case .softplus, .absolute, .squareRoot: 0...(.infinity)
        default: anything
        }
    }

    private static func range(
        of function: BinaryElementwise.Function, _ x: ClosedRange<Float>, _ y: ClosedRange<Float>
    ) -> ClosedRange<Float> {
        switch function {
        case .add: return x.lowerBound + y.lowerBound...x.upperBound + y.upperBound
        case .subtract: return x.lowerBound - y.upperBound...x.upperBound - y.lowerBound
        case .multiply: return products(x, y)
        case .divide where y.lowerBound >= 0: return products(x, 1 / y.upperBound...1 / y.lowerBound)
        default: return anything
        }
    }

    private static func products(_ x: ClosedRange<Float>, _ y: ClosedRange<Float>) -> ClosedRange<Float> {
        let products = [x.lowerBound, x.upperBound].flatMap { one in
            // Nothing times anything is nothing, also where that has no bound.
            [y.lowerBound, y.upperBound].map { one == 0 || $0 == 0 ? 0 : one * $0 }
        }
        return (products.min() ?? -.infinity)...(products.max() ?? .infinity)
    }
}
