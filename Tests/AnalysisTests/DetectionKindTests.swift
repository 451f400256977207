import Analysis
import Findings
import Foundation
import Imaging
import NeuralNetworks
import Testing

/// Every object once, exactly where it is, whatever the tiles.
@Suite struct DetectionKindTests {
    static let centres = "form: centres, sizes: sizes, activation: sigmoid, classes: [cell]"
    static let stars =
        "form: star-convex, distances: distances, cell-position: first-pixel, activation: sigmoid, classes: [nucleus]"

    static let starsOfKinds =
        "form: star-convex, distances: distances, class-scores: kinds, activation: sigmoid, "
        + "classes: [nothing, small, large], background: nothing"

    private static func pipeline(
        _ graph: Graph, _ output: String, stage: String, input: String = "name: image, normalisation: { method: scale }"
    ) throws -> HandmadePipeline {
        try HandmadePipeline([.init(graph: graph, task: "detection", input: input, output: output, stage: stage)])
    }

    struct Tiling: Sendable, CustomTestStringConvertible {
        let tile: Int
        let overlap: Int
        var reduction = 1
        var threads = 1
        var seed: UInt64 = 1
        var channelsLast = false
        var isFixed = false

        var testDescription: String {
            "tiles of \(tile), overlap \(overlap), cells of \(reduction), \(threads) threads, seed \(seed)\(channelsLast ? ", channels last" : "")\(isFixed ? ", fixed" : "")"
        }
    }

    static let tilings = [
        Tiling(tile: 512, overlap: 0), Tiling(tile: 64, overlap: 0, seed: 2), Tiling(tile: 64, overlap: 32),
        Tiling(tile: 64, overlap: 20, threads: 3, seed: 3), Tiling(tile: 96, overlap: 48, reduction: 2),
        Tiling(tile: 64, overlap: 16, reduction: 4, threads: 2, seed: 4), Tiling(tile: 50, overlap: 10, seed: 5),
        Tiling(tile: 128, overlap: 32, reduction: 2, seed: 6, channelsLast: true),
        Tiling(tile: 64, overlap: 32, reduction: 4, seed: 7, isFixed: true),
    ]

    @Test(arguments: tilings)
    func centresAreBoxedOnce(tiling: Tiling) throws {
        let markers = Markers(
            width: 232, height: 168, cell: tiling.reduction, sizes: 6...24, count: 40, seed: tiling.seed)
        let network = ObjectNetwork(
            reduction: tiling.reduction, side: tiling.isFixed ? tiling.tile : nil, channelsLast: tiling.channelsLast)
        let layout = tiling.channelsLast ? ", layout: NHWC" : ""
        let pipeline = try Self.pipeline(
            network.centres(), Self.centres, stage: ", tile: \(tiling.tile), overlap: \(tiling.overlap)",
            input: "name: image, normalisation: { method: scale }\(layout)")
        let result = try pipeline.result(of: markers.picture, threads: tiling.threads)
        let objects = result.findings.filter { $0.kind == .object }
        #expect(markers.objects.count > 20)
        #expect(objects.count == markers.objects.count)
        #expect(Set(objects.map(\.box)) == markers.boxes(cell: tiling.reduction))
        #expect(objects.allSatisfy { $0.label == "cell" && $0.confidence > 0.99 && $0.geometry == nil })
        #expect(result.findings.map(\.ordinal) == Array(0..<result.findings.count))
        let count = try #require(result.findings.first { $0.kind == .scan })
        #expect(count.label == "stage-1" && count.probabilities.isEmpty)
        #expect(count.measurements["count cell"] == Double(objects.count))
        let density = Double(objects.count) / (Double(232 * 168) / 1e6)
        #expect(abs((count.measurements["per_mm2 cell"] ?? 0) - density) < 1e-6 * density)
    }

