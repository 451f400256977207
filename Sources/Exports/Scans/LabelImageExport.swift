import FindingStore
import Findings
import Imaging
import Listings
import Slides

/// The regions of each scan as a label image in a folder; outlined objects and artefacts, where there are any, as one of
/// their own. Where regions overlap, each label has an image (`LabelLayers`).
public struct LabelImageExport: Export {
    public static let name = "masks"

    private let folder: String
    private let naming: PictureNaming
    private let tell: @Sendable (String) -> Void

    /// - Parameter tell: told in a sentence what has no pixels, and so is in none of the images.
    public init(
        folder: String, naming: PictureNaming = .hash, tell: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.folder = folder
        self.naming = naming
        self.tell = tell
    }

    public func write(_ question: ExportQuestion) throws {
        try question.writeLabelImages(to: folder, naming, suffix: "tif", tell: tell, with: LabelImage.write)
    }
}

extension ExportQuestion {
    /// A file for each scan's regions, and for its objects and artefacts.
    ///
    /// - Parameters:
    ///   - suffix: of the files' names.
    ///   - tell: told of objects without pixels.
    ///   - writer: takes pixels, width, height, spacing and path.
    func writeLabelImages(
        to folder: String, _ naming: PictureNaming, suffix: String, tell: (String) -> Void,
        with writer: ([RunLengths], Int, Int, Double?, String) throws(ImagingError) -> Void
    ) throws {
        try createFolder(folder)
        var names = PictureNames(naming)
        var boxes = 0
        try forEachPicture { picture in
            let name = names.name(of: picture)
            boxes += picture.outlined.count {
                $0.row.finding.kind == .object && $0.row.finding.geometry == nil
            }
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
        if boxes > 0 {
            tell(
                "\(boxes.counting("object")) of boxes alone, without an outline: in none of the images (geojson, dsa and csv have them)"
            )
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
