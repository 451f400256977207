import Foundation
import NeuralNetworks
import ONNX
import TIFF
import TestSupport

/// Scans of four patients with discs in them, what tells them, pipelines with small networks that find objects, and `train`.
struct ObjectLab {
    let folder: TemporaryFolder

    enum Form: String, CaseIterable, Sendable { case stars, centres }

    static let side = 64
    static let patients = 1...4

    struct Disc {
        let x, y, radius: Int

        func contains(_ column: Int, _ row: Int) -> Bool {
            (column - x) * (column - x) + (row - y) * (row - y) <= radius * radius
        }
    }

    /// Six on a grid, each a little elsewhere in each scan.
    static func discs(_ patient: Int) -> [Disc] {
        (0..<6).map { index in
            let (column, row) = (index % 3, index / 3)
            return Disc(
                x: 11 + 20 * column + (5 * index + 3 * patient) % 5 - 2,
                y: 16 + 30 * row + (3 * index + patient) % 9 - 4,
                radius: 4 + (index + patient) % 3)
        }
    }

    init(_ form: Form) throws {
        folder = try TemporaryFolder()
        try makePipeline(form)
        for patient in Self.patients { try draw(patient) }
        try folder.write(
            "objects.csv",
            "scan,x,y,width,height,class\n"
                + Self.patients.map { patient in
                    Self.discs(patient).map {
                        let (left, top, length) = ($0.x - $0.radius, $0.y - $0.radius, 2 * $0.radius + 1)
                        return "P\(patient).tif,\(left),\(top),\(length),\(length),cell\n"
                    }.joined()
                }.joined())
        try writeManifest("labels", "P0-labels.tif")
    }

    /// - Parameter file: of the column, with a 0 for the patient's number.
    func writeManifest(_ column: String, _ file: String, _ change: (String) -> String = { $0 }) throws {
        let rows = Self.patients.map {
            "P\($0),P\($0).tif,\(file.replacing("0", with: "\($0)")),\($0 < 4 ? "train" : "val")\n"
        }.joined()
        try folder.write("manifest.csv", change("patient,scan,\(column),split\n" + rows))
    }

    func arguments(_ output: String, _ more: [String]) -> [String] {
        [
            "train", "--pipeline", "./lab", "--stage", "cells", "--manifest", "manifest.csv", "--output", output,
            "--batch", "1", "--rate", "0.01", "--augmentation", "0.2",
        ] + more
    }

    func train(_ output: String, _ more: String...) throws -> Scanreport {
        try Scanreport(arguments(output, more), in: folder)
    }

    func weights(_ output: String) throws -> Data {
        try Data(contentsOf: URL(filePath: folder["\(output)/cells.onnx"]))
    }

    func write(_ name: String, _ pixels: [UInt8], samples: Int, side: Int = side) throws {
        var writer = try TIFFWriter(path: folder[name])
        try writer.beginPage(TIFFPageLayout(width: side, height: side, samplesPerPixel: samples))
        try writer.writeRows(pixels)
        try writer.finish()
    }

