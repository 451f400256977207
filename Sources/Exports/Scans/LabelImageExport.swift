import FindingStore
import Findings
import Imaging
import Slides

/// The regions of each scan as a label image in a folder; outlined objects and artefacts, where there are any, as one of
/// their own.
public struct LabelImageExport: Export {
    public static let name = "masks"

    private let folder: String
    private let naming: PictureNaming

    public init(folder: String, naming: PictureNaming = .hash) {
        self.folder = folder
        self.naming = naming
    }

    public func write(_ question: ExportQuestion) throws {
        try createFolder(folder)
        var names = PictureNames(naming)
        try question.forEachPicture { picture in
            let name = names.name(of: picture)
            try picture.forEachLabelledKind { kind, marked in
                let suffix = kind == .region ? "" : ".\(kind.rawValue)s"
                try write(marked, of: picture, to: "\(folder)/\(name)\(suffix).tif")
            }
        }
    }

    private func write(_ regions: [RunLengths], of picture: PictureFindings, to path: String) throws {
        var file = try NewFile(at: path)
        do throws(ImagingError) {
            try LabelImage.write(
                regions, width: picture.width, height: picture.height,
                micrometresPerPixel: picture.measuredMicrometresPerPixel, to: file.openPath)
        } catch {
            throw ExportError(.cannotCreate, "\(path): \(error)")
        }
        try file.publish()
    }
}

extension PictureFindings {
    /// Calls `body` with what is to be one label image: the regions, also where there are none; objects and artefacts only
    /// where there are some.
    func forEachLabelledKind(_ body: (Finding.Kind, [RunLengths]) throws -> Void) rethrows {
        for kind in [Finding.Kind.region, .object, .artefact] {
            // A box says where an object is, not which pixels are its.
            let marked = outlined.filter { $0.row.finding.kind == kind && $0.row.finding.geometry != nil }.map(\.pixels)
            if !marked.isEmpty || kind == .region { try body(kind, marked) }
        }
    }
}
