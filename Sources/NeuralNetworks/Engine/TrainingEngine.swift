/// What computes networks and their gradients: the plain ``ReferenceTrainingEngine``, or a faster one that is held against it.
///
/// ```swift
/// let graph = try TrainingGraph(network, inputShapes: ["image": [16, 3, 224, 224]])
/// let trainable = try engine.compile(graph, threads: 2)
/// let answers = try trainable.forward([images], parameters: weights)
/// let gradients = try trainable.backward(from: [loss.gradient(answers[0])])
/// ```
public protocol TrainingEngine: Sendable {
    /// Its name and version.
    var version: String { get }

    /// Makes a network ready to learn.
    ///
    /// - Parameters:
    ///   - precision: in which convolutions multiply; sums, weights and all else are of 32 bits.
    ///   - threads: how many it may use. Results do not depend on it.
    /// - Throws: ``EngineError`` naming an operator between the parameters and the outputs that has no gradient.
    func compile(_ graph: TrainingGraph, precision: Precision, threads: Int) throws -> any TrainableNetwork
}

extension TrainingEngine {
    public func compile(_ graph: TrainingGraph, threads: Int) throws -> any TrainableNetwork {
        try compile(graph, precision: .float32, threads: threads)
    }
}

/// A network of which one batch at a time goes forwards and backwards.
public protocol TrainableNetwork: AnyObject {
    /// What goes in: the network's inputs, then the masks of its dropouts.
    var inputs: [NetworkPort] { get }
    /// What comes out: the network's answers, then the batch's means and variances.
    var outputs: [NetworkPort] { get }

    /// The outputs for a batch. What ``backward(from:)`` needs of it is kept.
    ///
    /// - Parameter parameters: in the order of ``TrainingGraph/parameters``.
    func forward(_ inputs: [Tensor], parameters: [Tensor]) throws -> [Tensor]

    /// The gradients of a number with regard to the parameters, for the batch that went forwards last.
    ///
    /// - Parameter gradients: those with regard to the network's answers, in their order.
    /// - Returns: one for each parameter, in their order.
    func backward(from gradients: [Tensor]) throws -> [Tensor]
}
