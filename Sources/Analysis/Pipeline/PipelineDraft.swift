import FoundationEssentials
import NeuralNetworks
import ONNX

/// A pipeline's folder as far as ONNX models tell it: what they do not is left as `?`, which is no value of any key.
public struct PipelineDraft: Sendable {
    private let folder: String
    private let models: [(draft: ModelDraft, trial: ModelDraft.Trial)]

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
        guard Set(drafts.map(\.stage)).count == drafts.count else {
            throw PipelineError(
                .invalid, "two models' names differ in no letter or digit: rename one, for stages are called like them")
        }
        var models: [(draft: ModelDraft, trial: ModelDraft.Trial)] = []
        for draft in drafts { models.append((draft, try draft.trial())) }
        self.models = models
    }

    /// What each model can be for, by its outputs.
    public var tasks: [ModelCard.Task] { models.map(\.draft.task) }

    /// - Parameter answers: what is known beside the files.
    public func write(_ answers: DraftAnswers = DraftAnswers()) throws(PipelineError) {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for (model, trial) in models {
                for file in model.files { try copy(file, from: model.folder) }
                try Data(answers.answered(model.card(trial)).utf8)
                    .write(to: URL(filePath: "\(folder)/\(model.name).md"), options: .atomic)
            }
            try Data(answers.answered(definition).utf8)
                .write(to: URL(filePath: "\(folder)/pipeline.yaml"), options: .atomic)
        } catch let error as PipelineError {
            throw error
        } catch {
            throw PipelineError(.missing, "the folder cannot be written")
        }
    }

    /// A model may lie in the folder already; another file of its name is left alone.
    private func copy(_ file: String, from source: String) throws {
        let bytes = try Data(contentsOf: URL(filePath: "\(source)/\(file)"))
        let target = URL(filePath: "\(folder)/\(file)")
        guard let there = try? Data(contentsOf: target) else { return try bytes.write(to: target, options: .atomic) }
        guard there == bytes else {
            throw PipelineError(.invalid, file: file, "is in the folder already, and is another")
        }
    }

    /// What was found out, a line for each model, and what to do next.
    public var summary: String {
        models.map { "\($0.draft.name).onnx: \($0.draft.summary)\n" }.joined()
            + "next: fill in each \"?\" in \(folder), then: scanreport pipeline check \(folder) --write-tests\n"
    }

    private var definition: String {
        var stages = ""
        var segmentation: String?
        for (model, trial) in models {
            stages += "  - name: \(model.stage)\n    kind: \(model.task.rawValue)\n    card: \(model.name).md\n"
            switch model.task {
            case .segmentation:
                stages += "    tile: \(trial.tile)\n    overlap: \(trial.overlap)\n    minimum-area-px: 1\n"
                segmentation = segmentation ?? model.stage
            case .detection:
                stages +=
                    "    tile: \(trial.tile)\n    # At least as much as the largest object.\n"
                    + "    overlap: \(trial.overlap)\n    threshold: 0.5\n    nms-iou: 0.5\n"
            case .classification:
                if let segmentation {
                    stages +=
                        "    # Grades these regions; without this line, all tissue.\n    within: \(segmentation)\n"
                }
                stages += "    tile: \(model.side.map(String.init) ?? #""?""#)\n"
            case .embedding: break  // of no file can it be told that it is for that
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
