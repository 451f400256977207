import Findings
import Imaging
import Slides

extension AnalysisFailure {
    package init(_ error: SlideError, stage: Stage) {
        let code: Code =
            switch error.kind {
            case .malformed: .malformed
            case .unsupported: .unsupported
            case .misuse: .defect
            case .inputOutput: .inputOutput
            case .limit: .limit
            }
        self.init(stage: stage, code: code, message: "\(error)")
    }

    init(_ error: ImagingError, stage: Stage) {
        switch error {
        case .slide(let error): self.init(error, stage: stage)
        case .png, .malformedRunLengths: self.init(stage: stage, code: .malformed, message: "\(error)")
        case .limitExceeded: self.init(stage: stage, code: .limit, message: "\(error)")
        case .invalidParameter: self.init(stage: stage, code: .defect, message: "\(error)")
        }
    }
}
