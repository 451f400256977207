import ArgumentParser
import FoundationEssentials
import Imaging
import NeuralNetworks
import Slides

struct ModelFeatures: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "features", abstract: "Draw what a layer makes of a picture: its feature maps on one sheet.",
        discussion: """
            The model sees the middle of the picture: as much as its file says or, where that leaves height and width \
            open, all of it up to 512 pixels, in multiples of 32. Colours are from 0 to 1; a model of one channel sees \
            the brightness. `model inspect` lists the layers.
            """)

    @OptionGroup var options: ModelOptions

    @Option(name: .long, help: ArgumentHelp("A TIFF file.", valueName: "tif"))
    var input: String

    @Option(name: .long, help: ArgumentHelp("The name of a layer, or of a value.", valueName: "name"))
    var layer: String

    @Option(name: .long, help: ArgumentHelp("Where the sheet goes.", valueName: "png"))
    var output: String

    func run() throws {
        var graph = try options.load().graph
        guard graph.inputs.count == 1, let port = graph.inputs.first, port.elementType == .float32,
            port.dimensions.count == 4
        else {
            throw CommandFailure(.unusable, "\(options.model): feature maps need a model of one input [N, C, H, W]")
        }
        let value = try value(of: layer, in: graph)
        graph.outputs = [Graph.Port(name: value, elementType: .float32, dimensions: [])]
        let picture = try picture(for: port)
        let network = try options.compile(graph, shapes: [port.name: picture.shape], threads: Host.processorCount)
        do {
            let features = try network.makeContext().run([picture])[0]
            try FeatureSheet(features, title: "\(layer) \(features.shape)").image.writePNG(path: output)
        } catch let error as ImagingError {
            if case .png = error { throw CommandFailure(.cannotCreate, "\(output): \(error)") }
            throw CommandFailure(.unusable, "\(options.model): \(error)")
        } catch {
            throw CommandFailure(.unusable, "\(options.model): \(error)")
        }
    }

    /// Pixels; more than any network takes in one piece, and less than fills a machine.
    private static let largestSide = 8_192

    /// The value that a layer writes.
    private func value(of layer: String, in graph: Graph) throws(CommandFailure) -> String {
        if let node = graph.nodes.first(where: { $0.name == layer }), let output = node.outputs.first ?? nil {
            return output
        }
        if graph.nodes.contains(where: { $0.outputs.contains(layer) }) { return layer }
        throw CommandFailure(.wrongUsage, "\(options.model): no layer `\(layer)`; `model inspect` lists them")
    }

    /// The middle of the file's first image as the model's input, `[1, C, H, W]`.
    private func picture(for port: Graph.Port) throws(CommandFailure) -> Tensor {
        guard FileManager.default.fileExists(atPath: input) else {
            throw CommandFailure(.missing, "\(input): there is no such file")
        }
        do {
            let scan = try ScanFormats.standard.open(path: input)
            let source = scan.pixels(of: try scan.mainPyramid().levels[0])
            let height = Self.extent(port.dimensions[2], available: source.height)
            let width = Self.extent(port.dimensions[3], available: source.width)
            guard max(height, width) <= Self.largestSide else {
                throw CommandFailure(.unusable, "\(options.model): asks for a picture of \(width) x \(height) pixels")
            }
            let window = PixelWindow(
                x: (source.width - width) / 2, y: (source.height - height) / 2, width: width, height: height)
            let image = try source.pixelsReflectingOutside(in: window)
            switch port.dimensions[1] {
            case .fixed(1):
                let grey = GreyImage(luminanceOf: image)
                return Tensor(shape: [1, 1, height, width], grey.pixels.map { Float($0) / 255 })
            case .fixed(3), .symbolic:
                return try Normalisation([.scale(factor: 1 / 255)]).fitted(to: nil).tensor(of: [image])
            case .fixed(let channels):
                throw CommandFailure(.unusable, "\(options.model): a picture has no \(channels) channels")
            }
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(.unusable, "\(input): \(error)")
        }
    }

    /// What the model asks for, else what there is in multiples of 32, as networks that halve five times need it.
    private static func extent(_ dimension: Graph.Dimension, available: Int) -> Int {
        if case .fixed(let extent) = dimension { return extent }
        return max(32, min(available, 512) / 32 * 32)
    }
}
