import ArgumentParser
import Findings
import Listings
import NeuralNetworks
import ONNX

struct ModelInspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "List a model's layers with shapes, work and the algorithm chosen for each.",
        discussion: """
            Where the file leaves a dimension open, the batch is taken as 1 and height and width as 224, unless \
            --input-shape says otherwise. A layer without an algorithm runs on the plain reference execution. \
            With --profile the model also runs for a second on random input and one thread, and each layer's least \
            time is listed, with its share of all.
            """)

    @OptionGroup var options: ModelOptions

    @Option(
        name: .long,
        help: ArgumentHelp("The shape of an input, such as 8x3x224x224.", valueName: "[name=]shape"))
    var inputShape: [InputShape] = []

    @Flag(name: .long, help: "Also run the model, and list how long each layer takes.")
    var profile = false

    @OptionGroup var format: FormatOptions

    func run() throws {
        let model = try options.load()
        let network = try options.compile(model.graph, shapes: model.graph.shapes(given: inputShape), threads: 1)
        let summary = summary(of: model, network)
        if profile {
            try write(summary, ProfiledLayerRow.rows(of: network, taking: times(of: network)))
        } else {
            try write(summary, network.layers.map(LayerRow.init))
        }
    }

    private func write(_ summary: [JSONValue.Member], _ layers: [some ListingRow]) throws {
        switch format.format {
        case .csv: try Listing.write(layers, format: .csv)
        case .json:
            let document = JSONValue.object(summary + [JSONValue.Member("layers", .array(layers.map(\.json)))])
            try StandardOutput.write(document.indented + "\n")
        case .table:
            let lines = summary.map { "\($0.name): \($0.value.sentence)\n" }.joined()
            try StandardOutput.write(lines + "\n" + TextTable(layers).text)
        }
    }

    private func times(of network: any CompiledNetwork) throws(CommandFailure) -> [Duration] {
        do {
            return try network.makeContext().layerTimes(of: network.randomInputs(), for: .seconds(1))
        } catch {
            throw CommandFailure(.unusable, "\(options.model): \(error)")
        }
    }

    private func summary(of model: ONNXModel, _ network: any CompiledNetwork) -> [JSONValue.Member] {
        let parameters = model.graph.initializers.values.reduce(0) { sum, tensor in
            tensor.elementType == .float32 ? sum + tensor.shape.elementCount : sum
        }
        return [
            .init("producer", .text(model.producer)),
            .init("operator_set", .integer(model.operatorSet)),
            .init("inputs", .texts(network.inputs.map { "\($0.name) \($0.type)" })),
            .init("outputs", .texts(network.outputs.map { "\($0.name) \($0.type)" })),
            .init("parameters", .integer(parameters)),
            .init("operations", .integer(network.layers.reduce(0) { $0 + $1.operationCount })),
            .init("activation_bytes", .integer(network.arenaByteCount)),
            .init("weight_bytes", .integer(network.weightByteCount)),
            .init("precision", .text(network.precision.rawValue)),
            .init("engine", .text(ProgramEngine.engine.version)),
            .init("instruction_set", .text(ProgramEngine.engine.instructionSet)),
        ]
    }
}

private struct LayerRow: ListingRow {
    let layer: LayerDescription

    init(_ layer: LayerDescription) { self.layer = layer }

    static let columns: [ListingColumn<LayerRow>] = [
        ListingColumn("layer") { .text($0.layer.name) },
        ListingColumn("operator") { .text($0.layer.operatorName) },
        ListingColumn("fused", for: .programs) { .texts($0.layer.fusedNodes) },
        ListingColumn("output") { .text($0.layer.outputShape.description) },
        ListingColumn("operations") { .integer($0.layer.operationCount) },
        ListingColumn("precision") { .text($0.layer.precision) },
        ListingColumn("algorithm") { .text($0.layer.implementation ?? "reference") },
    ]
}

/// A layer with its share of a run.
private struct ProfiledLayerRow: ListingRow {
    let row: LayerRow
    let milliseconds, percent: Double

    static func rows(of network: any CompiledNetwork, taking times: [Duration]) -> [ProfiledLayerRow] {
        let milliseconds = times.map { $0 / .milliseconds(1) }
        let all = max(milliseconds.reduce(0, +), .leastNormalMagnitude)
        return zip(network.layers, milliseconds).map {
            ProfiledLayerRow(row: LayerRow($0), milliseconds: $1, percent: 100 * $1 / all)
        }
    }

    static let columns: [ListingColumn<ProfiledLayerRow>] =
        LayerRow.columns.map(ofLayer) + [
            ListingColumn<ProfiledLayerRow>("time_ms") { .number(($0.milliseconds * 10_000).rounded() / 10_000) },
            ListingColumn<ProfiledLayerRow>("share_percent") { .number(($0.percent * 100).rounded() / 100) },
        ]

    private static func ofLayer(_ column: ListingColumn<LayerRow>) -> ListingColumn<ProfiledLayerRow> {
        let audience: ListingColumn<ProfiledLayerRow>.Audience =
            switch column.audience {
            case .all: .all
            case .programs: .programs
            case .json: .json
            }
        return ListingColumn<ProfiledLayerRow>(column.name, for: audience) { column.value($0.row) }
    }
}

extension JSONValue {
    /// For a line of text.
    fileprivate var sentence: String {
        switch self {
        case .text(let text): text.printable
        case .integer(let number): String(number)
        case .array(let values): values.map(\.sentence).joined(separator: ", ")
        default: compact
        }
    }
}
