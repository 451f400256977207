import NeuralNetworks

/// Where elements lie when a network runs.
enum Location: Hashable {
    /// In the arena of the execution's context.
    case arena(buffer: Int, byteOffset: Int)
    /// In the network: weights in the layout that a primitive wants.
    case constant(Int)
    /// Where the caller has the graph's input of this index.
    case input(Int)
    /// Where the caller wants the graph's output of this index.
    case output(Int)

    func advanced(byBytes count: Int) -> Location {
        guard case .arena(let buffer, let byteOffset) = self else { return self }
        return .arena(buffer: buffer, byteOffset: byteOffset + count)
    }

    var buffer: Int? {
        if case .arena(let buffer, _) = self { buffer } else { nil }
    }
}

/// One thing to do when a network runs.
enum Step {
    case primitive(PrimitiveStep)
    case kernel(any KernelStep)
    case evaluation(EvaluationStep)
    /// Moves bytes that no primitive understands, such as integers.
    case copy(from: Location, to: Location, byteCount: Int)

    /// The arena's buffers that it reads or writes.
    var buffers: [Int] {
        switch self {
        case .primitive(let step): step.arguments.compactMap(\.location.buffer)
        case .kernel(let step): step.locations.compactMap(\.buffer)
        case .evaluation(let step):
            (step.inputs + step.outputs).compactMap { $0?.location?.buffer }
        case .copy(let source, let destination, _): [source.buffer, destination.buffer].compactMap { $0 }
        }
    }
}

/// Runs a kernel of our own.
protocol KernelStep {
    /// All that it reads and writes.
    var locations: [Location] { get }

    /// - Parameter address: where a location is in this run.
    func execute(_ address: (Location) -> UnsafeMutableRawPointer?)
}

/// Runs a primitive, once or once for each image of the batch.
final class PrimitiveStep {
    /// One memory argument of a primitive.
    struct Argument {
        let role: ArgumentRole
        let descriptor: MemoryDescriptor
        let location: Location
        /// Bytes from one repetition's elements to the next one's; 0 where all read the same.
        let stride: Int
    }

    let primitive: Primitive
    let arguments: [Argument]
    let repetitions: Int

    init(_ primitive: consuming Primitive, _ arguments: [Argument], repetitions: Int) {
        self.primitive = primitive
        self.arguments = arguments
        self.repetitions = repetitions
    }
}

/// Runs an operator by its plain definition, on row-major tensors.
struct EvaluationStep {
    enum Operand {
        case constant(Tensor)
        case value(TensorType, Location)

        var location: Location? {
            if case .value(_, let location) = self { location } else { nil }
        }
    }

    let node: String
    let operation: any Operator
    let inputs: [Operand?]
    let outputs: [Operand?]
}
