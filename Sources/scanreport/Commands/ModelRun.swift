import ArgumentParser
import FoundationEssentials
import NeuralNetworks

struct ModelRun: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a model on tensors from NPY files.",
        discussion: "Where the model has one input or output, its name may be left out.")

    @OptionGroup var options: ModelOptions

    @Option(
        name: .long, help: ArgumentHelp("A tensor for an input; repeat it for several.", valueName: "[name=]npy"))
    var input: [NamedFile]

    @Option(
        name: .long, help: ArgumentHelp("Where an output goes; repeat it for several.", valueName: "[name=]npy"))
    var output: [NamedFile]

    @Option(name: .long, help: ArgumentHelp("Threads that share the work.", valueName: "n"))
    var threads = 1

    func validate() throws {
        if !(1...256).contains(threads) { throw ValidationError("--threads must be from 1 to 256.") }
    }

    func run() throws {
        let graph = try options.load().graph
        let inputs = try NamedFile.assigned(input, to: graph.inputs, called: "input")
        let outputs = try NamedFile.assigned(output, to: graph.outputs, called: "output")
        var tensors: [String: Tensor] = [:]
        for (name, file) in inputs { tensors[name] = try NPYFile.read(file) }
        let network =
            graph.inputs.count == 1
            ? try options.compile(consume graph, shapes: tensors.mapValues(\.shape), threads: threads)
            : try compile(graph, tensors)
        let missing = network.inputs.map(\.name).filter { tensors[$0] == nil }
        guard missing.isEmpty else {
            throw CommandFailure(.wrongUsage, "the model also needs --input for \(missing.joined(separator: ", "))")
        }
        let results: [Tensor]
        do {
            results = try network.makeContext().run(network.inputs.compactMap { tensors[$0.name] })
        } catch {
            throw CommandFailure(.unusable, "\(options.model): \(error)")
        }
        for (name, file) in outputs {
            guard let index = network.outputs.firstIndex(where: { $0.name == name }) else { continue }
            try NPYFile.write(results[index], to: file)
        }
    }

    /// Compiles a network of several inputs. Where some of them decide shapes, as the axes of a reduction do, they
    /// are built in as constants: first integers, then lists of numbers, then all.
    private func compile(
        _ graph: Graph, _ tensors: [String: Tensor]
    ) throws(CommandFailure) -> any CompiledNetwork {
        let bindings: [(Tensor) -> Bool] = [
            { $0.elementType != .float32 }, { $0.elementType != .float32 || $0.shape.rank < 2 }, { _ in true },
        ]
        do {
            return try options.compile(graph, shapes: tensors.mapValues(\.shape), threads: threads)
        } catch {
            for isBound in bindings {
                let ports = graph.inputs.filter { port in
                    tensors[port.name].map { isBound($0) && port.takes($0) } ?? false
                }
                let bound = Set(ports.map(\.name))
                var graph = graph
                graph.inputs.removeAll { bound.contains($0.name) }
                graph.initializers.merge(tensors.filter { bound.contains($0.key) }) { $1 }
                let names = Set(graph.inputs.map(\.name))
                let shapes = tensors.filter { names.contains($0.key) }.mapValues(\.shape)
                if let network = try? options.compile(graph, shapes: shapes, threads: threads) { return network }
            }
            throw error
        }
    }
}

extension Graph.Port {
    /// Whether a tensor has the type and the shape that the port asks for.
    fileprivate func takes(_ tensor: Tensor) -> Bool {
        tensor.elementType == elementType && tensor.shape.rank == dimensions.count
            && zip(dimensions, tensor.shape.dimensions).allSatisfy { dimension, extent in
                if case .fixed(let wanted) = dimension { wanted == extent } else { true }
            }
    }
}

/// `FILE` or `NAME=FILE`.
struct NamedFile: ExpressibleByArgument {
    let name: String?
    let path: String

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "=") else {
            (name, path) = (nil, argument)
            return
        }
        name = String(argument[..<equals])
        path = String(argument[argument.index(after: equals)...])
        if path.isEmpty { return nil }
    }

    /// The port of each file; one that is not named goes to the only port.
    ///
    /// - Parameter noun: what the ports are, for people.
    static func assigned(
        _ files: [NamedFile], to ports: [Graph.Port], called noun: String
    ) throws(CommandFailure) -> [(name: String, file: String)] {
        var assigned: [(String, String)] = []
        for file in files {
            guard let name = file.name ?? (ports.count == 1 ? ports[0].name : nil) else {
                let names = ports.map(\.name).joined(separator: ", ")
                throw CommandFailure(.wrongUsage, "the model has several \(noun)s, name one of: \(names)")
            }
            guard ports.contains(where: { $0.name == name }) else {
                throw CommandFailure(.wrongUsage, "the model has no \(noun) `\(name)`")
            }
            assigned.append((name, file.path))
        }
        return assigned
    }
}

/// Tensors in NPY files.
enum NPYFile {
    static func read(_ path: String) throws(CommandFailure) -> Tensor {
        guard let data = try? Data(contentsOf: URL(filePath: path)) else {
            throw CommandFailure(.missing, "\(path): cannot be read")
        }
        do {
            return try NPY.decode(Array(data))
        } catch {
            throw CommandFailure(.unusable, "\(path): \(error)")
        }
    }

    static func write(_ tensor: Tensor, to path: String) throws(CommandFailure) {
        do {
            try Data(NPY.encode(tensor)).write(to: URL(filePath: path))
        } catch {
            throw CommandFailure(.cannotCreate, "\(path): cannot be written")
        }
    }
}
