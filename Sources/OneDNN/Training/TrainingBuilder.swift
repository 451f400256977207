import NeuralNetworks

/// Turns a graph into the steps that a piece of the batch takes forwards, and those that take it back.
///
/// Each node becomes a ``TrainingLayer``, which adds its steps here. Values lie as the layer that makes them likes, and are
/// copied where a reader wants another layout.
struct TrainingBuilder: ~Copyable {
    let engine: Processor
    let graph: TypedGraph
    let parameters: Set<String>
    /// Values of which a gradient is wanted, parameters too.
    let learning: Set<String>
    let pieces: Int
    /// In which convolutions multiply.
    let precision: Precision

    var plan = TrainingMemory.Plan()
    private(set) var steps: [TrainingStep] = []
    private var common: TrainingMemory.Buffer?
    private var values: [String: TrainingOperand] = [:]
    private var copies: [String: [TrainingOperand]] = [:]
    /// What of each value's gradient has been made on the way back.
    private var shares: [String: [TrainingOperand]] = [:]

    /// Weights and constants as the caller has them, row-major, for all pieces.
    private(set) var tensors: [String: TrainingMemory.Buffer] = [:]
    private(set) var zeros: [(buffer: TrainingMemory.Buffer, count: Int)] = []
    /// What lays weights out as layers want them, before a batch starts.
    private(set) var preparations: [(from: TrainingOperand, to: TrainingOperand)] = []
    /// For each parameter, gradients of each piece, whose sum is the whole.
    private(set) var gradients: [String: [(operand: TrainingOperand, plain: MemoryDescriptor)]] = [:]

    init(
        _ graph: TypedGraph, parameters: [String], learning: Set<String>, pieces: Int, precision: Precision
    ) throws {
        engine = try Processor()
        self.graph = graph
        self.parameters = Set(parameters)
        self.learning = learning
        self.pieces = pieces
        self.precision = precision
    }

    // MARK: What there is

    func shape(_ name: String?) -> Shape? { name.flatMap { graph.types[$0]?.shape } }

    /// Whether a gradient with regard to it is wanted.
    func learns(_ name: String?) -> Bool { name.map(learning.contains) ?? false }

    /// A constant that stays as it is.
    func constant(_ name: String?) -> Tensor? {
        name.flatMap { parameters.contains($0) ? nil : graph.constants[$0] }
    }

    /// Whether it is a weight or another constant, the same for all images.
    func isConstant(_ name: String) -> Bool { graph.constants[name] != nil }

    // MARK: Steps

    mutating func add(_ step: TrainingStep) { steps.append(step) }

    /// Runs a primitive for each piece.
    mutating func run(
        _ descriptor: borrowing PrimitiveDescriptor, _ arguments: [TrainingStep.Argument]
    ) throws {
        var arguments = arguments
        let need = descriptor.scratchpad
        if need.byteCount > 0 {
            arguments.append(
                (.scratchpad, TrainingOperand(descriptor: need, buffer: buffer(byteCount: need.byteCount))))
        }
        steps.append(.primitive(try SharedPrimitive(descriptor), arguments))
    }

    /// Runs what multiplies a value by weights and adds a bias.
    mutating func run(
        _ descriptor: borrowing PrimitiveDescriptor, of input: String, _ weights: TrainingOperand,
        _ bias: TrainingOperand, to output: String
    ) throws {
        let source = try value(input, as: descriptor.source)
        let result = place(output, descriptor.destination)
        try run(descriptor, [(.source, source), (.weights, weights), (.bias, bias), (.destination, result)])
    }

    // MARK: Memory

    /// New memory, for each piece unless it is shared.
    mutating func buffer(byteCount: Int, isShared: Bool = false) -> TrainingMemory.Buffer {
        plan.make(byteCount: byteCount, isShared: isShared)
    }

    /// Memory for all pieces that a layer has from a step of parts on, until the next layer asks for it.
    mutating func workspace(byteCount: Int) -> TrainingMemory.Buffer {
        let buffer = common ?? buffer(byteCount: 0, isShared: true)
        common = buffer
        plan.grow(buffer, to: byteCount)
        return buffer
    }

    mutating func operand(_ descriptor: MemoryDescriptor, isShared: Bool = false) -> TrainingOperand {
        TrainingOperand(descriptor: descriptor, buffer: buffer(byteCount: descriptor.byteCount, isShared: isShared))
    }

    /// The layout that layers like for images of a shape: channel blocks where there are channels enough.
    static func layout(_ shape: Shape) throws -> MemoryDescriptor {
        let isImage = 3...5 ~= shape.rank && shape[1] >= InstructionSet.current.channelBlock.rawValue / 2
        return try MemoryDescriptor(shape.dimensions, .float32, isImage ? .blocks : .rowMajor)
    }

