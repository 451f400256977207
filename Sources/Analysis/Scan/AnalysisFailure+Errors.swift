import Findings
import Imaging
import TIFF

extension AnalysisFailure {
    init(_ error: TIFFError, stage: Stage) {
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
        case .tiff(let error): self.init(error, stage: stage)
        case .png, .malformedRunLengths: self.init(stage: stage, code: .malformed, message: "\(error)")
        case .noImage: self.init(stage: stage, code: .unsupported, message: "\(error)")
        case .limitExceeded: self.init(stage: stage, code: .limit, message: "\(error)")
        case .invalidParameter, .outsideOfPicture: self.init(stage: stage, code: .defect, message: "\(error)")
        }
    }
}