    /// A scan, its label image, and its outlines, a rectangle a row so that they are exact.
    private func draw(_ patient: Int) throws {
        let discs = Self.discs(patient)
        var (pixels, labels) = ([UInt8](), [UInt8]())
        for row in 0..<Self.side {
            for column in 0..<Self.side {
                let disc = discs.firstIndex { $0.contains(column, row) }
                pixels += disc != nil ? [110, 50, 140] : [230, 150, 190]
                labels.append(disc.map { UInt8($0 + 1) } ?? 0)
            }
        }
        try write("P\(patient).tif", pixels, samples: 3)
        try write("P\(patient)-labels.tif", labels, samples: 1)
        let features = discs.map { disc -> String in
            let polygons = (disc.y - disc.radius...disc.y + disc.radius).map { row -> String in
                let columns = (0..<Self.side).filter { disc.contains($0, row) }
                let (left, right) = (columns.first ?? 0, (columns.last ?? 0) + 1)
                return
                    "[[[\(left),\(row)],[\(right),\(row)],[\(right),\(row + 1)],[\(left),\(row + 1)],[\(left),\(row)]]]"
            }
            return
                #"{"type":"Feature","properties":{"objectType":"cell"},"geometry":{"type":"MultiPolygon","coordinates":["#
                + polygons.joined(separator: ",") + "]}}"
        }
        try folder.write(
            "P\(patient).geojson",
            #"{"type":"FeatureCollection","features":[\#(features.joined(separator: ","))]}"#)
    }

    private func makePipeline(_ form: Form) throws {
        try folder.write("lab/cells.onnx", Data(ONNXModel.encode(try Self.network(form), producer: "test")))
        let output =
            form == .stars
            ? "form: star-convex\n  distances: out1\n  cell-position: middle"
            : "form: centres\n  sizes: out1\n  offsets: out2"
        try folder.write(
            "lab/cells.md",
            """
            ---
            model: cells.onnx
            task: detection
            architecture: convolutions
            licence: none
            input:
              name: input
              colour: RGB
              normalisation: {method: scale}
            output:
              name: out0
              \(output)
              activation: sigmoid
              classes: [cell]
            ---
            """ + "\n")
        try folder.write(
            "lab/pipeline.yaml",
            """
            name: lab
            stages:
              - name: cells
                kind: detection
                card: cells.md
                tile: 64
                overlap: 32
                nms-iou: 0.3
            tissue: off
            spacing:
              unknown: assume
              assumed-um-px: 1
            """ + "\n")
    }

    /// Three convolutions and a head for each output at half the resolution, their weights drawn.
    private static func network(_ form: Form) throws -> Graph {
        var (nodes, initializers) = ([Graph.Node](), [String: Tensor]())
        var random = SplitMix64(seed: 7)
        func add(
            _ name: String, _ input: String, _ channels: (Int, Int), _ window: Window, bias: Float = 0, _ output: String
        ) {
            // By the root of what goes into each (He et al. 2015).
            let reach = (6 / Float(9 * channels.0)).squareRoot()
            initializers["\(name).weight"] = Tensor(
                shape: [channels.1, channels.0, 3, 3],
                (0..<9 * channels.0 * channels.1).map { _ in (2 * random.nextFraction() - 1) * reach })
            initializers["\(name).bias"] = Tensor(
                shape: [channels.1], [Float](repeating: bias, count: channels.1))
            nodes.append(
                Graph.Node(
                    name: name, operation: Convolution(window: window),
                    inputs: [input, "\(name).weight", "\(name).bias"], outputs: [output]))
        }
        func apply(_ function: UnaryElementwise, _ input: String, _ output: String) {
            nodes.append(Graph.Node(name: output, operation: function, inputs: [input], outputs: [output]))
        }
        var last = "input"
        for (index, window) in [
            Window(strides: [2, 2], pads: [1, 1, 1, 1]), Window(pads: [2, 2, 2, 2], dilations: [2, 2]),
            Window(pads: [2, 2, 2, 2], dilations: [2, 2]),
        ].enumerated() {
            add("conv\(index)", last, (index == 0 ? 3 : 16, 16), window, "raw\(index)")
            apply(UnaryElementwise(.relu), "raw\(index)", "features\(index)")
            last = "features\(index)"
        }
        // Channels, and the biases that they begin with; distances and sizes are exponentials.
        let heads: [(channels: Int, bias: Float)] =
            form == .stars ? [(1, -2), (16, 1)] : [(1, -3), (2, 2), (2, 0.5)]
        for (index, head) in heads.enumerated() {
            let output = index == 1 ? "logarithms" : "out\(index)"
            add("head\(index)", last, (16, head.channels), Window(pads: [1, 1, 1, 1]), bias: head.bias, output)
        }
        apply(UnaryElementwise(.exponential), "logarithms", "out1")
        let free: [Graph.Dimension] = [.fixed(1), .fixed(3), .symbolic("height"), .symbolic("width")]
        return try Graph(
            name: "cells", inputs: [Graph.Port(name: "input", elementType: .float32, dimensions: free)],
            outputs: heads.indices.map { Graph.Port(name: "out\($0)", elementType: .float32, dimensions: []) },
            initializers: initializers, nodes: nodes)
    }
}
