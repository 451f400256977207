import Evaluation
import NeuralNetworks

/// How sure objects are to be, by those that were found in scans that were not learned from: logits are shifted, for each class, and
/// then divided by a temperature. Losses that count found and free places differently leave logits too low or too high, and
/// with them what is counted.
///
/// Source: Platt, "Probabilistic outputs for support vector machines", 1999.
struct ObjectCalibration {
    private(set) var temperature = 1.0
    /// For each of the card's classes.
    private(set) var shifts: [Float]

    /// Fewer found objects of a class tell no shift.
    private static let leastCount = 30
    private static let range = -4.0...4.0
    private static let rounds = 3

    /// - Parameters:
    ///   - canShift: whether the network has biases for it.
    ///   - classes: the card's.
    init(_ scores: [FoundScores.OfClass], canShift: Bool, classes: [String]) {
        shifts = [Float](repeating: 0, count: classes.count)
        // Without a finding nothing tells how sure one would be.
        guard scores.contains(where: { !$0.logits.isEmpty }) else { return }
        for _ in 0..<(canShift ? Self.rounds : 1) {
            if canShift {
                for index in classes.indices { fitShift(index, scores.first { $0.label == classes[index] }) }
            }
            let shifted = scores.map { own in
                own.logits.map { $0 + (classes.firstIndex(of: own.label).map { shifts[$0] } ?? 0) }
            }.joined()
            temperature = Temperature.fitted(
                [Tensor(shape: [shifted.count], Array(shifted))],
                [Tensor(shape: [shifted.count], scores.flatMap(\.truths))], .sigmoid)
        }
    }

    private mutating func fitShift(_ index: Int, _ own: FoundScores.OfClass?) {
        guard let own, own.logits.count >= Self.leastCount, Set(own.truths).count == 2 else { return }
        let temperature = Float(temperature)
        let best = Valley.lowest(in: Self.range) { shift in
            zip(own.logits, own.truths).reduce(0) { sum, pair in
                let logit = (pair.0 + Float(shift)) / temperature
                return sum + Double(Logistic.softplus(pair.1 > 0 ? -logit : logit))
            }
        }
        shifts[index] = Float((best * 1000).rounded() / 1000)
    }
}

extension Graph {
    /// The initializer of the biases of the convolution that an output is of; nil where there is none of its own.
    func biases(of output: String) -> String? {
        guard let node = nodes.last(where: { $0.outputs.first == output }), node.operation is Convolution,
            node.inputs.count > 2, let name = node.inputs[2], initializers[name]?.floats != nil,
            nodes.count(where: { $0.inputs.contains(name) }) == 1
        else { return nil }
        return name
    }

    /// With so much added to the biases of an output's channels.
    func shifting(_ output: String, by shifts: [Float]) -> Graph {
        guard let name = biases(of: output), let biases = initializers[name], let numbers = biases.floats,
            numbers.count == shifts.count
        else { return self }
        var graph = self
        graph.initializers[name] = Tensor(shape: biases.shape, zip(numbers, shifts).map(+))
        return graph
    }
}
