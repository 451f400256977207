import FoundationEssentials
import NeuralNetworks
import ONNX

/// A pipeline's folder as far as ONNX models tell it: what they do not is left as `?`, which is no value of any key.
public struct PipelineDraft: Sendable {
    private let folder: String
    private let models: [ModelDraft]

    /// - Parameters:
    ///   - models: paths of ONNX files, in the order of their stages.
    ///   - folder: to be made.
    /// - Throws: ``PipelineError`` naming a file that is no model, or does nothing that a stage could be.
    public init(models: [String], folder: String) throws(PipelineError) {
        self.folder = folder
        guard !FileManager.default.fileExists(atPath: folder + "/pipeline.yaml") else {
            throw PipelineError(.invalid, "there is a pipeline.yaml in the folder already")
        }
        var drafts: [ModelDraft] = []
        for path in models { drafts.append(try ModelDraft(path: path)) }
        guard Set(drafts.map(\.name)).count == drafts.count else {
            throw PipelineError(.invalid, "two models have the same file name")
        }
        self.models = drafts
    }

    public func write() throws(PipelineError) {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for model in models {
                try model.bytes.write(to: URL(filePath: "\(folder)/\(model.name).onnx"), options: .atomic)
                try Data(model.card.utf8).write(to: URL(filePath: "\(folder)/\(model.name).md"), options: .atomic)
            }
            try Data(definition.utf8).write(to: URL(filePath: "\(folder)/pipeline.yaml"), options: .atomic)
        } catch {
            throw PipelineError(.missing, "the folder cannot be written")
        }
    }

    /// What was found out, a line for each model, and what to do next.
    public var summary: String {
        models.map { "\($0.name).onnx: \($0.summary)\n" }.joined()
            + "next: fill in each \"?\" in \(folder), then: scanreport pipeline check \(folder) --write-tests\n"
    }

    private var definition: String {
        var stages = ""
        var segmentation: String?
        for model in models {
            stages += "  - name: \(model.stage)\n    kind: \(model.task.rawValue)\n    card: \(model.name).md\n"
            switch model.task {
            case .segmentation:
                stages +=
                    "    tile: \(model.side ?? 512)\n    overlap: \((model.side ?? 512) / 4)\n    minimum-area-px: 1\n"
                segmentation = segmentation ?? model.stage
            case .classification:
                if let segmentation {
                    stages +=
                        "    # Grades these regions; without this line, all tissue.\n    within: \(segmentation)\n"
                }
                stages += "    tile: \(model.side.map(String.init) ?? #""?""#)\n"
            }
        }
        let name = URL(filePath: folder).lastPathComponent.lowercased().map {
            $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-"
        }
        return """
            name: \(String(name))
            stages:
            \(stages)# A scan that does not tell its spacing: refuse it, or assume so many micrometres per pixel (assumed-um-px).
            spacing:
              unknown: refuse

            """
    }
}
