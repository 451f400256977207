import FindingStore
import Findings
import Imaging
import Listings
import Slides

/// What people agreed to in reviews, or called by another name, as ground truth in the form that `evaluate` reads: what
/// they rejected is gone. What the pipeline did not find is not in it.
///
/// In the folder are `manifest.csv` (`patient, scan, mask, class, outlines, boxes, labels`; scans by their absolute paths,
/// the rest relative to the folder; what is not known is empty), `masks/NAME.tif` of the regions, `outlines/NAME.geojson`
/// of regions and objects with their labels, which QuPath opens to be corrected, `objects.csv` of the objects' boxes, and
/// `labels/NAME.tif` of objects that have outlines.
public struct ReviewedLabelExport: Export {
    public static let name = "labels"

    private let folder: String
    private let naming: PictureNaming
    private let trustsUnreviewed: Bool
    private let tell: @Sendable (String) -> Void

    /// - Parameters:
    ///   - trustsUnreviewed: whether what nobody reviewed, of a kind of which something in the scan was, counts as agreed.
    ///   - tell: told in sentences what there is, and what was left out.
    public init(
        folder: String, naming: PictureNaming = .hash, trustsUnreviewed: Bool = false,
        tell: @escaping @Sendable (String) -> Void
    ) {
        self.folder = folder
        self.naming = naming
        self.trustsUnreviewed = trustsUnreviewed
        self.tell = tell
    }

    /// - Throws: `nothing` where no scan has labels.
    public func write(_ question: ExportQuestion) throws {
        guard let reviews = question.reviews, !reviews.isEmpty else {
            throw ExportError(.nothing, "nobody has reviewed what the database holds: `scanreport serve` takes reviews")
        }
        var names = PictureNames(naming)
        var files = LabelFiles(folder: folder)
        var inPart = 0
        var furtherImages = 0
        try question.forEachPicture { picture in
            let truth = try ReviewedTruth(picture, reviews, trustsUnreviewed: trustsUnreviewed)
            // A manifest's row is of the image that describes the scan.
            guard picture.image == 0 else {
                if truth.regions != nil || truth.objects != nil || truth.isInPart { furtherImages += 1 }
                return
            }
            if truth.isInPart { inPart += 1 }
            guard truth.regions != nil || truth.objects != nil || truth.grade != nil else { return }
            let place = try question.store.places(of: picture.sha256).first?.text ?? picture.path
            try files.add(truth, of: picture, at: place, named: names.name(of: picture))
        }
        let advice = "(--unreviewed agreed takes those that nobody reviewed for right)"
        guard files.scans > 0 else {
            throw ExportError(.nothing, "of no scan all regions, all objects or the grade were reviewed \(advice)")
        }
        try files.finish()
        tell(
            "labels of \(files.scans.counting("scan")): regions of \(files.withRegions), objects of \(files.withObjects), classes of "
                + "\(files.withClass); what the pipeline did not find is not among them")
        if inPart > 0 {
            tell("of \(inPart.counting("scan")) some findings have no review, and are no labels \(advice)")
        }
        if furtherImages > 0 {
            tell(
                "left out: reviews in \(furtherImages.counting("further image")) of scans, for a manifest names the first ones"
            )
        }
    }
}
