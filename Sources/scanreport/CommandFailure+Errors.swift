import Analysis
import Batch
import Evaluation
import Exports
import FindingStore
import Findings
import Learning
import Viewer

extension CommandFailure {
    init(_ error: StoreError) {
        let status: ExitStatus =
            switch error.kind {
            case .missing: .missing
            case .unusable: .unusable
            case .cannotCreate: .cannotCreate
            case .inputOutput: .inputOutput
            case .busy: .busy
            case .refused: .defect
            }
        self.init(status, error.message)
    }

    init(_ error: BatchError) {
        switch error.kind {
        case .missingInput: self.init(.missing, error.message)
        case .unusableManifest: self.init(.unusable, error.message)
        case .invalidPattern: self.init(.wrongUsage, error.message)
        case .diskFull: self.init(.inputOutput, error.message)
        case .unconfined, .unusableStage: self.init(.cannotCreate, error.message)
        case .workersUnavailable: self.init(.defect, error.message)
        case .store(let error): self.init(error)
        }
    }

    init(_ error: PseudonymKeyError) {
        switch error.kind {
        case .missing: self.init(.missing, "\(error)")
        case .unreadable: self.init(.inputOutput, "\(error)")
        case .unfit: self.init(.unusable, "\(error)")
        }
    }

    init(_ error: ExportError) {
        let status: ExitStatus =
            switch error.kind {
            case .cannotCreate: .cannotCreate
            case .inputOutput: .inputOutput
            case .damagedFinding: .unusable
            case .nothing: .missing
            case .ambiguous: .wrongUsage
            }
        self.init(status, error.description)
    }

    init(_ error: LearningError) {
        let status: ExitStatus =
            switch error.kind {
            case .labels, .unsupported, .settings: .unusable
            case .usage: .wrongUsage
            case .output: .cannotCreate
            }
        self.init(status, error.description)
    }

    /// Whatever was thrown, with its own exit code where it has one.
    init(any error: any Error) {
        switch error {
        case let error as CommandFailure: self = error
        case let error as PipelineError: self.init(error)
        case let error as StoreError: self.init(error)
        case let error as PseudonymKeyError: self.init(error)
        case let error as BatchError: self.init(error)
        case let error as ExportError: self.init(error)
        case let error as ViewerError: self.init(error.kind == .missing ? .missing : .cannotCreate, error.description)
        case let error as LearningError: self.init(error)
        case let error as EvaluationError: self.init(.unusable, "\(error)")
        default: self.init(.defect, "\(error)")
        }
    }
}
