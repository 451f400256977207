import Crypto
import Findings
import Foundation
import NeuralNetworks

/// How a model is written in 8-bit integers, as calibration found it: a JSON file beside the model, by which a stage of
/// `precision: int8` is computed.
struct ModelRanges: Codable {
    /// SHA-256 of the model that this is of, with the files of its weights.
    var model: String
    /// How many inputs calibration saw, and how far the outputs moved: the root of the mean square, relative to that of the
    /// outputs.
    var inputs: Int
    var deviation: Double
    /// Layers that stay in float32.
    var float32: [String]
    /// The least and the largest number of each value.
    var ranges: [String: ClosedRange<Float>]

    private static let remedy = "`scanreport pipeline calibrate FOLDER --scans SCANS` makes it"

    /// Its file's name.
    static func file(of model: String) -> String {
        (model.hasSuffix(".onnx") ? String(model.dropLast(5)) : model) + ".ranges.json"
    }

    /// - Returns: the network in integers, and the hash of the file that says how.
    static func quantised(
        _ graph: Graph, of model: ModelIdentity, in directory: String
    ) throws(PipelineError) -> (graph: Graph, sha256: ContentHash) {
        let name = file(of: model.name)
        let bytes: Data
        do throws(PipelineError) {
            bytes = try PipelineFile.data(name, in: directory)
        } catch {
            guard error.kind == .missing else { throw error }
            throw PipelineError(.missing, file: name, "precision int8 needs it: \(remedy)")
        }
        guard let ranges = try? JSONDecoder().decode(ModelRanges.self, from: bytes) else {
            throw PipelineError(.invalid, file: name, "does not hold a model's ranges: \(remedy)")
        }
        guard ranges.model == model.sha256.hexadecimal else {
            throw PipelineError(.invalid, file: name, "is of another \(model.name) than this one: \(remedy)")
        }
        do {
            let plan = QuantisationPlan(ranges: ranges.ranges, sensitiveLayers: Set(ranges.float32))
            return (try Quantiser(graph).quantised(plan), ContentHash(digest: SHA256.hash(data: bytes)))
        } catch {
            throw PipelineError(.invalid, file: name, "\(error): \(remedy)")
        }
    }

    func write(for model: String, in directory: String) throws(PipelineError) {
        let name = Self.file(of: model)
        let encoder = JSONEncoder()
        // The same calibration writes the same bytes, which are part of the pipeline's fingerprint.
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let bytes = try? encoder.encode(self) else {
            throw PipelineError(.unsupported, file: model, "has values that are not finite numbers")
        }
        do {
            try bytes.write(to: URL(filePath: "\(directory)/\(name)"), options: .atomic)
        } catch {
            throw PipelineError(.missing, file: name, "cannot be written")
        }
    }
}