    @Test(arguments: tilings)
    func starsAreOutlinedToThePixel(tiling: Tiling) throws {
        let markers = Markers(
            width: 232, height: 168, cell: tiling.reduction, sizes: 5...14, count: 24, seed: tiling.seed)
        let network = ObjectNetwork(
            reduction: tiling.reduction, side: tiling.isFixed ? tiling.tile : nil, channelsLast: tiling.channelsLast)
        let layout = tiling.channelsLast ? ", layout: NHWC" : ""
        let pipeline = try Self.pipeline(
            network.stars(), Self.stars,
            stage: ", tile: \(tiling.tile), overlap: \(tiling.overlap), nms-iou: 0.9",
            input: "name: image, normalisation: { method: scale }\(layout)")
        let objects = try pipeline.result(of: markers.picture, threads: tiling.threads).findings.filter {
            $0.kind == .object
        }
        let truth = Set(
            markers.objects.map { object in
                Polygon(
                    x: Double(object.x) + 0.5, y: Double(object.y) + 0.5, radius: Double(object.height) + 0.25, rays: 32
                ).pixels(width: 232, height: 168)
            })
        #expect(Set(try objects.map { try RunLengths(decoding: Array($0.geometry ?? .init())) }) == truth)
        #expect(objects.count == truth.count && objects.count > 10)
        for object in objects {
            let pixels = try RunLengths(decoding: Array(try #require(object.geometry)))
            #expect(object.areaPixels == Int64(pixels.pixelCount) && object.measurements["perimeter_px"] != nil)
        }
    }

    /// StarDist's third output: an object is found by whether there is one, and of the class that its place says.
    @Test(arguments: tilings.prefix(5) + tilings.suffix(2), [true, false])
    func starsAreOfTheClassThatTheirPlaceSays(tiling: Tiling, endsInSoftmax: Bool) throws {
        let markers = Markers(
            width: 232, height: 168, cell: tiling.reduction, sizes: 5...14, count: 24, seed: tiling.seed)
        let network = ObjectNetwork(
            reduction: tiling.reduction, side: tiling.isFixed ? tiling.tile : nil, channelsLast: tiling.channelsLast,
            tails: endsInSoftmax ? ["kinds": [Softmax(axis: 1)]] : [:])
        let layout = tiling.channelsLast ? ", layout: NHWC" : ""
        let pipeline = try Self.pipeline(
            network.starsOfKinds(), Self.starsOfKinds + ", class-activation: \(endsInSoftmax ? "none" : "softmax")",
            stage: ", tile: \(tiling.tile), overlap: \(tiling.overlap), nms-iou: 0.9",
            input: "name: image, normalisation: { method: scale }\(layout)")
        let findings = try pipeline.result(of: markers.picture, threads: tiling.threads).findings
        let objects = findings.filter { $0.kind == .object }
        #expect(objects.count == markers.objects.count && objects.count > 10)
        let certainty = 1 / (1 + exp(-1.5))
        for marker in markers.objects {
            let middle = (x: Double(marker.x) + 0.5, y: Double(marker.y) + 0.5)
            let near = objects.min {
                hypot($0.centroid.x - middle.x, $0.centroid.y - middle.y)
                    < hypot($1.centroid.x - middle.x, $1.centroid.y - middle.y)
            }
            let object = try #require(near)
            let large = certainty / (1 + exp(-0.4 * (Double(marker.width) - 9.8)))
            #expect(object.label == (marker.width > 9 ? "large" : "small"))
            #expect(object.probabilities.map(\.label) == ["small", "large"])
            #expect(
                zip(object.probabilities, [certainty - large, large]).allSatisfy { abs($0.probability - $1) < 1e-4 })
            #expect(abs(object.confidence - max(large, certainty - large)) < 1e-4)
            #expect(abs((object.measurements["object_probability"] ?? 0) - certainty) < 1e-5)
        }
        // Also of those whose class is less than certain.
        let count = try #require(findings.first { $0.kind == .scan })
        #expect(count.measurements["objects"] == Double(objects.count))
        #expect(objects.contains { $0.confidence < 0.5 })
    }

    /// What one place says is one object, whatever it is of.
    @Test func twoPlacesOfOneObjectAreOneWhateverTheirClass() throws {
        var picture = Rectangles(width: 96, height: 96)
        for (x, y, width) in [(30, 30, 6), (31, 31, 14), (70, 60, 14)] {
            picture.rectangles.append((Finding.Box(x: x, y: y, width: 1, height: 1), [255, UInt8(width), 9]))
        }
        let pipeline = try Self.pipeline(
            ObjectNetwork().starsOfKinds(), Self.starsOfKinds + ", class-activation: softmax",
            stage: ", tile: 64, overlap: 32")
        let objects = try pipeline.result(of: picture).findings.filter { $0.kind == .object }
        #expect(objects.map(\.label) == ["small", "large"])
    }

    @Test(arguments: [true, false], [DetectionCorners.cxcywh, .xyxy])
    func listedBoxesAreRead(columnsFirst: Bool, corners: DetectionCorners) throws {
        for (normalised, objectness) in [(false, false), (true, true)] {
            let markers = Markers(width: 150, height: 110, sizes: 6...20, count: 20, seed: 9)
            let pipeline = try Self.pipeline(
                ObjectNetwork.boxes(
                    columnsFirst: columnsFirst, corners: corners, normalised: normalised, objectness: objectness),
                "form: boxes, box: \(corners.rawValue), box-unit: \(normalised ? "normalised" : "pixels"), "
                    + "objectness: \(objectness), activation: sigmoid, classes: [cell]", stage: ", overlap: 24")
            let objects = try pipeline.result(of: markers.picture).findings.filter { $0.kind == .object }
            #expect(objects.count == markers.objects.count && objects.count > 10)
            #expect(Set(objects.map(\.box)) == markers.boxes())
        }
    }

    /// Objects of one class that overlap are one; of two classes, only where the pipeline says so.
    @Test(arguments: [("by-class", 3), ("across", 2)])
    func whatOverlapsIsOneObject(nms: String, count: Int) throws {
        var picture = Rectangles(width: 96, height: 96)
        // Two that nearly coincide, one apart; red is a class of its own where there is blue.
        for (x, y, blue) in [(30, 30, 20), (32, 31, 20), (70, 60, 20)] {
            picture.rectangles.append((Finding.Box(x: x, y: y, width: 1, height: 1), [255, 20, UInt8(blue)]))
        }
        let graph = try ObjectNetwork().graph([
            ("answer", [ObjectNetwork.there, [400, 0, 0, -385]]),
            ("sizes", [ObjectNetwork.width, ObjectNetwork.height]),
        ])
        let pipeline = try Self.pipeline(
            graph, "form: centres, sizes: sizes, activation: sigmoid, classes: [one, two]",
            stage: ", tile: 64, overlap: 32, nms: \(nms)")
        let objects = try pipeline.result(of: picture).findings.filter { $0.kind == .object }
        #expect(objects.count == (nms == "across" ? 2 : 4))
        #expect(objects.allSatisfy { $0.probabilities.map(\.label) == ["one", "two"] })
    }

    @Test func objectsAreLookedForWithinRegions() throws {
        var picture = Rectangles(
            width: 160, height: 96, rectangles: [(Finding.Box(x: 10, y: 10, width: 60, height: 60), Rectangles.blue)])
        for x in [30, 100] {
            picture.rectangles.append((Finding.Box(x: x, y: 30, width: 1, height: 1), [255, 9, 9]))
        }
        let marks = ColourNetwork(classes: [[-40, 0, 40, -8]])
        let pipeline = try HandmadePipeline([
            .init(
                graph: marks.graph(), task: "segmentation", output: "activation: sigmoid, classes: [blue]",
                stage: ", tile: 64, overlap: 16, fill-holes-px: 4, minimum-area-px: 4"),
            .init(
                graph: ObjectNetwork().centres(), task: "detection", output: Self.centres,
                stage: ", tile: 64, overlap: 16, within: stage-1"),
        ])
        let findings = try pipeline.result(of: picture).findings
        #expect(findings.filter { $0.kind == .object }.map(\.box.x) == [26])
        #expect(findings.filter { $0.kind == .region }.count == 1)
        let count = try #require(findings.first { $0.kind == .scan })
        #expect(count.measurements["searched_mm2"] == 3600 / 1e6)
    }

    @Test func anObjectLargerThanTheOverlapIsRemarkedOn() throws {
        var picture = Rectangles(width: 200, height: 64)
        picture.rectangles.append((Finding.Box(x: 60, y: 30, width: 1, height: 1), [255, 61, 21]))
        let pipeline = try Self.pipeline(ObjectNetwork().centres(), Self.centres, stage: ", tile: 64, overlap: 16")
        let result = try pipeline.result(of: picture)
        #expect(result.findings.count { $0.kind == .object } == 1)
        #expect(result.remarks.contains { $0.contains("may be cut there: an overlap of 62") })
    }
}

/// A regular polygon, filled as anybody would who has no row to fill.
private struct Polygon {
    let x: Double
    let y: Double
    let radius: Double
    let rays: Int

    func pixels(width: Int, height: Int) -> RunLengths {
        let corners = (0..<rays).map { ray in
            let angle = 2 * Double.pi * Double(ray) / Double(rays)
            return (x: Double(Float(x + radius * cos(angle))), y: Double(Float(y + radius * sin(angle))))
        }
        var runs: [PixelRun] = []
        for row in max(0, Int(y - radius) - 1)..<min(height, Int(y + radius) + 2) {
            for column in max(0, Int(x - radius) - 1)..<min(width, Int(x + radius) + 2) {
                let isInside = corners.indices.allSatisfy { index in
                    let (first, second) = (corners[index], corners[(index + 1) % rays])
                    let (px, py) = (Double(column) + 0.5, Double(row) + 0.5)
                    return (second.x - first.x) * (py - first.y) - (second.y - first.y) * (px - first.x) > 0
                }
                if isInside { runs.append(PixelRun(row: row, start: column, length: 1)) }
            }
        }
        return RunLengths(joining: runs)
    }
}
