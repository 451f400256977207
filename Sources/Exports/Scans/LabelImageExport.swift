import FindingStore
import Findings
import Imaging
import Slides

/// The regions of each scan as a label image in a folder; outlined objects and artefacts, where there are any, as one of
/// their own. Where regions overlap, each label has an image (`LabelLayers`).
public struct LabelImageExport: Export {
    public static let name = "masks"

    private let folder: String
    private let naming: PictureNaming

    public init(folder: String, naming: PictureNaming = .hash) {
        self.folder = folder
        self.naming = naming
    }

    public func write(_ question: ExportQuestion) throws {
        try question.writeLabelImages(to: folder, naming, suffix: "tif", with: LabelImage.write)
    }
}

extension ExportQuestion {
    /// A file for each scan's regions, and for its objects and artefacts.
    ///
    /// - Parameters:
    ///   - suffix: of the files' names.
    ///   - writer: takes pixels, width, height, spacing and path.
    func writeLabelImages(
        to folder: String, _ naming: PictureNaming, suffix: String,
        with writer: ([RunLengths], Int, Int, Double?, String) throws(ImagingError) -> Void
    ) throws {
        try createFolder(folder)
        var names = PictureNames(naming)
        try forEachPicture { picture in
            let name = names.name(of: picture)
            try picture.forEachLabelImage { ending, marked in
                let path = "\(folder)/\(name)\(ending).\(suffix)"
                var file = try NewFile(at: path)
                do throws(ImagingError) {
                    try writer(
                        marked, picture.width, picture.height, picture.measuredMicrometresPerPixel, file.openPath)
                } catch {
                    throw ExportError(.cannotCreate, "\(path): \(error)")
                }
                try file.publish()
            }
        }
    }
}

extension PictureFindings {
    /// Calls `body` with what a label image's name ends with and what it holds: the regions, also where there are none; objects
    /// and artefacts only where there are some. Objects that overlap, as outlines do by some pixels, share an image: the later
    /// one lies above.
    func forEachLabelImage(_ body: (String, [RunLengths]) throws -> Void) rethrows {
        for kind in [Finding.Kind.region, .object, .artefact] {
            // A box says where an object is, not which pixels are its.
            let marked = outlined.filter { $0.row.finding.kind == kind && $0.row.finding.geometry != nil }
            let ending = kind == .region ? "" : ".\(kind.rawValue)s"
            if marked.isEmpty, kind != .region { continue }
            if kind == .object {
                try body(ending, marked.map(\.pixels))
            } else {
                for image in LabelLayers(marked.map { ($0.row.finding.label, $0.pixels) }).images {
                    try body(ending + image.name, image.regions)
                }
            }
        }
    }
}
