import ArgumentParser
import NeuralNetworks
import ONNX

/// The model of a command, and how it is computed.
struct ModelOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("An ONNX file.", valueName: "model"))
    var model: String

    @Option(
        name: .long,
        help: ArgumentHelp(
            "float32, float32-exact (no Winograd) or bfloat16 (where the processor has it).", valueName: "precision"))
    var precision: Precision = .float32

    func load() throws(CommandFailure) -> ONNXModel { try Self.load(model) }

    static func load(_ path: String) throws(CommandFailure) -> ONNXModel {
        do {
            return try ONNXModel(path: path)
        } catch {
            let isMissing = error.problems.contains { $0.kind == .io }
            throw CommandFailure(isMissing ? .missing : .unusable, "\(path): \(error)")
        }
    }

    /// - Parameter shapes: of the inputs, by name.
    func compile(
        _ graph: consuming Graph, shapes: [String: Shape], threads: Int
    ) throws(CommandFailure) -> any CompiledNetwork {
        do {
            return try ProgramEngine.engine.compile(
                consume graph, inputShapes: shapes, precision: precision, threads: threads)
        } catch {
            throw CommandFailure(.unusable, "\(model): \(error)")
        }
    }
}

extension Precision: ExpressibleByArgument {}

/// The shape of a model's input: `8x3x224x224`, or `NAME=8x3x224x224` where there are several.
struct InputShape: ExpressibleByArgument {
    let name: String?
    let shape: Shape

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1)
        guard let text = parts.last else { return nil }
        let dimensions = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard dimensions.allSatisfy({ $0 != nil }), let shape = Shape(checking: dimensions.compactMap(\.self)) else {
            return nil
        }
        name = parts.count == 2 ? String(parts[0]) : nil
        self.shape = shape
    }
}

extension Graph {
    /// The shape of every input: as given, as the file declares it, or with 1 for the batch and 224 for what else is open.
    func shapes(given: [InputShape]) throws(CommandFailure) -> [String: Shape] {
        var shapes: [String: Shape] = [:]
        for input in given {
            guard let name = input.name ?? (inputs.count == 1 ? inputs[0].name : nil) else {
                throw CommandFailure(.wrongUsage, "the model has several inputs: give --input-shape NAME=SHAPE")
            }
            guard inputs.contains(where: { $0.name == name }) else {
                throw CommandFailure(.wrongUsage, "the model has no input `\(name)`")
            }
            shapes[name] = input.shape
        }
        for port in inputs where shapes[port.name] == nil {
            let extents = port.dimensions.enumerated().map { axis, dimension in
                switch dimension {
                case .fixed(let extent): extent
                case .symbolic: axis == 0 ? 1 : 224
                }
            }
            guard let shape = Shape(checking: extents) else {
                throw CommandFailure(.unusable, "the model's input `\(port.name)` has a shape past all memory")
            }
            shapes[port.name] = shape
        }
        return shapes
    }
}
