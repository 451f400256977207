import Foundation
import NeuralNetworks
import ONNX
import TestSupport
import Testing

/// A lab with labels and no pipeline: fresh weights, or a bare ONNX file, make one.
@Suite struct TrainStartTests {
    private func card(_ name: String, in folder: TemporaryFolder) throws -> String {
        try String(contentsOfFile: folder[name], encoding: .utf8)
    }

    private func train(_ lab: TrainingLab, _ output: String, _ more: String...) throws -> Scanreport {
        try Scanreport(
            ["train", "--stage", "glands", "--manifest", "labels.csv", "--output", output, "--batch", "2"] + more,
            in: lab.folder)
    }

    @Test func freshWeightsLearnToMarkWhatIsLabelled() throws {
        let lab = try TrainingLab()
        func trained(_ output: String, _ more: String...) throws -> Scanreport {
            try Scanreport(
                [
                    "train", "--from", "u-net-4x2", "--classes", "gland", "--spacing", "1", "--stage", "glands",
                    "--manifest", "labels.csv", "--output", output, "--batch", "2", "--rate", "0.01",
                ] + more, in: lab.folder)
        }
        let fresh = try trained("fresh", "--epochs", "20")
        #expect(fresh.status == 0, "\(fresh.errors)\(fresh.output)")
        #expect(fresh.output.contains("from fresh weights"), "\(fresh.output)")
        #expect(try card("fresh/glands.md", in: lab.folder).contains("The weights began as fresh ones of U-Net-4"))
        #expect(try card("fresh/pipeline.yaml", in: lab.folder).hasPrefix("name: fresh\n"))
        let check = try lab.scanreport("pipeline", "check", "./fresh")
        #expect(check.status == 0, "\(check.errors)")
        try lab.scanreport("run", "P4.tif", "--pipeline", "./fresh", "--database", "night.sqlite")
        let figures = try lab.scanreport(
            "evaluate", "--manifest", "labels.csv", "--split", "val", "--database", "night.sqlite", "--format", "json")
        let report = try #require(try JSONSerialization.jsonObject(with: Data(figures.output.utf8)) as? [String: Any])
        let dice = ((report["overall"] as? [String: Any])?["dice"] as? [String: Any])?["value"] as? Double
        #expect(try #require(dice) > 0.8, "\(figures.output)")
        // The seed alone says which.
        func weights(_ output: String) throws -> Data {
            try Data(contentsOf: URL(filePath: lab.folder["\(output)/glands.onnx"]))
        }
        for (output, seed, threads) in [("one", "1", "1"), ("again", "1", "2"), ("other", "2", "1")] {
            _ = try trained(output, "--epochs", "1", "--seed", seed, "--threads", threads)
        }
        #expect(try weights("one") == weights("again"))
        #expect(try weights("one") != weights("other"))
    }

    /// As PyTorch exports what is not told to `eval()`: by each tile's own mean and variance.
    @Test func anEncoderInTrainingModeIsLearnedFromAndNoNetworkToRun() throws {
        let lab = try TrainingLab()
        var graph = try ONNXModel(path: lab.folder["lab/marks.onnx"]).graph
        let first = graph.nodes[0]
        let value = try #require(first.outputs[0])
        let channels = try #require(first.inputs[1].flatMap { graph.initializers[$0]?.shape[0] })
        for (name, number) in ["scale": 1, "bias": 0, "mean": 0, "variance": 1] as [String: Float] {
            graph.initializers[name] = Tensor(shape: [channels], [Float](repeating: number, count: channels))
        }
        graph.nodes[0].outputs = ["sums"]
        graph.nodes.insert(
            .init(
                name: "norm", operation: BatchNormalization(mode: .training(momentum: 0.9)),
                inputs: ["sums", "scale", "bias", "mean", "variance"],
                outputs: [value, "running mean", "running variance"]),
            at: 1)
        let model = try Data(ONNXModel.encode(graph, producer: "test"))
        try model.write(to: URL(filePath: lab.folder["learning.onnx"]))
        let trained = try train(
            lab, "mine", "--from", "learning.onnx", "--classes", "gland", "--normalisation", "scale", "--spacing", "1",
            "--tile", "64", "--epochs", "1")
        #expect([0, 1].contains(trained.status), "\(trained.errors)")
        let learned = try ONNXModel(path: lab.folder["mine/glands.onnx"]).graph
        #expect(learned.nodes.contains { $0.operation is BatchNormalization } && learned.nodesThatTrain.isEmpty)
        try model.write(to: URL(filePath: lab.folder["mine/glands.onnx"]))
        let refused = try Scanreport(["pipeline", "check", "./mine"], in: lab.folder)
        #expect(refused.status == 65 && refused.errors.contains("exported as it learns"), "\(refused.errors)")
    }

    @Test(arguments: ["star-convex-8", "centres-8"]) func freshWeightsLearnToFindObjects(name: String) throws {
        let lab = try ObjectLab(.stars)
        let trained = try Scanreport(
            [
                "train", "--from", name, "--classes", "cell", "--spacing", "1", "--tile", "64", "--stage", "cells",
                "--manifest",
                "manifest.csv", "--output", "mine", "--batch", "1", "--rate", "0.01", "--epochs", "100",
                "--augmentation", "0.2",
            ], in: lab.folder)
        #expect(trained.status == 0, "\(trained.errors)\(trained.output)")
        let line = try #require(trained.output.split(separator: "\n").first { $0.contains("| F1 at IoU 0.5 |") })
        let f1 = line.split(separator: "|").last.flatMap { Double($0.split(separator: " ").first ?? "") }
        #expect(try #require(f1) > 0.8, "\(trained.errors)\(trained.output)")
        let check = try Scanreport(["pipeline", "check", "./mine"], in: lab.folder)
        #expect(check.status == 0, "\(check.errors)")
    }

