import ArgumentParser
import FoundationEssentials
import NeuralNetworks
import ONNX

struct ModelNew: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Write a classic architecture as an ONNX model, with seeded random weights.",
        discussion: """
            Architectures: \(NamedArchitecture.spellings.joined(separator: ", ")). Without --classes and --input the \
            model is the paper's. Equal seeds give equal files.
            """)

    @Argument(help: ArgumentHelp("Such as resnet-18, vgg-16-bn or u-net-32.", valueName: "architecture"))
    var architecture: String

    @Option(name: .long, help: ArgumentHelp("Outputs: scores of a classifier, channels of a U-Net.", valueName: "n"))
    var classes: Int?

    @Option(name: .long, help: ArgumentHelp("Channels, height and width of an image.", valueName: "CxHxW"))
    var input: ImageShape?

    @Option(name: .long, help: ArgumentHelp("What the weights are drawn from.", valueName: "number"))
    var seed: UInt64 = 0

    @Option(name: .long, help: ArgumentHelp("The ONNX file to write.", valueName: "onnx"))
    var output: String

    func validate() throws {
        if let classes, !(1...1_000_000).contains(classes) {
            throw ValidationError("--classes must be from 1 to 1000000.")
        }
    }

    func run() throws {
        guard let named = NamedArchitecture(architecture) else {
            throw CommandFailure(
                .wrongUsage,
                "no architecture `\(architecture)`: there are \(NamedArchitecture.spellings.joined(separator: ", "))")
        }
        let graph: Graph
        do {
            graph = try named.network(classes: classes).graph(input: input, seed: seed)
        } catch {
            throw CommandFailure(.wrongUsage, "\(error)")
        }
        let file: Data
        do {
            file = try ONNXModel.encode(graph, producer: "scanreport \(ProgramVersion.current)")
        } catch {
            throw CommandFailure(.unusable, "\(error)")
        }
        do {
            try file.write(to: URL(filePath: output), options: .atomic)
        } catch {
            throw CommandFailure(.cannotCreate, "\(output): cannot be written")
        }
    }
}

extension ImageShape: ExpressibleByArgument {
    /// Sides past this are a slip of the hand: no network takes them in one piece.
    private static let largestSide = 1 << 16

    /// `CxHxW`, such as `3x224x224`.
    public init?(argument: String) {
        let sides = argument.split(separator: "x", omittingEmptySubsequences: false).compactMap { Int($0) }
        guard sides.count == 3, argument.filter({ $0 == "x" }).count == 2,
            sides.allSatisfy({ 1...Self.largestSide ~= $0 })
        else { return nil }
        self.init(channels: sides[0], height: sides[1], width: sides[2])
    }
}