    // MARK: Values

    /// Where a value lies that is to be made in `descriptor`.
    mutating func place(_ name: String, _ descriptor: MemoryDescriptor) -> TrainingOperand {
        let operand = operand(descriptor)
        values[name] = operand
        return operand
    }

    /// The same value under another name.
    mutating func place(_ name: String, at operand: TrainingOperand) { values[name] = operand }

    /// A value that has been made; a constant of any layer is laid out for it.
    mutating func value(_ name: String) throws -> TrainingOperand {
        if let operand = values[name] { return operand }
        guard let type = graph.types[name], isConstant(name) || parameters.contains(name) else {
            throw EngineError(.graph, "\(name) is not computed")
        }
        let operand = TrainingOperand(
            descriptor: try MemoryDescriptor(type.shape.dimensions), buffer: tensor(name, type))
        values[name] = operand
        return operand
    }

    /// A value in a layout, copied if need be.
    mutating func value(_ name: String, as wanted: MemoryDescriptor) throws -> TrainingOperand {
        let operand = try value(name)
        if operand.descriptor == wanted { return operand }
        if let copy = copies[name]?.first(where: { $0.descriptor == wanted }) { return copy }
        let copy = try copied(operand, as: wanted)
        copies[name, default: []].append(copy)
        return copy
    }

    /// Elements in another layout.
    mutating func copied(
        _ operand: TrainingOperand, as wanted: MemoryDescriptor
    ) throws -> TrainingOperand {
        if operand.descriptor == wanted { return operand }
        let result = self.operand(wanted)
        try copy(operand, to: result)
        return result
    }

    /// Elements into memory that is there.
    mutating func copy(_ operand: TrainingOperand, to target: TrainingOperand) throws {
        guard let reorder = try PrimitiveDescriptor.reorder(from: operand.descriptor, to: target.descriptor, engine)
        else { throw EngineError(.library, "oneDNN has no copy between two layouts") }
        try run(reorder, [(.source, operand), (.destination, target)])
    }

    // MARK: Weights

    private mutating func tensor(_ name: String, _ type: TensorType) -> TrainingMemory.Buffer {
        if let buffer = tensors[name] { return buffer }
        let buffer = buffer(byteCount: type.byteCount, isShared: true)
        tensors[name] = buffer
        return buffer
    }

    /// Weights in a layout, made before each batch.
    ///
    /// - Parameter plain: how the elements lie as the caller has them.
    mutating func weights(
        _ name: String, from plain: MemoryDescriptor, as wanted: MemoryDescriptor
    ) throws -> TrainingOperand {
        let given = TrainingOperand(descriptor: plain, buffer: try value(name).buffer)
        if plain == wanted { return given }
        if let known = preparations.first(where: {
            $0.from.buffer == given.buffer && $0.from.descriptor == plain && $0.to.descriptor == wanted
        }) {
            return known.to
        }
        let laidOut = operand(wanted, isShared: true)
        preparations.append((given, laidOut))
        return laidOut
    }

    /// As many zeros, for a layer without a bias.
    mutating func zeros(_ count: Int) throws -> TrainingOperand {
        let operand = operand(try MemoryDescriptor([count]), isShared: true)
        zeros.append((operand.buffer, count))
        return operand
    }

    // MARK: Gradients

    /// Notes a share of the gradient with regard to a value.
    mutating func addGradient(_ operand: TrainingOperand, of name: String) {
        shares[name, default: []].append(operand)
    }

    /// The gradient with regard to a value in the layout of the value; nil where nothing depends on it.
    mutating func gradient(of name: String) throws -> TrainingOperand? {
        guard let first = shares[name]?.first else { return nil }
        let layout = try value(name).descriptor
        var sum = try copied(first, as: layout)
        for share in shares[name, default: []].dropFirst() {
            let summand = try copied(share, as: layout)
            let result = operand(layout)
            guard let addition = try PrimitiveDescriptor.binary(.add, layout, layout, Attributes(), engine) else {
                throw EngineError(.library, "oneDNN adds no gradients")
            }
            try run(addition, [(.source, sum), (.secondSource, summand), (.destination, result)])
            sum = result
        }
        return sum
    }

    /// Notes where each piece's gradient of a parameter lies; it keeps until all are summed.
    ///
    /// - Parameter plain: how the elements lie in the parameter's tensor; nil where as in `operand`.
    mutating func note(_ operand: TrainingOperand, asGradientOf name: String, plain: MemoryDescriptor? = nil) {
        gradients[name, default: []].append((operand, plain ?? operand.descriptor))
    }
}