    /// Of six patients' scans: dark or light.
    private func writeClasses(_ lab: TrainingLab) throws {
        var rows = "patient,scan,class,split\n"
        for patient in 1...6 {
            let isDark = patient % 2 == 0
            let pixels = (0..<64 * 64).flatMap { index -> [UInt8] in
                let shade = UInt8((isDark ? 60 : 170) + (7 * index + 13 * patient) % 31)
                return [shade + 40, shade, shade + 30]
            }
            try lab.write("C\(patient).tif", pixels, samples: 3)
            rows += "C\(patient),C\(patient).tif,\(isDark ? "dark" : "light"),\(patient < 5 ? "train" : "val")\n"
        }
        try lab.folder.write("labels.csv", rows)
    }

    @Test func freshClassifiersLearnTheManifestsClasses() throws {
        let lab = try TrainingLab()
        try writeClasses(lab)
        let trained = try train(lab, "mine", "--from", "lenet-5", "--spacing", "1", "--epochs", "30")
        #expect(trained.status == 0, "\(trained.errors)")
        #expect(trained.output.contains("accuracy: 1.000"), "\(trained.output)")
        #expect(try card("mine/glands.md", in: lab.folder).contains(#"classes: ["dark","light"]"#))
    }

    @Test func anotherNumberOfAnswersIsDrawnAnew() throws {
        let lab = try TrainingLab()
        try writeClasses(lab)
        try lab.scanreport("model", "new", "lenet-5", "--output", "ten.onnx")
        let arguments = ["--from", "ten.onnx", "--normalisation", "scale", "--spacing", "1", "--epochs", "1"]
        let trained = try Scanreport(
            ["train", "--stage", "shades", "--manifest", "labels.csv", "--output", "mine", "--batch", "2"] + arguments
                + [
                    "--classes", "light", "dark",
                ], in: lab.folder)
        #expect(trained.status == 0, "\(trained.errors)")
        #expect(
            try card("mine/shades.md", in: lab.folder).contains("an ONNX file, its last layer drawn from seed 0"))
    }

    @Test func anONNXFileWithItsCardLearnsAsItsPipelineDoes() throws {
        let lab = try TrainingLab()
        _ = try lab.train("pipeline", "--epochs", "1")
        let trained = try Scanreport(
            [
                "train", "--from", "lab/marks.onnx", "--spacing", "1", "--tile", "64", "--stage", "marks", "--manifest",
                "labels.csv",
                "--output", "bare", "--batch", "2", "--rate", "0.01", "--epochs", "1",
            ], in: lab.folder)
        #expect(try lab.weights("bare") == lab.weights("pipeline"), "\(trained.errors)")
    }

    /// Arguments, the exit code, and a part of the sentence.
    static let faults: [(arguments: [String], status: Int32, sentence: String)] = [
        (["--from", "resnet-19"], 64, "there is no architecture `resnet-19`"),
        (["--from", "u-net-4x2"], 64, "say what the labels mark: --classes gland"),
        (["--from", "resnet-18"], 64, "the manifest names no class to learn"),
        (["--from", "nosuch.onnx"], 66, "nosuch.onnx: is not there"),
        (["--from", "marks.onnx"], 64, "no card NAME.md lies beside the ONNX file"),
        (["--from", "lab/marks.onnx", "--classes", "gland"], 64, "the card beside the ONNX file says"),
        (["--from", "u-net-4x2", "--classes", "gland", "--pipeline", "lab"], 64, "--pipeline and --from cannot both"),
        (["--classes", "gland"], 64, "are for --from"),
        (["--from", "u-net-4x4", "--classes", "gland", "--tile", "40"], 64, "cannot take 3 x 40 x 40"),
        (["--from", "u-net-4x2", "--classes", "gland", "polyp", "--spacing", "1"], 65, "marks 2 classes"),
        (["--from", "lenet-5", "--classes", "gland", "polyp", "--spacing", "1"], 65, "(with a class)"),
        (
            [
                "--from", "summed.onnx", "--classes", "gland", "--normalisation", "scale", "--spacing", "1", "--tile",
                "64",
            ],
            65, "LRN has no gradient here"
        ),
    ]

    @Test(arguments: faults.indices) func whatCannotBeginIsToldAtOnce(index: Int) throws {
        let fault = Self.faults[index]
        let lab = try TrainingLab()
        try lab.folder.write("summed.onnx", Data(ONNXModel.encode(Self.summed(), producer: "test")))
        let refused = try Scanreport(
            ["train", "--stage", "glands", "--manifest", "labels.csv", "--output", "mine"] + fault.arguments,
            in: lab.folder)
        #expect(refused.status == fault.status, "\(refused.errors)")
        #expect(refused.errors.contains(fault.sentence), "\(refused.errors)")
        #expect(!lab.folder.contents.contains { $0.hasPrefix("mine") })
    }

    /// A convolution whose answer is normalised over neighbouring channels.
    private static func summed() throws -> Graph {
        let free: [Graph.Dimension] = [.fixed(1), .fixed(3), .symbolic("height"), .symbolic("width")]
        return try Graph(
            name: "summed", inputs: [Graph.Port(name: "input", elementType: .float32, dimensions: free)],
            outputs: [Graph.Port(name: "output", elementType: .float32, dimensions: [])],
            initializers: ["weight": Tensor(shape: [1, 3, 1, 1], [1, 2, 3] as [Float])],
            nodes: [
                Graph.Node(name: "conv", operation: Convolution(), inputs: ["input", "weight"], outputs: ["sum"]),
                Graph.Node(
                    name: "norm", operation: LocalResponseNormalization(size: 1), inputs: ["sum"], outputs: ["output"]),
            ])
    }
}
